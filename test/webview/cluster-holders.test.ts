/** Who holds a lock is told at every size, and words belong to their own node. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSample } from './live-panel.ts';
import { launchChromium } from './panel-page.ts';

const place = { width: 461, height: 334 };

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function at(story: string, step: number, size: { width: number; height: number }) {
  return (await openSample(browser, 'cluster', { story, step, size })).page;
}

/** Of each node with words beside its disc, the nodes whose discs are nearer to one of its rows. */
async function misread(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('lockstep-cluster')!.shadowRoot!;
    const nodes = [...root.querySelectorAll<SVGGElement>('[data-node]')];
    const box = (one: Element) => one.getBoundingClientRect();
    const gap = (row: DOMRect, disc: DOMRect) => {
      const [x, y] = [disc.left + disc.width / 2, disc.top + disc.height / 2];
      const across = Math.max(row.left - x, 0, x - row.right);
      const down = Math.max(row.top - y, 0, y - row.bottom);
      return Math.hypot(across, down) - disc.width / 2;
    };
    const discOf = (node: Element) => box(node.querySelector('.body')!);
    return nodes.flatMap((node) => {
      const row = node.querySelector('.words .line');
      if (!row) return [];
      const others = nodes.filter((other) => {
        return other !== node && gap(box(row), discOf(other)) < gap(box(row), discOf(node));
      });
      return others.map((other) => `${node.dataset.node} at ${other.dataset.node}`);
    });
  });
}

describe('Cluster', () => {
  it.each([
    ['where it first opens', place],
    ['in a side bar', { width: 302, height: 700 }],
    ['as a low panel', { width: 900, height: 180 }],
    ['in a corner', { width: 318, height: 260 }],
  ])('says who holds a lock: %s', async (_, size) => {
    const page = await at('distributed-locks/etcd-line', 680, size);
    const says = async (node: string) => {
      const own = page.locator(`[data-node="${node}"]`);
      const words = await own.locator('.words').allTextContents();
      return await own.locator('.key.holds').count() > 0 || words.join().includes('holds order42');
    };
    expect(await Promise.all(['A', 'B', 'C', 'n1'].map(says))).toEqual([true, false, false, false]);
  });

  it('says the standing of each client where it first opens', async () => {
    const page = await at('distributed-locks/etcd-line', 680, place);
    const words = (node: string) => page.locator(`[data-node="${node}"] .words`).textContent();
    expect(await words('A')).toContain('holder');
    expect(await words('B')).toContain('crashed');
    expect(await words('C')).toContain('waiting');
  });

  it.each([
    ['find-the-bug/quorum', 12], ['distributed-locks/etcd-line', 680], ['raft/first-election', 7],
  ] as const)('has words nearest to their own node: %s', async (story, step) => {
    expect(await misread(await at(story, step, place))).toEqual([]);
  });

  it('has no link in sight where words are', async () => {
    const page = await at('find-the-bug/quorum', 12, place);
    const uncovered = await page.evaluate(() => {
      const root = document.querySelector('lockstep-cluster')!.shadowRoot!;
      return [...root.querySelectorAll('.words')].filter((words) => {
        const backing = words.querySelector('.backing')?.getBoundingClientRect();
        return [...words.querySelectorAll('.line')].some((line) => {
          const { left, right, top, bottom } = line.getBoundingClientRect();
          return !backing || backing.left > left || backing.right < right ||
            backing.top > top + 2 || backing.bottom < bottom - 4;
        });
      }).length;
    });
    expect(uncovered).toBe(0);
  });
});
