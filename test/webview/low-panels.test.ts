/** Panels at the sizes of the default layout on a small screen: what happened can be read. */

import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PanelName } from '../../src/view/panels.ts';
import { launched, openLive } from './live-panel.ts';
import { launchChromium, type PanelPage } from './panel-page.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const election = path.join(samples, 'raft/first-election.scenario.yaml');
const lock = path.join(samples, 'distributed-locks/fenced-lock.scenario.yaml');

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function opened<Name extends PanelName>(
  panel: Name,
  height: number,
  step: number,
  program = election,
) {
  const host = await launched(program, { stopOnEntry: true });
  const live = await openLive(browser, host, panel, { width: 460, height });
  await live.goTo(step);
  return live;
}

/** How far an element is outside of the visible part of another; 0 if it is inside. */
function outside({ page }: Pick<PanelPage, 'page'>, name: string, inner: string, outer: string) {
  return page.evaluate(([tag, one, other]) => {
    const root = document.querySelector(`lockstep-${tag}`)!.shadowRoot!;
    const [a, b] = [one!, other!].map((found) => root.querySelector(found)!.getBoundingClientRect());
    return Math.max(0, b!.top - a!.top, a!.bottom - b!.bottom, b!.left - a!.left, a!.right - b!.right);
  }, [name, inner, outer]);
}

/** The height of the picture, how far the panel and the page are scrolled, and what is empty. */
function clusterAt({ page }: Pick<PanelPage, 'page'>) {
  return page.evaluate(() => {
    const panel = document.querySelector('lockstep-cluster')!;
    const root = panel.shadowRoot!;
    const story = root.querySelector('.story');
    const last = story?.lastElementChild?.getBoundingClientRect();
    return {
      picture: root.querySelector('.stage')!.clientHeight,
      scrolled: [panel.scrollTop, document.scrollingElement!.scrollTop],
      over: panel.scrollHeight - panel.clientHeight,
      white: story && last ? story.getBoundingClientRect().bottom - last.bottom : 0,
    };
  });
}

describe('the Cluster panel', () => {
  it('keeps its picture readable with the scenario unfolded, and leaves nothing empty', async () => {
    const live = await opened('cluster', 340, 7);
    const fold = live.page.getByRole('button', { name: 'Scenario' });
    await fold.click();
    await live.page.locator('.story').waitFor();
    const open = await clusterAt(live);
    expect(open.picture).toBeGreaterThanOrEqual(150);
    expect(open.white).toBeLessThan(24);
    await fold.click();
    await expect.poll(() => live.page.locator('.story').count()).toBe(0);
    expect(await clusterAt(live)).toMatchObject({ scrolled: [0, 0], over: 0 });
    await live.page.context().close();
  });

  it('has its whole picture in view, more below, and Escape closes the list of nodes', async () => {
    const live = await opened('cluster', 190, 7);
    const { picture, over } = await clusterAt(live);
    expect(picture).toBeGreaterThanOrEqual(110);
    expect(over).toBeGreaterThan(0);
    const nodes = await live.page.locator('.node').evaluateAll((all) =>
      all.map((node) => node.getBoundingClientRect().bottom));
    expect(nodes).toHaveLength(5);
    expect(Math.max(...nodes)).toBeLessThanOrEqual(190 - 26);
    await live.page.getByRole('button', { name: 'Nodes (5)' }).click();
    await live.page.getByRole('region', { name: 'Nodes' }).waitFor();
    await live.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await live.page.keyboard.press('Escape');
    await expect.poll(() => live.page.getByRole('region', { name: 'Nodes' }).count()).toBe(0);
    await live.page.context().close();
  });
});

describe('the Sequence panel', () => {
  it('has each line of a note within its border', async () => {
    const live = await opened('sequence', 340, 1);
    const note = live.page.locator('.picture .item.event', { hasText: 'ElectionTimedOut' }).first();
    await note.waitFor();
    const over = await note.evaluate((item) => {
      const box = item.querySelector('rect')!.getBoundingClientRect();
      const lines = [...item.querySelectorAll('text')].map((line) => line.getBoundingClientRect());
      return {
        count: lines.length,
        above: box.top - Math.min(...lines.map(({ top }) => top)),
        below: Math.max(...lines.map(({ bottom }) => bottom)) - box.bottom,
      };
    });
    expect(over.count).toBeGreaterThan(2);
    expect(over.above).toBeLessThanOrEqual(0.5);
    expect(over.below).toBeLessThanOrEqual(0.5);
    await live.page.context().close();
  });
});

