/** The axis of the Space-Time panel: by step where the times of a run coincide, or as chosen. */

import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findHere } from '../../../src/cli/find/here.ts';
import { Host } from '../../dap/inline-host.ts';
import { launched, openLive } from '../live-panel.ts';
import { launchChromium, type PanelPage } from '../panel-page.ts';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const election = path.join(samples, 'raft/first-election.scenario.yaml');
const quorum = path.join(samples, 'find-the-bug/quorum.scenario.yaml');

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** By run, where its steps are across the plot in pixels, and how wide the plot is. */
function drawn({ page }: Pick<PanelPage, 'page'>) {
  return page.evaluate(() => {
    interface Run { count: number; isWhole: boolean }
    interface Found {
      lanes: Run[];
      axis: { ofStep(lane: Run, step: number): number; placeOf(instant: number): number };
      viewport: { xOf(place: number): number; width: number };
    }
    const { stage } = document.querySelector('lockstep-spacetime') as unknown as { stage: Found };
    const { lanes, axis, viewport } = stage;
    const runs = lanes.map((lane) => Array.from({ length: lane.count }, (_, step) => {
      return viewport.xOf(axis.placeOf(axis.ofStep(lane, step)));
    }));
    return { runs, width: viewport.width, whole: lanes.every(({ isWhole }) => isWhole) };
  });
}

/** The least distance of two steps that follow each other. */
function closest(xs: readonly number[]): number {
  return Math.min(...xs.slice(1).map((x, index) => x - xs[index]!));
}

/** A run that a search without time has found, as a branch of the session. */
async function openedFinding(size: { width: number; height: number }) {
  const host = new Host({ find: findHere });
  await host.launch({ panels: true, program: quorum, stopOnEntry: true });
  await host.ask('lockstep/panel', { type: 'run to', step: 6 });
  await host.ask('lockstep/panel', { type: 'goto', step: 0 });
  await host.ask('lockstep/find', { mode: 'bfs', time: 'untimed' });
  const live = await openLive(browser, host, 'spacetime', size);
  await live.after(() => host.ask('lockstep/openFinding', { finding: 1 }));
  await expect.poll(async () => {
    const { runs, whole } = await drawn(live);
    return whole ? runs[0]!.length : 0;
  }).toBeGreaterThan(7);
  return { host, live };
}

/** In a narrow panel, the controls are folded. */
const unfold = ({ page }: Pick<PanelPage, 'page'>) =>
  page.getByRole('button', { name: 'Options' }).click();

const choice = ({ page }: Pick<PanelPage, 'page'>) => page.getByLabel('Axis', { exact: true });

describe('a run that was found without time', () => {
  test('has a place for each step, and its text says so', async () => {
    const { live } = await openedFinding({ width: 460, height: 380 });
    expect(await choice(live).inputValue()).toBe('step');
    const { runs, width } = await drawn(live);
    expect(closest(runs[0]!)).toBeGreaterThan(20);
    expect(runs[0]!.at(-1)).toBeLessThan(width);
    const text = await live.page.locator('.stage').getAttribute('aria-label');
    expect(text).toMatch(/nodes in the order of \d+ steps/);
    expect(await live.page.getByLabel('Cut long gaps').count()).toBe(0);
    await live.page.context().close();
  });

  test('has it above and below in a comparison', async () => {
    const { live } = await openedFinding({ width: 640, height: 480 });
    await unfold(live);
    await live.after(() => live.page.getByLabel('Compare with').selectOption('0'));
    await expect.poll(async () => {
      const { runs, whole } = await drawn(live);
      return whole ? runs.length : 0;
    }).toBe(2);
    const { runs } = await drawn(live);
    expect(await choice(live).inputValue()).toBe('step');
    for (const xs of runs) expect(closest(xs)).toBeGreaterThan(20);
    expect(runs[0]!.slice(0, 7)).toEqual(runs[1]!.slice(0, 7));
    await live.page.context().close();
  });

  test('is drawn by time if the user chooses it, as long as the session lasts', async () => {
    const { host, live } = await openedFinding({ width: 640, height: 380 });
    await unfold(live);
    await choice(live).selectOption('time');
    const { runs } = await drawn(live);
    expect(closest(runs[0]!)).toBe(0);
    await live.after(() => host.ask('lockstep/panel', { type: 'goto', step: 3 }));
    expect(await choice(live).inputValue()).toBe('time');
    await live.page.context().close();
  });
});

describe('a run with time', () => {
  test('has an axis of time; by step, the same steps stay in view, and pointing finds them', async () => {
    const host = await launched(election, { stopOnEntry: true });
    const live = await openLive(browser, host, 'spacetime', { width: 1280, height: 800 });
    await live.goTo(40);
    await expect.poll(async () => (await drawn(live)).whole).toBe(true);
    const { page } = live;
    expect(await choice(live).inputValue()).toBe('time');
    expect(await page.locator('.stage').getAttribute('aria-label')).toContain('nodes over');
    const { stepsOf, before } = await page.evaluate(() => {
      interface Found {
        lanes: { stepsOf: number[][] }[];
        zoom(factor: number): void;
        inView: { first: number; last: number };
      }
      const { stage } = document.querySelector('lockstep-spacetime') as unknown as { stage: Found };
      stage.zoom(0.5);
      return { stepsOf: stage.lanes[0]!.stepsOf, before: stage.inView };
    });
    await choice(live).selectOption('step');
    const after = await page.evaluate(() => {
      const { stage } = document.querySelector('lockstep-spacetime') as unknown as {
        stage: { inView: { first: number; last: number } };
      };
      return stage.inView;
    });
    expect(Math.abs(after.first - before.first)).toBeLessThanOrEqual(1);
    expect(Math.abs(after.last - before.last)).toBeLessThanOrEqual(3);
    const { runs } = await drawn(live);
    const step = stepsOf[1]!.find((one) => one > after.first)!;
    const at = await page.evaluate((x) => {
      const { stage } = document.querySelector('lockstep-spacetime') as unknown as {
        stage: { layout: { gutter: number; lanes: { rows: { y: number }; rowHeight: number }[] } };
      };
      const { gutter, lanes: [lane] } = stage.layout;
      const box = document.querySelector('lockstep-spacetime')!.shadowRoot!
        .querySelector('.stage')!.getBoundingClientRect();
      return { x: box.x + gutter + x, y: box.y + lane!.rows.y + 1.5 * lane!.rowHeight };
    }, runs[0]![step]!);
    await page.mouse.move(at.x, at.y);
    await expect.poll(() => page.locator('.tip').textContent()).toContain(`step ${step},`);
    expect(live.complaints).toEqual([]);
    await page.context().close();
  });
});
