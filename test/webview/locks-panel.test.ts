/** The panel Locks and Leases in Chromium: shapes, words, keys, and what it withstands. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocksView, LockView, SpanView } from '../../src/view/locks/locks-view.ts';
import { openSample } from './live-panel.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';
import { makeView } from './views.ts';
import type { Made } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const second = 1_000_000;

function span(holder: string, from: number, to: number | null, step: number): SpanView {
  const end = { own: from + 10 * second, at: from + 10 * second };
  return {
    holder, token: step, from, fromStep: step, to, toStep: to === null ? null : step + 5,
    renewals: [], end,
  };
}

function lockOf(name: string): LockView {
  return {
    name,
    authority: {
      nodes: ['redis'], spans: [span('A', 0, 10 * second, 4), span('B', 12 * second, null, 9)],
    },
    believers: [
      {
        node: 'A', spans: [span('A', 20_000, null, 5)],
        outages: [{ type: 'paused', from: second, step: 6, to: 15 * second }],
      },
      { node: 'B', spans: [span('B', 12_010_000, null, 10)], outages: [] },
    ],
    conflicts: [
      { type: 'lost', nodes: ['A'], from: 10 * second, step: 8, to: null },
      { type: 'two', nodes: ['A', 'B'], from: 12_010_000, step: 10, to: null },
    ],
  };
}

function withLocks(name = 'order42', now = 16 * second): Made {
  const made = makeView({ nodes: 3 });
  const view: LocksView = {
    now, known: 16 * second, since: 0, locks: [lockOf(name)], left: 0,
    stores: [{
      node: 'db',
      writes: [
        { at: 13 * second, step: 12, accepted: true, from: 'B', what: 'x=1', token: 9 },
        {
          at: 15_010_000, step: 14, accepted: false, from: 'A', what: '', token: 4,
          reason: 'token 4 is older than 9',
        },
      ],
    }],
  };
  return { ...made, views: { ...made.views, locks: view } };
}

const picture = ({ page }: PanelPage<'locks'>) => page.locator('svg[data-picture="Locks and Leases"]');

describe('the panel Locks and Leases', () => {
  it('marks the end of a lease only if it was held until then', async () => {
    const panel = await openPanel(browser, 'locks', { width: 900, height: 400 });
    const shown = async (to: number) => {
      const made = withLocks(`until ${to}`);
      const [lock] = made.views.locks.locks;
      const authority = { ...lock!.authority!, spans: [span('A', 0, to, 4)] };
      const locks = [{ ...lock!, authority, believers: [], conflicts: [] }];
      await panel.show({ ...made, views: { ...made.views, locks: { ...made.views.locks, locks } } });
      await panel.page.locator(`[data-lock="until ${to}"]`).waitFor();
      return picture(panel).locator('.end').count();
    };
    expect(await shown(10 * second)).toBe(1);
    expect(await shown(5 * second)).toBe(0);
  });

  it('says what will appear, and that nothing is held', async () => {
    const panel = await openPanel(browser, 'locks');
    await panel.send({ type: 'opened', hasSession: false });
    await panel.page.getByText('Each lock, lease and leadership appears here').waitFor();
    await panel.show(makeView({ nodes: 3 }));
    await panel.page.getByText('Nothing is held yet').waitFor();
    expect(panel.complaints).toEqual([]);
  });

  it('draws holding and believing in different shapes, and says what overlaps', async () => {
    const panel = await openPanel(browser, 'locks', { width: 640, height: 380 });
    await panel.show(withLocks());
    await picture(panel).waitFor();
    const rounding = (kind: string) => panel.page.locator(`.${kind} > rect`).evaluateAll(
      (all) => all.map((one) => one.getAttribute('rx')),
    );
    expect(await rounding('item.held')).toEqual(['0', '0']);
    expect(await rounding('item.believed')).toEqual(['9', '9']);
    await panel.page.locator('.note text', { hasText: 'A and B both believe they hold order42 for 3.99 s so far' }).waitFor();
    expect(await panel.page.locator('[data-outage=paused]').count()).toBe(1);
    expect(await panel.page.locator('.item.write').count()).toBe(2);
    await panel.page.getByText('A · 4 refused: token 4 is older than 9', { exact: true }).waitFor();
    expect(await picture(panel).getAttribute('aria-label')).toContain('order42 is held by B');
    // All of the story is in view.
    const [scroll, drawn] = await Promise.all([
      panel.page.locator('.scroll').boundingBox(), picture(panel).boundingBox(),
    ]);
    expect(drawn!.height).toBeLessThanOrEqual(scroll!.height);
    expect(drawn!.width).toBeLessThanOrEqual(scroll!.width);
    expect(panel.complaints).toEqual([]);
  });

  it('names the gaps in which nothing happens', async () => {
    const panel = await openPanel(browser, 'locks', { width: 640, height: 380 });
    const made = withLocks();
    const [lock] = made.views.locks.locks;
    lock!.authority!.spans.push(...[1, 2, 3, 4].map((i) => span('C', 15 * second + i * 2_000, null, 20 + i)));
    await panel.show(made);
    await picture(panel).waitFor();
    const gaps = await panel.page.locator('.gap text').allTextContents();
    expect(gaps.length).toBeGreaterThan(0);
    for (const gap of gaps) expect(gap).toMatch(/^… [\d.]+ (s|ms) …$/);
  });

  it('keeps times of the axis clear of the names of gaps', async () => {
    const size = { width: 461, height: 334 };
    const { page } = await openSample(browser, 'locks', {
      story: 'kubernetes/paused-leader.broken', step: 73, size,
    });
    const boxes = await page.locator('.axis text').evaluateAll((all) =>
      all.map((one) => ({ says: one.textContent, box: one.getBoundingClientRect() }))
        .toSorted((one, other) => one.box.left - other.box.left));
    expect(boxes.map(({ says }) => says)).toContain('… 14.006 s …');
    const near = boxes.slice(1)
      .filter(({ box }, index) => box.left - boxes[index]!.box.right < 4)
      .map(({ says }) => says);
    expect(near).toEqual([]);
  });

  it('goes to a moment by click and by keys, and explains what has the focus', async () => {
    const panel = await openPanel(browser, 'locks', { width: 1000 });
    await panel.show(withLocks());
    await panel.page.locator('.item.held').first().click();
    await panel.page.locator('.item.write.refused .target').click();
    await panel.page.locator('.item.held').first().focus();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('Enter');
    await panel.page.keyboard.press('ArrowDown');
    expect(await panel.page.locator('.about').textContent()).toContain('believes that it holds order42');
    await panel.page.keyboard.press('Enter');
    const steps = (await panel.posted()).flatMap((one) => (one.type === 'goto' ? [one.step] : []));
    expect(steps.slice(0, 3)).toEqual([4, 14, 9]);
    expect(steps).toHaveLength(4);
  });

  it('greys the recorded future, zooms, and keeps the current moment in view', async () => {
    const panel = await openPanel(browser, 'locks', { width: 640, height: 380 });
    await panel.show(withLocks('order42', 11 * second));
    await picture(panel).waitFor();
    expect(await panel.page.locator('.future').count()).toBe(1);
    for (let i = 0; i < 4; i++) await panel.page.getByRole('button', { name: 'Zoom in' }).click();
    const isInView = () => panel.page.locator('.scroll').evaluate((scroll) => {
      const x = Number(scroll.querySelector('.now line')!.getAttribute('x1'));
      return scroll.scrollWidth > scroll.clientWidth &&
        x >= scroll.scrollLeft && x <= scroll.scrollLeft + scroll.clientWidth;
    });
    await expect.poll(isInView).toBe(true);
    await panel.show(withLocks());
    expect(await panel.page.locator('.future').count()).toBe(0);
  });

  it('has a table of the same, in words', async () => {
    const panel = await openPanel(browser, 'locks');
    await panel.show(withLocks());
    await panel.page.getByText('As a table').click();
    expect(await panel.page.locator('tbody tr').count()).toBe(9);
    await panel.page.getByRole('button', { name: 'A is paused from' }).click();
    expect((await panel.posted()).at(-1)).toEqual({ type: 'goto', step: 6 });
  });

  it('shows names from a scenario as text', async () => {
    const panel = await openPanel(browser, 'locks');
    await panel.show(withLocks('<img src=x onerror=alert(1)>'));
    await picture(panel).waitFor();
    expect(await panel.page.locator('img').count()).toBe(0);
    expect(panel.complaints).toEqual([]);
  });
});
