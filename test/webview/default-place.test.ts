/** The Cluster panel where it first opens, beside the code of a window of 1280 × 800: what matters is readable. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSample } from './live-panel.ts';
import { launchChromium } from './panel-page.ts';

const place = { width: 461, height: 334 };
const sideBar = { width: 302, height: 700 };

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function at(story: string, step: number, size: { width: number; height: number }) {
  return (await openSample(browser, 'cluster', { story, step, size })).page;
}

describe('Cluster where it first opens', () => {
  it('says the name of the event that the action reported', async () => {
    const page = await at('raft/first-election', 7, place);
    const chip = page.locator('lockstep-moment .chip').first();
    expect(await chip.evaluate((one) => {
      const name = document.createRange();
      const text = one.textContent;
      const node = [...one.childNodes].find(({ nodeType, textContent }) => nodeType === 3 && textContent !== '')!;
      name.setStart(node, 0);
      name.setEnd(node, 'LeaderElected'.length);
      const isWhole = name.getBoundingClientRect().right < one.getBoundingClientRect().right - 8;
      return [text.slice(0, 'LeaderElected'.length), isWhole];
    })).toEqual(['LeaderElected', true]);
  });

  it('has a line of what an event means, or none, but not its first letters', async () => {
    const page = await at('raft/first-election', 7, place);
    const shown = () => page.locator('.bar .meaning > span').evaluate((one) => {
      const [own, room] = [one, one.parentElement!].map((part) => part.getBoundingClientRect());
      return own!.top >= room!.bottom - 1 ? 0 : own!.width;
    });
    expect(await shown()).toBe(0);
    await page.setViewportSize({ width: 800, height: 334 });
    await expect.poll(shown).toBeGreaterThanOrEqual(200);
  });

  it('keeps the unit of the time in a side bar', async () => {
    const page = await at('distributed-locks/etcd-line', 680, sideBar);
    const isOnTop = await page.locator('lockstep-moment .where > .quiet').evaluate((one) => {
      const { right, top, bottom } = one.getBoundingClientRect();
      const root = one.getRootNode() as ShadowRoot;
      return [2, 5, 8].map((left) => root.elementFromPoint(right - left, (top + bottom) / 2) === one);
    });
    expect(isOnTop).toEqual([true, true, true]);
  });

  it.each([
    ['distributed-locks/etcd-line', 680, { B: 'crashed', C: 'waiting', n3: '' }],
    ['find-the-bug/quorum', 1, { c1: 'candidate', c2: 'candidate', v4: 'votedFor' }],
  ] as const)('keeps the words of nodes beside clients: %s', async (story, step, expected) => {
    const page = await at(story, step, place);
    for (const [node, word] of Object.entries(expected)) {
      const words = page.locator(`[data-node="${node}"] .words`);
      expect(await words.count(), node).toBe(1);
      expect(await words.textContent(), node).toContain(word);
    }
  });

  it.each([
    ['raft/first-election', 7], ['raft/replicate-one-write', 30],
    ['distributed-locks/etcd-pause', 300], ['distributed-locks/etcd-pause', 700],
    ['distributed-locks/etcd-line', 680], ['distributed-locks/redlock-pause', 299],
  ] as const)('has words clear of other nodes, of the edge, and of each other: %s, %s', async (story, step) => {
    const page = await at(story, step, place);
    expect(await touching(page)).toEqual([]);
  });

  it.each([['swim/crash', 100], ['swim/refuted', 200]] as const)(
    'has no node on another one of twelve: %s, %s',
    async (story, step) => {
      const page = await at(story, step, place);
      const circles = await page.evaluate(() => {
        const root = document.querySelector('lockstep-cluster')!.shadowRoot!;
        const nodeOf = (one: Element) =>
          one.closest<SVGElement>('[data-node]')?.dataset.node ??
          one.closest<SVGElement>('[data-timer]')!.dataset.timer!.split(' ')[0];
        return [...root.querySelectorAll('[data-node] .body, [data-timer] .track')].map((one) => {
          const { left, top, width, height } = one.getBoundingClientRect();
          return { node: nodeOf(one), x: left + width / 2, y: top + height / 2, radius: width / 2 };
        });
      });
      expect(new Set(circles.map(({ node }) => node)).size).toBe(12);
      const covered = circles.flatMap((one) => circles
        .filter(({ node, x, y, radius }) =>
          node !== one.node && Math.hypot(x - one.x, y - one.y) < radius + one.radius)
        .map(({ node }) => `${one.node} covers ${node}`));
      expect(covered).toEqual([]);
    },
  );
});

/** Words that reach a ring of timers of another node or the sides, and names that are cut alike. */
function touching(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('lockstep-cluster')!.shadowRoot!;
    const stage = root.querySelector('.stage')!.getBoundingClientRect();
    const tracks = [...root.querySelectorAll<SVGElement>('[data-timer] .track')].map((one) => {
      const { left, top, width } = one.getBoundingClientRect();
      const node = one.closest<SVGElement>('[data-timer]')!.dataset.timer!.split(' ')[0];
      return { node, x: left + width / 2, y: top + width / 2, radius: width / 2 };
    });
    return [...root.querySelectorAll<SVGElement>('[data-node]')].flatMap((node) => {
      const { node: name } = node.dataset;
      const rows = [...node.querySelectorAll('.words > g')];
      const cut = rows.map((row) => row.querySelector('.of')?.textContent ?? '').filter((of) => of.includes('…'));
      const found = new Set(cut).size < cut.length ? [`${name}: ${cut.join()}`] : [];
      for (const row of rows) {
        const { left, right, top, bottom } = row.getBoundingClientRect();
        const says = `${name}: ${row.querySelector('.line')!.textContent.trim()}`;
        if (left < stage.left + 3 || right > stage.right - 3) found.push(`${says} at the side`);
        for (const { node: other, x, y, radius } of tracks) {
          // Letters do not fill the height of their line.
          const down = Math.max(top + 3 - y, 0, y - bottom + 3);
          const gap = Math.hypot(Math.max(left - x, 0, x - right), down) - radius;
          if (other !== name && gap < 2) found.push(`${says} at ${other}`);
        }
      }
      return found;
    });
  });
}
