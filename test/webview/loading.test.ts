/** A panel while a session begins: it says so, and shows neither another session nor how to begin. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { panels } from '../../src/view/panels.ts';
import { openSample } from './live-panel.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import { makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

function rest(page: Page): Promise<void> {
  return page.evaluate(() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => done()));
  }));
}

const story = { story: 'distributed-locks/etcd-pause', step: 100, size: {} };

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

it.each(panels.filter(({ name }) => name !== 'history').map(({ name }) => name))(
  '%s brings back the last picture if a session ends before its first stop',
  async (name) => {
    const panel = await openSample(browser, name, story);
    const empty = panel.page.locator('.empty');
    /** What the panel says, and the parts of its picture. */
    const seen = () => panel.page.locator(`lockstep-${name}`).evaluate((one) => {
      const parts = [...one.shadowRoot!.querySelectorAll<SVGElement>('svg *, canvas, [role]')];
      const shown = parts.filter((part) => part.getBoundingClientRect().width > 0).length;
      return { text: one.shadowRoot!.textContent.replace(/\s+/g, ' '), shown };
    });
    const counts = { violated: 0, holds: 1, unknown: 0 };
    const verdicts = [{ type: 'holds' as const, subject: 'one leader', sentence: '' }];
    await panel.send({ type: 'ended', scenario: 's', ending: { stoppedEarly: false, verdicts, counts } });
    let whole = await seen();
    await expect.poll(async () => {
      const last = whole;
      await rest(panel.page);
      whole = await seen();
      return whole.shown > 0 && JSON.stringify(whole) === JSON.stringify(last);
    }).toBe(true);
    // Its scenario does not parse, twice; the second time nothing is drawn in between.
    await panel.send({ type: 'loading', isOver: false });
    await expect.poll(() => empty.count()).toBe(1);
    await panel.send({ type: 'loading', isOver: true });
    await expect.poll(seen).toEqual(whole);
    await panel.send({ type: 'loading', isOver: false }, { type: 'loading', isOver: true });
    await rest(panel.page);
    await expect.poll(seen).toEqual(whole);
  },
);

it('keeps the last picture for a page that is hidden meanwhile, until a session stops', async () => {
  const panel = await openPanel(browser, 'cluster');
  const picture = panel.page.locator('[data-picture]');
  await panel.show(makeView({ nodes: 3 }));
  await panel.send({ type: 'loading', isOver: false });
  await expect.poll(() => picture.count()).toBe(0);
  await panel.page.reload();
  await panel.send({ type: 'opened', hasSession: false });
  await expect.poll(() => picture.count()).toBe(1);
  // It was replaced, and had not ended by itself.
  await panel.page.getByTitle('Ended: stopped early').waitFor({ timeout: 8_000 });
  await panel.send({ type: 'loading', isOver: false });
  await panel.show(makeView({ nodes: 5 }));
  await expect.poll(() => panel.page.locator('[data-node="n5"]').count()).toBe(1);
});
