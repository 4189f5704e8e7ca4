/** A panel while a session begins: it says so, and not how to begin one. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium, openPanel } from './panel-page.ts';
import { makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

it.each(['cluster', 'sequence'] as const)('%s says that a session is loading', async (name) => {
  const panel = await openPanel(browser, name);
  const text = () => panel.page.locator('.empty').innerText();
  await expect.poll(text).toContain('F5');
  await panel.send({ type: 'loading', isOver: false });
  await expect.poll(text).toBe('The session is loading. The panel is drawn when it first stops.');
  await panel.send({ type: 'loading', isOver: true });
  await expect.poll(text).toContain('F5');
  await panel.show(makeView({ nodes: 3 }));
  await expect.poll(() => panel.page.locator('.empty').count()).toBe(0);
  // What the last session left is shown until the next one stops.
  await panel.send({ type: 'loading', isOver: false });
  await panel.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(undefined))));
  expect(await panel.page.locator('.empty').count()).toBe(0);
});
