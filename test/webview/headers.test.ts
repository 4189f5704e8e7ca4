/** The head of every panel: as high at each moment, at all widths, in words that are never wrapped. */

import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Moment, PanelEvent } from '../../src/view/contract.ts';
import { panelNames } from '../../src/view/panels.ts';
import type { PanelName } from '../../src/view/panels.ts';
import { launched, openLive } from './live-panel.ts';
import { launchChromium } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';

const election = path.resolve(import.meta.dirname, '../../samples/raft/first-election.scenario.yaml');
/** The least is that of a view in the panel area beside four others, on a small screen. */
const widths = [230, 320, 400, 460, 560, 800];

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Its height, what is cut at its side, and whether its line of words is one. */
function head({ page }: Pick<PanelPage, 'page'>) {
  return page.evaluate(async () => {
    const panel = document.querySelector('#app > :not(lockstep-toolbar, .page-title)')!;
    await (panel as unknown as { drawn: Promise<unknown> }).drawn;
    await new Promise((done) => requestAnimationFrame(done));
    const root = panel.shadowRoot!;
    const header = root.querySelector('header, .bar:not(lockstep-moment ~ *), lockstep-moment')!;
    const inside = header.shadowRoot ?? header;
    const { height, right } = header.getBoundingClientRect();
    // A bar that scrolls sideways shows all of its parts, also to the keyboard.
    const scrolls = (one: Element): boolean =>
      getComputedStyle(one).overflowX === 'auto' ||
      (one !== inside && one.parentElement !== null && scrolls(one.parentElement));
    const cut = [...inside.querySelectorAll('*')].filter((one) =>
      one.checkVisibility() && one.getBoundingClientRect().right > right + 1 && !scrolls(one));
    const field = inside.querySelector<HTMLInputElement>('input[type=number]');
    const isNumberCut = field !== null && field.scrollWidth > field.clientWidth;
    const line = inside.querySelector('.position');
    const lineHeight = line ? line.getBoundingClientRect().height : 0;
    const words = cut.map(({ textContent }) => textContent);
    return { height, cut: words, isNumberCut, isOneLine: lineHeight < 36 };
  });
}

const later = (moment: Moment, change: Partial<Moment>): Moment => ({ ...moment, ...change });

async function heads<Name extends PanelName>(name: Name, of: 'session' | 'presented', height: number) {
  const host = await launched(election, { stopOnEntry: true });
  const live = await openLive(browser, host, name, { width: widths[0]!, height, of });
  const { stop, view } = await live.goTo(9);
  const { moment } = stop;
  const stopped = (change: Partial<Moment>) =>
    ({ type: 'stopped', moment: later(moment, change), view }) as PanelEvent<Name>;
  const events: PanelEvent<Name>[] = [
    stopped({ step: 9, steps: 9 }),
    stopped({ step: 10, steps: 10 }),
    stopped({ step: 12_345, steps: 100_000, time: 86_399_123_456 }),
    { type: 'running' } as PanelEvent<Name>,
    stopped({ step: 9, steps: 9, entered: { position: 'inside', command: 'fire n1 election' } }),
  ];
  const found: Record<number, Awaited<ReturnType<typeof head>>[]> = {};
  for (const width of widths) {
    await live.page.setViewportSize({ width, height });
    found[width] = [];
    for (const event of events) {
      await live.send(event);
      found[width].push(await head(live));
    }
  }
  await live.page.context().close();
  return found;
}

describe.each(panelNames)('the head of %s', (name) => {
  it.each([['session', 380], ['session', 200], ['presented', 600]] as const)(
    'is as high at each moment (%s, %i px)', async (of, height) => {
      for (const [width, all] of Object.entries(await heads(name, of, height))) {
        const about = `${name}, ${width} px: ${all.map((one) => one.height).join(', ')}`;
        expect(new Set(all.map((one) => one.height)).size, about).toBe(1);
        expect(all.every(({ isOneLine }) => isOneLine), about).toBe(true);
        expect(all.some(({ isNumberCut }) => isNumberCut), about).toBe(false);
        if (of === 'session') expect(all.flatMap(({ cut }) => cut), about).toEqual([]);
      }
    });
});

it('Options of Space-Time are left of the arrow, also if six panels are presented at once', async () => {
  const host = await launched(election, { stopOnEntry: true });
  const live = await openLive(browser, host, 'spacetime', { width: 228, height: 730, of: 'presented' });
  await live.goTo(9);
  const options = (await live.page.locator('.unfold').boundingBox())!;
  const arrow = (await live.page.locator('lockstep-export').boundingBox())!;
  expect(options.x + options.width).toBeLessThanOrEqual(arrow.x + 1);
  await live.page.context().close();
});
