/** A panel while a session begins: it says so, and shows neither another session nor how to begin. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium, openPanel } from './panel-page.ts';
import { makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const loading = 'The session is loading. The panel is drawn when it first stops.';

it.each(['cluster', 'sequence'] as const)('%s says that a session is loading', async (name) => {
  const panel = await openPanel(browser, name);
  const text = () => panel.page.locator('.empty').innerText();
  await panel.send({ type: 'opened', hasSession: false });
  await expect.poll(text).toContain('F5');
  await panel.send({ type: 'loading', isOver: false });
  await expect.poll(text).toBe(loading);
  await panel.send({ type: 'loading', isOver: true });
  await expect.poll(text).toContain('F5');
  await panel.show(makeView({ nodes: 3 }));
  await expect.poll(() => panel.page.locator('.empty').count()).toBe(0);
  // The picture of the last session must not be taken for one of the next.
  await panel.send({ type: 'loading', isOver: false });
  await expect.poll(text).toBe(loading);
  expect(await panel.page.locator('[data-picture]').count()).toBe(0);
});

it('a pinned panel keeps its moment, and says that another session is loading', async () => {
  const panel = await openPanel(browser, 'cluster');
  await panel.show(makeView({ nodes: 3 }));
  await panel.send({ type: 'pin or follow' }, { type: 'loading', isOver: false });
  await panel.page.getByText('the session is loading').waitFor();
  expect(await panel.page.locator('[data-picture]').count()).toBe(1);
});

it('a page that has just opened says nothing before it knows whether there is a session', async () => {
  const panel = await openPanel(browser, 'cluster');
  const empty = panel.page.locator('.empty');
  expect(await empty.count()).toBe(0);
  await panel.send({ type: 'opened', hasSession: true });
  expect(await empty.innerText()).toBe(loading);
  // What it has shown stays until there is something else.
  await panel.show(makeView({ nodes: 3 }));
  await panel.send({ type: 'opened', hasSession: true });
  await expect.poll(() => panel.page.locator('[data-picture]').count()).toBe(1);
});
