/** Playing in Chromium with a real adapter: it moves, stops where the debugger stops, and on Space. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ViewEvent } from '../../src/view/contract.ts';
import { panelNames } from '../../src/view/panels.ts';
import { scenarios } from '../dap/client.ts';
import { launched, openLive } from './live-panel.ts';
import { launchChromium } from './panel-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function opened(args: object = {}, isStill = false) {
  const host = await launched(`${scenarios}/write.scenario.yaml`, { stopOnEntry: true, ...args });
  const panel = await openLive(browser, host, 'cluster', { width: 700, height: 600 });
  const { page } = panel;
  if (isStill) await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.locator('[data-node]').first().waitFor();
  const play = page.getByRole('button', { name: /^Play/ });
  const pause = page.getByRole('button', { name: 'Pause playing' });
  const choose = (speed: string) => page.getByRole('combobox', { name: 'Speed' }).selectOption(speed);
  const steps = async () => (await panel.posted()).filter(({ type }) => type === 'step').length;
  return { ...panel, host, play, pause, choose, steps };
}

it('plays until a breakpoint, one step after the other, and messages move meanwhile', async () => {
  const { page, play, pause, choose, steps, host, complaints } = await opened({ breakOn: ['LeaderElected'] });
  await choose('25');
  await page.evaluate(() => {
    const root = document.querySelector('lockstep-cluster')!.shadowRoot!;
    const moved = new Set<string>();
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const mark = target as SVGElement;
        if (mark.style.transform !== '') moved.add(mark.dataset.message ?? '');
      }
    }).observe(root, { subtree: true, attributes: true, attributeFilter: ['style'] });
    Object.assign(window, { moved });
  });
  await play.click();
  await pause.waitFor();
  await page.getByText('LeaderElected').first().waitFor();
  await play.waitFor();
  const moments = host.messages.flatMap((message) => {
    const { event, body } = message as unknown as { event?: string; body: ViewEvent };
    const isOfPanel = event === 'lockstep/view' && body.type === 'stopped' && body.views.cluster;
    return isOfPanel ? [body.moment.stop.type] : [];
  });
  expect(moments.at(-1)).toBe('event');
  expect(moments.slice(1, -1).every((type) => type === 'step')).toBe(true);
  // Each step was asked for once, and none after the breakpoint.
  expect(await steps()).toBe(moments.length - 1);
  const moved = await page.evaluate(() => [...(window as unknown as { moved: Set<string> }).moved]);
  expect(moved.some((name) => /^n\d->n\d#\d+$/.test(name))).toBe(true);
  expect(complaints).toEqual([]);
});

it('stops on Space and on whatever else moves the debugger, and shows where that is', async () => {
  const { page, play, pause, choose, steps, after, host } = await opened({}, true);
  await choose('10');
  await page.locator('.stage').focus();
  await page.keyboard.press(' ');
  await pause.waitFor();
  await page.keyboard.press(' ');
  await play.waitFor();
  const asked = await steps();
  await choose('0.1');
  await page.locator('.stage').focus();
  await page.keyboard.press(' ');
  await expect.poll(steps).toBe(asked + 1);
  // The button of the debugger, while the picture is still on its way.
  const { stop } = await after(() => host.ask('stepBack', { threadId: 1 }));
  await play.waitFor();
  expect(await steps()).toBe(asked + 1);
  const shown = await page.evaluate(() => {
    const panel = document.querySelector('lockstep-cluster') as unknown as {
      state: { shown: { moment: { step: number } } };
    };
    return panel.state.shown.moment.step;
  });
  expect(shown).toBe(stop.moment.step);
});

it('keeps the chosen speed when the page is loaded again, and says while it shortens a gap', async () => {
  const { page, play, pause, choose } = await opened({}, true);
  await choose('5');
  await play.click();
  await page.locator('lockstep-play .gap', { hasText: /^… \d+(\.\d+)? ms …$/ }).waitFor();
  await pause.click();
  await page.reload();
  const speed = page.getByRole('combobox', { name: 'Speed' });
  await speed.waitFor();
  expect(await speed.inputValue()).toBe('5');
});

it.each(panelNames.filter((name) => name !== 'cluster'))(
  'plays in %s, too: by the command and by Space, never ahead of the debugger', async (name) => {
    const host = await launched(`${scenarios}/write.scenario.yaml`, { breakOn: ['LeaderElected'], stopOnEntry: true });
    const panel = await openLive(browser, host, name, { width: 700, height: 500 });
    const { page } = panel;
    const reported = async () =>
      (await panel.posted()).flatMap((one) => (one.type === 'playing' ? [one.isPlaying] : []));
    const steps = async () => (await panel.posted()).filter(({ type }) => type === 'step').length;
    const stops = () => host.messages.filter((message) => (message as { event?: string }).event === 'stopped').length;
    await panel.send({ type: 'play or pause', speed: 0.1 });
    await expect.poll(reported).toEqual([true]);
    await panel.send({ type: 'play or pause' });
    await expect.poll(reported).toEqual([true, false]);
    await panel.send({ type: 'speed', speed: 100 });
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press(' ');
    await expect.poll(reported).toEqual([true, false, true]);
    await page.waitForFunction((tag) => {
      const shown = document.querySelector(tag) as unknown as {
        state: { shown?: { moment: { stop: { type: string } } } };
      };
      return shown.state.shown?.moment.stop.type === 'event';
    }, `lockstep-${name}`);
    await expect.poll(reported).toEqual([true, false, true, false]);
    // The first stop is the start: each other one was asked for.
    expect(await steps()).toBe(stops() - 1);
    expect(panel.complaints).toEqual([]);
  },
);
