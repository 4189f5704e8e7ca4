/** Acting on the picture, in Chromium with a real adapter: menus, their keys, values, and the story. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Host } from '../dap/inline-host.ts';
import { scenarios } from '../dap/client.ts';
import { launched, type LivePanel, openLive } from './live-panel.ts';
import { launchChromium } from './panel-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function opened(height = 800): Promise<LivePanel<'cluster'> & { host: Host }> {
  const host = await launched(`${scenarios}/write.scenario.yaml`, { stopOnEntry: true });
  const panel = await openLive(browser, host, 'cluster', { width: 700, height });
  await panel.page.locator('[data-node]').first().waitFor();
  return { ...panel, host };
}

function consoleOf(host: Host): string {
  return host.messages
    .map((message) => message as DebugProtocol.OutputEvent)
    .flatMap(({ event, body }) => (event === 'output' ? [body.output] : []))
    .join('');
}

const menuOf = ({ page }: LivePanel<'cluster'>) => page.getByRole('menu');

describe('a menu of the picture', () => {
  it('opens by click, by the context menu and by keys, shows commands, and does what they say', async () => {
    const panel = await opened();
    const { page, host } = panel;
    const menu = menuOf(panel);
    await page.locator('[data-node=n2] .body').click();
    expect(await menu.getAttribute('aria-label')).toBe('Node n2');
    const crash = menu.getByRole('menuitem', { name: 'Crash n2' });
    expect(await crash.innerText()).toMatch(/Crash n2\s+crash n2/);
    const { view } = await panel.after(() => crash.click());
    expect(view.nodes.find(({ id }) => id === 'n2')?.status).toBe('crashed');
    expect(consoleOf(host)).toContain('> crash n2\ncrash n2: done\n');
    expect(await menu.count()).toBe(0);

    await page.locator('[data-node=n2] .body').click({ button: 'right' });
    const restart = menu.getByRole('menuitem', { name: 'Restart n2' });
    await panel.after(() => restart.click());
    for (const key of ['Enter', 'Shift+F10', ' ']) {
      await page.locator('[data-node=n1]').focus();
      await page.keyboard.press(key);
      await menu.waitFor();
      await page.keyboard.press('Escape');
      expect(await menu.count()).toBe(0);
      const focused = () => document.querySelector('lockstep-cluster')!.shadowRoot!.activeElement;
      expect(await page.evaluate(`(${focused.toString()})().dataset.node`)).toBe('n1');
    }
    expect(panel.complaints).toEqual([]);
  });

  it('disables what is not possible, with the reason, and goes to what is typed', async () => {
    const panel = await opened();
    const { page } = panel;
    const menu = menuOf(panel);
    await page.locator('[data-node=n1]').focus();
    await page.keyboard.press('Enter');
    const focused = () => menu.locator(':focus').getAttribute('aria-label');
    expect(await focused()).toBe('Crash n1');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('Restart n1: n1 is running');
    expect(await menu.locator(':focus').getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Enter');
    expect(await menu.count()).toBe(1);
    await page.keyboard.press('End');
    expect(await focused()).toMatch(/disk/);
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('Crash n1');
    await page.keyboard.type('fir');
    expect(await focused()).toBe('Fire timer election of n1 now');
    const { stop } = await panel.after(() => page.keyboard.press('Enter'));
    expect(stop.moment.action.command).toBe('fire n1 election');
  });

  it('asks for a value, and shows the error of the command language beside it', async () => {
    const panel = await opened();
    const { page, host } = panel;
    await page.locator('[data-node=n1] .body').click();
    await menuOf(panel).getByRole('menuitem', { name: 'Let the clock of n1 jump…' }).click();
    const form = page.getByRole('dialog');
    const input = form.getByRole('textbox', { name: 'Jump by' });
    expect(await input.inputValue()).toBe('+1s');
    await input.fill('<b>soon</b>');
    await page.keyboard.press('Enter');
    await form.locator('.fault', { hasText: '`<b>soon</b>` is not a duration' }).waitFor();
    expect(await form.locator('.fault b').count()).toBe(0);
    await input.fill('-20ms');
    const { view } = await panel.after(() => page.keyboard.press('Enter'));
    expect(view.nodes[0]!.clock.offset).toBe(-20_000);
    expect(consoleOf(host)).toContain('> clock n1 jump -20ms\n');
    expect(await form.count()).toBe(0);
  });

  it('of a message and of a link deliver, drop and cut; it closes when the debugger moves', async () => {
    const panel = await opened();
    const { page, host } = panel;
    const menu = menuOf(panel);
    const { view } = await panel.after(() =>
      host.ask('lockstep/panel', { type: 'do', command: 'fire n1 election' }));
    const [{ id }] = view.messages;
    await page.locator(`[data-message="${id}"]`).focus();
    await page.keyboard.press('Enter');
    await menu.waitFor();
    expect(await menu.getAttribute('aria-label')).toMatch(/^RequestVote from n1 to n\d \(n1->/);
    await panel.after(() => menu.getByRole('menuitem', { name: `Drop ${id}` }).click());
    expect(await page.locator(`[data-message="${id}"]`).count()).toBe(0);
    await page.locator('[data-link="n1 n2"]').focus();
    await page.keyboard.press('Enter');
    const both = menu.getByRole('menuitem', { name: 'Cut n1 ↔ n2' });
    const after = await panel.after(() => both.click());
    expect(after.view.cuts).toHaveLength(2);
    await page.locator('[data-node=n3]').focus();
    await page.keyboard.press('Enter');
    await menu.waitFor();
    await panel.after(() => host.ask('next', { threadId: 1 }));
    expect(await menu.count()).toBe(0);
  });
});

describe('the scenario below the picture', () => {
  it('tells its steps, goes to one by keyboard, and keeps its height', async () => {
    const panel = await opened(900);
    const { page } = panel;
    const story = page.getByRole('region', { name: 'Scenario' });
    await story.waitFor();
    expect(await story.getByRole('note').innerText()).toContain('Three servers elect a leader');
    expect(await story.locator('li').first().innerText()).toContain('wait until LeaderElected');
    expect(await story.locator('li').first().getAttribute('aria-current')).toBe('step');
    const heightOf = () => page.locator('svg[data-picture]').getAttribute('height');
    const height = await heightOf();
    await story.getByRole('button', { name: 'app put x 1' }).focus();
    await panel.after(() => page.keyboard.press('Enter'));
    expect(await story.locator('li.current').innerText()).toContain('app put x 1');
    expect(await story.locator('li.done').innerText()).toContain('wait until LeaderElected');
    expect(await story.locator('li.next').first().innerText()).toContain(
      'a comment and a blank line stand between the commands',
    );
    expect(await heightOf()).toBe(height);
  });

  it('is one line in a low panel until the user unfolds it, and stays as it was chosen', async () => {
    const panel = await opened(420);
    const { page } = panel;
    const fold = page.locator('.run .fold');
    expect(await fold.getAttribute('aria-expanded')).toBe('false');
    expect(await fold.innerText()).toContain('Step 1 of 4: wait until LeaderElected');
    await fold.click();
    expect(await page.getByRole('region', { name: 'Scenario' }).count()).toBe(1);
    await page.reload();
    await page.locator('.run .fold[aria-expanded=true]').waitFor();
  });
});