describe('the State Machine panel', () => {
  it('has text of ten pixels and the standing just reached in view, and all of it on demand', async () => {
    const live = await opened('roles', 340, 7);
    await live.page.locator('.edgeLabel.now').waitFor();
    const size = await live.page.locator('.picture svg').evaluate((element) => {
      const drawing = element as SVGSVGElement;
      const scale = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
      return scale * parseFloat(getComputedStyle(drawing.querySelector('.edgeLabel text')!).fontSize);
    });
    expect(size).toBeGreaterThan(9.9);
    const far = () => outside(live, 'roles', '[data-standing="leader"]', '.picture');
    await expect.poll(far).toBeLessThan(2);
    await live.page.getByRole('button', { name: /Show all/ }).click();
    const whole = () => outside(live, 'roles', '.picture svg', '.picture');
    await expect.poll(whole).toBeLessThanOrEqual(0.5);
    await live.page.context().close();
  });
});

describe('the Logs panel', () => {
  it('has the row of the server in view that the headline names, and a folded legend', async () => {
    const live = await opened('logs', 300, 7);
    await live.page.locator('.changes', { hasText: 'n5 appends entry 1' }).waitFor();
    const entry = '[data-node="n5"][data-index="1"]';
    await live.page.locator(entry).waitFor();
    await expect.poll(() => outside(live, 'logs', entry, '.scroll')).toBeLessThan(2);
    expect(await live.page.locator('.legend').isVisible()).toBe(false);
    await live.page.getByText('Legend').click();
    expect(await live.page.locator('.legend').isVisible()).toBe(true);
    await live.page.context().close();
  });
});

describe('Locks and Leases', () => {
  it('names the time of the current step, and says its conflict without a cut', async () => {
    const live = await opened('locks', 340, 52, lock);
    const note = live.page.locator('[data-conflict] text');
    await note.waitFor();
    const right = await note.evaluate((text) => text.getBoundingClientRect().right);
    expect(right).toBeLessThanOrEqual(460);
    const times = await live.page.locator('.axis > g:not(.gap) text').allTextContents();
    expect(times.some((text) => /^15(\.\d+)? s$/.test(text))).toBe(true);
    await live.page.context().close();
  });
});

describe('a presented panel, half of 1280 × 800', () => {
  const half = { width: 640, height: 780, of: 'presented' } as const;

  it('Cluster leaves the scenario folded, and most of the room to its picture', async () => {
    const host = await launched(election, { stopOnEntry: true });
    const live = await openLive(browser, host, 'cluster', half);
    await live.goTo(7);
    expect(await live.page.locator('.story').count()).toBe(0);
    const share = await live.page.locator('.stage').evaluate((stage) =>
      stage.getBoundingClientRect().height / window.innerHeight);
    expect(share).toBeGreaterThan(0.5);
    await live.page.context().close();
  });

  it('Sequence leaves its legend folded, and shows all five nodes', async () => {
    const host = await launched(election, { stopOnEntry: true });
    const live = await openLive(browser, host, 'sequence', half);
    await live.goTo(7);
    const boxes = live.page.locator('.names rect.actor');
    await expect.poll(() => boxes.count()).toBe(5);
    expect(await live.page.locator('#legend').count()).toBe(0);
    // The moment is whole: the button that the menu for exports has, too, leaves it the room.
    const moment = live.page.locator('lockstep-sequence .position');
    expect(await moment.evaluate((line) => line.scrollWidth - line.clientWidth)).toBeLessThanOrEqual(0);
    const right = await boxes.last().evaluate((box) => box.getBoundingClientRect().right);
    expect(right).toBeLessThanOrEqual(640);
    await live.page.context().close();
  });
});
