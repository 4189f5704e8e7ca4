/** Where texts are in a Space-Time picture: beside marks and each other, whole, and large enough. */

import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launched, openLive, type LivePanel } from '../live-panel.ts';
import { launchChromium } from '../panel-page.ts';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const stories = [
  { name: 'raft/first-election', end: 30, steps: [0, 7, 16] },
  { name: 'distributed-locks/fenced-lock', end: 55, steps: [12, 30, 52] },
  { name: 'raft/replicate-one-write', end: 34, steps: [9, 20, 34] },
];
const sizes = [
  { width: 1280, height: 800 }, { width: 640, height: 400 }, { width: 640, height: 260 },
  { width: 460, height: 180 }, { width: 318, height: 400 }, { width: 318, height: 800 },
];

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** What covers something in the picture, is cut, or is too small, in words. */
function faultsOf({ page }: LivePanel<'spacetime'>): Promise<string[]> {
  return page.evaluate(() => {
    const panel = document.querySelector('lockstep-spacetime') as unknown as { toSvg(): string };
    const room = document.createElement('div');
    room.style.cssText = 'position:absolute;left:0;top:0';
    room.innerHTML = panel.toSvg();
    document.body.append(room);
    const svg = room.querySelector('svg')!;
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const size = parseFloat(getComputedStyle(element).fontSize);
      // The letters, without the space above and below them.
      return { text: element.textContent, x, y: y + height * 0.2, width, height: height * 0.6, size };
    });
    // Dots, rings and diamonds: heads of arrows have three corners.
    const marks = [...svg.querySelectorAll('circle, path[fill]:not([fill=none])')].filter((mark) => {
      return mark.localName === 'circle' || mark.getAttribute('d')!.match(/L/g)?.length === 3;
    }).map((mark) => mark.getBoundingClientRect());
    const meets = (a: Omit<DOMRect, 'toJSON'> | (typeof texts)[number], b: { x: number; y: number; width: number; height: number }) =>
      a.x < b.x + b.width - 0.5 && b.x < a.x + a.width - 0.5 &&
      a.y < b.y + b.height - 0.5 && b.y < a.y + a.height - 0.5;
    const found: string[] = marks.length < 10 || texts.length < 6 ? ['no marks or texts'] : [];
    texts.forEach((one, index) => {
      if (one.size < 10) found.push(`${one.text}: ${one.size} px`);
      if (one.x < 0 || one.x + one.width > frame.width) found.push(`${one.text} is cut`);
      if (one.text.includes('…') && !/^… .* …$/.test(one.text)) found.push(`${one.text} has a cut`);
      if (marks.some((mark) => meets(one, mark))) found.push(`${one.text} covers a mark`);
      for (const other of texts.slice(index + 1)) {
        if (meets(one, other)) found.push(`${one.text} and ${other.text}`);
      }
    });
    room.remove();
    return found;
  });
}

/** The bar: the number of the step is whole, and nothing scrolls sideways. */
function barOf({ page }: LivePanel<'spacetime'>) {
  return page.evaluate(() => {
    const root = document.querySelector('lockstep-spacetime')!.shadowRoot!;
    const bar = root.querySelector('.bar')!;
    const frame = bar.getBoundingClientRect();
    const step = root.querySelector('.position strong')!.getBoundingClientRect();
    const line = root.querySelector('.position')!.getBoundingClientRect();
    return {
      isStepSeen: step.left >= frame.left && step.right <= line.right + 0.5 && step.width > 30,
      over: bar.scrollWidth - bar.clientWidth,
    };
  });
}

describe('the texts of the picture', () => {
  it.each(stories)('of $name cover nothing, and are whole', async ({ name, end, steps }) => {
    const host = await launched(path.join(samples, `${name}.scenario.yaml`), { stopOnEntry: true });
    const live = await openLive(browser, host, 'spacetime', sizes[0]!);
    await live.goTo(end);
    for (const step of steps) {
      await live.goTo(step);
      for (const size of sizes) {
        await live.page.setViewportSize(size);
        const about = `step ${step}, ${size.width} × ${size.height}`;
        await expect.poll(() => faultsOf(live), { message: about }).toEqual([]);
        expect(await barOf(live), about).toEqual({ isStepSeen: true, over: 0 });
      }
    }
    expect(live.complaints).toEqual([]);
    await live.page.context().close();
  });
});

describe('the parts around the picture', () => {
  it('has its controls behind a button in a narrow or low panel, which Escape folds again', async () => {
    const host = await launched(path.join(samples, 'raft/first-election.scenario.yaml'), { stopOnEntry: true });
    const live = await openLive(browser, host, 'spacetime', { width: 460, height: 180 });
    await live.goTo(7);
    const { page } = live;
    const search = page.getByPlaceholder(/event.name/);
    expect(await search.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Options' }).click();
    for (const control of [search, page.getByLabel('Cut long gaps'), page.getByRole('button', { name: 'Zoom in' })]) {
      await control.scrollIntoViewIfNeeded();
      const box = (await control.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(460);
      expect(box.y + box.height).toBeLessThanOrEqual(180);
    }
    await search.fill('event.name == "LeaderElected"');
    await search.press('Enter');
    await page.keyboard.press('Escape');
    await expect.poll(() => search.isVisible()).toBe(false);
    // What was found is in the bar, and can be gone through.
    await page.getByRole('button', { name: /Next match/ }).click();
    await page.locator('.hits', { hasText: '1 of 1' }).waitFor();
    await page.setViewportSize({ width: 1280, height: 800 });
    await expect.poll(() => search.isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Options' }).isVisible()).toBe(false);
    await page.context().close();
  });
});
