/** Logs and Locks in narrow and low panels: nothing is cut, and what is out of view is counted. */

import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PanelName } from '../../src/view/panels.ts';
import { launched, type LivePanel, openLive } from './live-panel.ts';
import { launchChromium } from './panel-page.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const conflicts = path.join(samples, 'raft/figure-8.scenario.yaml');
const fenced = path.join(samples, 'distributed-locks/fenced-lock.scenario.yaml');
const redlock = path.join(samples, 'distributed-locks/redlock-pause.scenario.yaml');

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function opened<Name extends PanelName>(
  panel: Name, program: string, step: number, [width, height]: [number, number],
): Promise<LivePanel<Name>> {
  const host = await launched(program, { stopOnEntry: true });
  const live = await openLive(browser, host, panel, { width, height });
  await live.goTo(step);
  return live;
}

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Of all elements that a selector finds; texts in SVG are as large as their letters. */
function boxes({ page }: Pick<LivePanel<PanelName>, 'page'>, selector: string): Promise<Box[]> {
  return page.locator(selector).evaluateAll((all) => all.map((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const own = [...one.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
    const text = own.map(({ textContent }) => textContent).join('').trim();
    return { text, left, right, top, bottom };
  }));
}

function overlapping(all: readonly Box[], others: readonly Box[] = all): string[] {
  return all.flatMap((one) => others.flatMap((other) => {
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    return one !== other && across > 1 && down > 2 ? [`${one.text} on ${other.text}`] : [];
  }));
}

describe('the Logs panel', () => {
  const footOf = ({ page }: LivePanel<'logs'>) => page.locator('.foot').innerText();

  it('has all five logs beside each other in a narrow panel, and its legend below them', async () => {
    const live = await opened('logs', conflicts, 100, [318, 800]);
    await expect.poll(() => footOf(live)).toBe('Indexes 1 to 3');
    const nodes = await boxes(live, '.node');
    expect(nodes).toHaveLength(5);
    expect(Math.max(...nodes.map(({ right }) => right))).toBeLessThanOrEqual(318);
    const entries = await boxes(live, '.entry:not(.none)');
    const [legend] = await boxes(live, '.legend-fold[open]');
    expect(overlapping([legend!], [...nodes, ...entries])).toEqual([]);
    expect(Math.max(...entries.map(({ bottom }) => bottom))).toBeLessThan(legend!.top);
    await live.page.context().close();
  });

  it.each([[318, 180], [318, 260], [640, 180], [640, 260]] as const)(
    'of %i × %i pixels says how many logs are out of view, and has one in view', async (width, height) => {
      const live = await opened('logs', conflicts, 100, [width, height]);
      const [view] = await boxes(live, '.scroll');
      const whole = (await boxes(live, '.node')).filter(({ bottom }) => bottom <= view!.bottom + 2);
      expect(whole.length).toBeGreaterThan(0);
      const out = 5 - whole.length;
      await expect.poll(() => footOf(live)).toMatch(
        new RegExp(`^${out} log${out === 1 ? '' : 's'} below · Indexes \\d to 3( of 3)?$`));
      const folds = await boxes(live, '.legend-fold, .foot');
      for (const { bottom } of folds) expect(bottom).toBeLessThanOrEqual(height);
      await live.page.context().close();
    });

  it('keeps its rows where they are, whatever is said of a step', async () => {
    const live = await opened('logs', conflicts, 10, [640, 400]);
    const top = async () => (await boxes(live, '.scroll'))[0]!.top;
    const first = await top();
    for (const step of [30, 60, 100]) {
      await live.goTo(step);
      expect(await top()).toBe(first);
    }
    expect(await live.page.locator('.conflicts').count()).toBeGreaterThan(0);
    await live.page.context().close();
  });

  it('names no index after the last one unless a leader has its mark there', async () => {
    const live = await opened('logs', conflicts, 100, [640, 400]);
    await live.page.locator('.index').first().waitFor();
    expect((await boxes(live, '.index')).map(({ text }) => text)).toEqual(['1', '2', '3']);
    await live.page.context().close();
  });
});

describe('Locks and Leases', () => {
  it.each([
    ['fenced', fenced, 54, 318, 211], ['fenced', fenced, 54, 318, 400],
    ['redlock', redlock, 300, 318, 211], ['redlock', redlock, 300, 640, 260],
  ] as const)('%s at %#: no text is cut at the edge or on another', async (_, program, step, width, height) => {
    const live = await opened('locks', program, step, [width, height]);
    await live.page.locator('.note text').waitFor();
    const axis = await boxes(live, '.axis text');
    const texts = [...axis, ...await boxes(live, '.note text, .write text, .outage text, .item text')];
    for (const { text, right } of texts) expect([text, right <= width]).toEqual([text, true]);
    expect(overlapping(axis)).toEqual([]);
    const bars = await boxes(live, '.believed > text');
    expect(overlapping(await boxes(live, '.outage text'), bars)).toEqual([]);
    // The last moment is named, and the whole of the axis is in view.
    const now = (await boxes(live, '.now path'))[0]!;
    expect(axis.some(({ left, right }) => left <= now.right && right >= now.left)).toBe(true);
    const [names] = await boxes(live, '.names .cover');
    for (const { text, left } of await boxes(live, '.write text')) {
      expect([text, left >= names!.right]).toEqual([text, true]);
    }
    await live.page.context().close();
  });

  it('shows all rows in a low panel, or says how many are below, and goes there', async () => {
    const live = await opened('locks', fenced, 54, [318, 211]);
    const hidden = async () => {
      const [view] = await boxes(live, '.scroll');
      const names = await boxes(live, '.names text');
      return names.filter(({ bottom }) => bottom > view!.bottom + 1).length;
    };
    const below = live.page.getByRole('button', { name: 'below' });
    expect([await hidden(), await below.count()]).toEqual([0, 0]);
    await live.page.setViewportSize({ width: 318, height: 160 });
    await below.waitFor();
    expect([await hidden(), await below.innerText()]).toEqual([2, '2 rows below']);
    await below.click();
    await expect.poll(hidden).toBe(0);
    await expect.poll(() => below.count()).toBe(0);
    await live.page.context().close();
  });
});
