/** Words of the Cluster panel in little room: a name stays with its time, epochs have one form. */

import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launched, openLive } from './live-panel.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';
import { makeView } from './views.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const stories = [
  ['an election', 'raft/first-election', 7],
  ['a lock of five servers', 'distributed-locks/redlock-pause', 299],
  ['a fenced lock', 'distributed-locks/fenced-lock', 52],
  ['ZooKeeper', 'zookeeper/highest-zxid', 150],
] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Each row of words: its name, its value, and what a pointer over it says. */
function rows({ page }: Pick<PanelPage, 'page'>) {
  return page.locator('.node .words > g').evaluateAll((all) => all.map((row) => ({
    node: row.closest<SVGElement>('.node')!.dataset.node!,
    name: row.querySelector('.of')?.textContent.trim() ?? '',
    value: row.querySelector('.line')!.textContent.trim(),
    title: row.querySelector('title')?.textContent ?? '',
    isReached: getComputedStyle(row.querySelector('.line')!).pointerEvents !== 'none',
  })));
}

/** A time of a timer or of a lease, whatever stands before it. */
const time = /^(in )?\d+(\.\d+)?(µs|ms|s|m|h)$/;

describe('words in little room', () => {
  it.each(stories)('of %s: no time is without a name, and what is cut says the whole', async (_, story, step) => {
    const host = await launched(path.join(samples, `${story}.scenario.yaml`), { stopOnEntry: true });
    const live = await openLive(browser, host, 'cluster', { width: 318, height: 180 });
    await live.goTo(step);
    let count = 0;
    for (const [width, height] of [[318, 180], [318, 260], [318, 400], [640, 180], [640, 260]] as const) {
      await live.page.setViewportSize({ width, height });
      await live.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const found = await rows(live);
      count += found.length;
      for (const [at, { node, name, value, title, isReached }] of found.entries()) {
        const what = `${width} × ${height}: ${node} ${value}`;
        const own = value.slice(name.length).trim();
        const above = found[at - 1];
        const isBelowName = name === '' && above?.node === node && above.value === above.name;
        if (time.test(own)) expect([what, name !== '' || isBelowName]).toEqual([what, true]);
        const isCut = name.includes('…');
        if (isCut) expect([what, [...name].indexOf('…') >= 3]).toEqual([what, true]);
        if (isCut) expect([what, title.length > value.length, isReached]).toEqual([what, true, true]);
      }
      const [arcs, tracks] = await Promise.all(['.left', '.track'].map((part) =>
        live.page.locator(`.world > g > .arc ${part}`).evaluateAll((all) =>
          all.map((one) => one.getBoundingClientRect()).map(({ left, right, top, bottom }) =>
            ({ left, right, top, bottom })))));
      for (const [at, arc] of arcs!.entries()) {
        const track = tracks![at]!;
        const out = Math.max(
          track.left - arc.left, arc.right - track.right, track.top - arc.top, arc.bottom - track.bottom);
        expect([width, height, at, out < 1.5]).toEqual([width, height, at, true]);
      }
    }
    expect(count).toBeGreaterThan(10);
    await live.page.context().close();
  });

  it('says the epoch of all nodes of a size in one form', async () => {
    const forms = async (live: Pick<PanelPage, 'page'>, words: string) => {
      const texts = await live.page.locator(words).allTextContents();
      const epochs = texts.flatMap((text) => /(term |\bt)\d+$/.exec(text.trim())?.[1] ?? []);
      expect(epochs.length).toBeGreaterThan(2);
      return [...new Set(epochs)];
    };
    const panel = await openPanel(browser, 'cluster', { width: 640, height: 400 });
    await panel.show(makeView({ nodes: 100, clients: 1 }));
    await expect.poll(() => panel.page.locator('.node').count()).toBe(101);
    expect(await forms(panel, '.node .under')).toEqual(['t']);
    const sizes = await panel.page.locator('.node .under').evaluateAll((all) =>
      all.filter((one) => one.textContent !== '').map((one) => getComputedStyle(one).fontSize));
    expect(new Set(sizes).size).toBe(1);
    const host = await launched(path.join(samples, 'raft/first-election.scenario.yaml'), { stopOnEntry: true });
    const live = await openLive(browser, host, 'cluster', { width: 318, height: 400 });
    await live.goTo(7);
    expect(await forms(live, '.words .strong')).toEqual(['t']);
    await live.page.setViewportSize({ width: 900, height: 180 });
    await expect.poll(() => forms(live, '.words .strong')).toEqual(['term ']);
    await live.page.context().close();
  });
});
