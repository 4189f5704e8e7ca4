/** What unfolds in a panel of 460 × 200 is within it, and is scrolled where it is longer. */

import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PanelName } from '../../src/view/panels.ts';
import { launched, openLive } from './live-panel.ts';
import { launchChromium } from './panel-page.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const election = ['raft/first-election', 7] as const;
const lock = ['distributed-locks/fenced-lock', 40] as const;
const size = { width: 460, height: 200 };

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function opened(panel: PanelName, [name, step]: readonly [string, number]) {
  const host = await launched(path.join(samples, `${name}.scenario.yaml`), { stopOnEntry: true });
  const live = await openLive(browser, host, panel, size);
  await live.goTo(step);
  return live;
}

it.each([
  ['roles', election, 'Legend', 'details[open]'], ['spacetime', election, 'Legend', 'details[open]'],
  ['logs', election, 'Legend', 'details[open]'], ['locks', lock, 'Legend', 'details[open]'],
  ['locks', lock, 'As a table', 'details[open]'], ['sequence', election, 'Legend', '#legend'],
  ['sequence', election, 'Filter', '#filters'], ['cluster', election, 'Legend', '.drawer'],
  ['cluster', election, 'Nodes (5)', '.drawer'], ['cluster', election, 'All about', '.all'],
] as const)('%s: %j, %s', async (panel, story, name, selector) => {
  const { page } = await opened(panel, story);
  const button = page.getByRole('button', { name }).or(page.locator('summary', { hasText: name }));
  await button.first().click();
  const box = (await page.locator(selector).first().boundingBox())!;
  expect(box.height).toBeGreaterThan(50);
  expect(box.y).toBeGreaterThanOrEqual(0);
  expect(box.y + box.height).toBeLessThanOrEqual(size.height + 1);
  expect(box.x + box.width).toBeLessThanOrEqual(size.width + 1);
  await page.context().close();
});

it.each(['[data-node=n3] .body', '.mark .shape'])('the menu of %s', async (thing) => {
  const { page } = await opened('cluster', election);
  await page.locator(thing).first().click({ button: 'right', force: true });
  const menu = page.getByRole('menu');
  const box = (await menu.boundingBox())!;
  expect(box.y).toBeGreaterThanOrEqual(0);
  expect(box.y + box.height).toBeLessThanOrEqual(size.height);
  await page.keyboard.press('End');
  const last = (await menu.getByRole('menuitem').last().boundingBox())!;
  expect(last.y + last.height).toBeLessThanOrEqual(size.height);
  await page.context().close();
});
