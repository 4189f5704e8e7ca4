/** State Machine in the room that it usually has: the whole machine, or else what is out of view. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSample } from './live-panel.ts';
import { launchChromium } from './panel-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function at(story: string, step: number, size: { width: number; height: number }) {
  const { page } = await openSample(browser, 'roles', { story, step, size });
  await page.locator('.node.here').first().waitFor();
  /** The states whose middle is outside of the room, and the size of the text. */
  const seen = () => page.locator('.picture').evaluate((room) => {
    const frame = room.getBoundingClientRect();
    const svg = room.querySelector('svg')!;
    const boxes = [...room.querySelectorAll<SVGElement>('.node[data-standing]')];
    const beyond = boxes.filter((one) => {
      const { x, y, width, height } = one.getBoundingClientRect();
      const [across, down] = [x + width / 2, y + height / 2];
      return across < frame.left || across > frame.right || down < frame.top || down > frame.bottom;
    });
    return {
      beyond: beyond.map(({ dataset }) => dataset.standing),
      pixels: 13 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width,
    };
  });
  return { page, seen };
}

it.each(['raft/first-election', 'distributed-locks/etcd-line'])(
  '%s is whole and readable in 460 × 380',
  async (story) => {
    const { page, seen } = await at(story, 7, { width: 460, height: 380 });
    await expect.poll(async () => (await seen()).beyond, { timeout: 8_000 }).toEqual([]);
    expect((await seen()).pixels).toBeGreaterThanOrEqual(9.99);
    expect(await page.getByRole('button', { name: /Show all/ }).innerText()).toBe('100 %');
    expect(await page.locator('.hidden-states').count()).toBe(0);
  },
);

it('says which states are out of view in less room', async () => {
  const { page, seen } = await at('raft/first-election', 7, { width: 300, height: 220 });
  await page.locator('.hidden-states').waitFor();
  const { beyond, pixels } = await seen();
  expect(pixels).toBeGreaterThanOrEqual(9.99);
  expect(beyond.length).toBeGreaterThan(0);
  await expect.poll(() => page.locator('.hidden-states').innerText(), { timeout: 8_000 })
    .toBe(`Out of view: ${beyond.join(', ')}. Scroll, or press 0 to see all.`);
  await page.locator('.picture').press('0');
  await expect.poll(() => page.locator('.hidden-states').count(), { timeout: 8_000 }).toBe(0);
});
