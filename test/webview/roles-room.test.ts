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

/** Where views usually are: below an editor, beside one, and in a side bar. */
const usual = [[460, 380], [460, 334], [490, 262], [300, 380], [300, 700]] as const;

it.each(['raft/first-election', 'distributed-locks/etcd-line'].flatMap((story) =>
  usual.map(([width, height]) => ({ story, width, height })),
))('$story is whole and readable in $width × $height', async ({ story, width, height }) => {
  const { page, seen } = await at(story, 7, { width, height });
  await expect.poll(async () => (await seen()).beyond, { timeout: 8_000 }).toEqual([]);
  expect((await seen()).pixels).toBeGreaterThanOrEqual(9.99);
  expect(await page.getByRole('button', { name: /Show all/ }).innerText()).toBe('100 %');
  expect(await page.locator('.hidden-states').count()).toBe(0);
  // The edges are, too.
  const room = page.locator('.picture');
  expect(await room.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThanOrEqual(0);
});

it.each(usual)('its head tells step and role in %s × %s', async (width, height) => {
  const { page } = await at('raft/first-election', 7, { width, height });
  const cut = await page.locator('header').evaluate((head) => {
    const [line, number, list] = [head.querySelector('p')!, head.querySelector('strong')!,
      head.querySelector('select')!];
    const paper = document.createElement('canvas').getContext('2d')!;
    paper.font = getComputedStyle(list).font;
    const text = paper.measureText(list.selectedOptions[0]!.text).width;
    return {
      step: number.getBoundingClientRect().right > line.getBoundingClientRect().right,
      // The arrow and the padding have the rest.
      role: text + 24 > list.clientWidth && getComputedStyle(list).textOverflow !== 'ellipsis',
      letters: text + 24 - list.clientWidth > text / 2,
    };
  });
  expect(cut).toEqual({ step: false, role: false, letters: false });
});

it('draws each of its forms once, however often its room changes', async () => {
  const { page } = await at('raft/first-election', 7, { width: 300, height: 220 });
  await page.evaluate(() => {
    const room = document.getElementById('drawing-room')!;
    new MutationObserver((records) => {
      const added = records.reduce((sum, { addedNodes }) => sum + addedNodes.length, 0);
      room.dataset.drawn = String(Number(room.dataset.drawn ?? 0) + added);
    }).observe(room, { childList: true });
  });
  for (let width = 301; width < 340; width++) {
    await page.setViewportSize({ width, height: 220 });
    await page.evaluate(() => new Promise((done) => {
      requestAnimationFrame(() => requestAnimationFrame(done));
    }));
  }
  const drawn = page.locator('#drawing-room');
  expect(Number(await drawn.getAttribute('data-drawn'))).toBeLessThanOrEqual(7);
});

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
