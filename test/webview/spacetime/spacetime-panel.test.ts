/** The Space-Time panel in Chromium: what it draws of real sessions, and how it is moved. */

import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PanelMessage } from '../../../src/view/contract.ts';
import type { Host } from '../../dap/inline-host.ts';
import { launched, openLive, type LivePanel } from '../live-panel.ts';
import { launchChromium, openPanel, type PanelPage } from '../panel-page.ts';
import { framesOf, showMany } from './frames.ts';
import { manyMessages } from './many.ts';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const story = path.join(samples, 'distributed-locks/pause-past-ttl.scenario.yaml');

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

interface Read {
  readonly count: number;
  readonly cursor: number;
  readonly nodes: string[];
  readonly messages: number[][];
  readonly focus?: { step: number; node: number };
}

/** What the page has of its lanes. */
function lanesOf({ page }: Pick<PanelPage, 'page'>): Promise<Read[]> {
  return page.evaluate(() => {
    interface Row { step: number; from: number; to: number; sentStep: number }
    interface Lane {
      count: number;
      messageCount: number;
      view: { cursor: number; nodes: { id: string }[] };
      message(row: number): Row;
    }
    const element = document.querySelector('lockstep-spacetime') as unknown as {
      stage: { lanes: Lane[]; focus?: { step: number; node: number } };
    };
    const { lanes, focus } = element.stage;
    return lanes.map((lane) => ({
      count: lane.count,
      cursor: lane.view.cursor,
      nodes: lane.view.nodes.map(({ id }) => id),
      messages: Array.from({ length: lane.messageCount }, (_, row) => {
        const { step, from, to, sentStep } = lane.message(row);
        return [step, from, to, sentStep];
      }),
      ...(focus ? { focus: { step: focus.step, node: focus.node } } : {}),
    }));
  });
}

async function opened(step: number): Promise<{ host: Host; live: LivePanel<'spacetime'> }> {
  const host = await launched(story);
  const live = await openLive(browser, host, 'spacetime', { width: 1280, height: 800 });
  await live.goTo(step);
  const { session } = host.session.launched;
  await expect.poll(async () => (await lanesOf(live))[0]?.count).toBe(session.length + 1);
  return { host, live };
}

/** Above its broken twin, whose first difference is named. */
async function besideTwin() {
  const { live } = await opened(58);
  const { page } = live;
  await page.getByLabel('Compare with').selectOption('twin');
  await expect.poll(async () => (await lanesOf(live)).length).toBe(2);
  const note = page.locator('p.note[role=status]');
  await expect.poll(() => note.textContent()).toContain('WriteFenced');
  return { live, page, note };
}

describe('a real session', () => {
  test('is read as the session has it, follows it back and forth, and keeps the future', async () => {
    const { host, live } = await opened(30);
    const { session } = host.session.launched;
    const found: number[][] = [];
    session.recorded[0].walk(0).go(Infinity, ({ step, action, effects }) => {
      const { message, lost, sent } = effects;
      if (message && (lost || action?.type === 'deliver')) {
        found.push([step, message.fromIndex, message.toIndex, message.cause]);
      }
      for (const one of sent) {
        if (one.lost !== '') found.push([step, one.fromIndex, one.toIndex, one.cause]);
      }
    });
    const [lane] = await lanesOf(live);
    expect(lane).toMatchObject({ cursor: 30, nodes: session.world.nodes.map(({ id }) => id) });
    expect(lane!.messages).toEqual(found);
    await live.goTo(12);
    expect((await lanesOf(live))[0]).toMatchObject({ count: session.length + 1, cursor: 12 });
    expect(live.complaints).toEqual([]);
    await live.page.context().close();
  });

  test('says in words what the keys reach, and goes there', async () => {
    const { host, live } = await opened(20);
    const { page } = live;
    await page.locator('.stage').focus();
    await page.keyboard.press('ArrowLeft');
    const summary = page.locator('details summary').first();
    await expect.poll(() => summary.textContent()).toContain('before it');
    const before = (await lanesOf(live))[0]!.focus!;
    await page.keyboard.press('ArrowLeft');
    const after = (await lanesOf(live))[0]!.focus!;
    expect(after.node).toBe(before.node);
    expect(after.step).toBeLessThan(before.step);
    await expect.poll(() => page.locator('tr[aria-current] button').textContent()).toBe(String(after.step));
    await live.after(() => page.keyboard.press('Enter'));
    expect(host.session.launched.session.step).toBe(after.step);
    await page.keyboard.press('Shift+ArrowLeft');
    const sender = (await lanesOf(live))[0]!.focus!;
    expect(sender.step).toBeLessThanOrEqual(after.step);
    await page.context().close();
  });

  test('marks what a condition finds, moves to it, and shows where the condition is wrong', async () => {
    const { live } = await opened(40);
    const { page } = live;
    const field = page.locator('input[type=search]');
    await field.fill('event.name == "LockAcquired"');
    await field.press('Enter');
    const count = page.locator('.hits [role=status]');
    await expect.poll(() => count.textContent()).toMatch(/^\d+ match(es)?$/);
    await page.locator('.stage').focus();
    await page.keyboard.press('F3');
    await expect.poll(() => count.textContent()).toMatch(/^1 of \d+$/);
    await field.fill('event.nam ==');
    await field.press('Enter');
    await expect.poll(() => page.locator('[role=alert]').textContent()).toContain('cannot be read');
    await page.context().close();
  });

  test('is drawn above its broken twin, and the first difference is named', async () => {
    const { page, note } = await besideTwin();
    await expect.poll(() => note.textContent()).toContain('WriteAccepted');
    const svg = await page.evaluate(() =>
      (document.querySelector('lockstep-spacetime') as unknown as { toSvg(): string }).toSvg());
    expect(svg).toContain('first difference');
    expect(svg).toContain('pause-past-ttl.broken.scenario.yaml');
    expect(await page.evaluate((text) =>
      new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror'), svg),
    ).toBeNull();
    await page.context().close();
  });

  test('names the first difference right of the name of the run, if it is at the left edge', async () => {
    const { page } = await besideTwin();
    const [name, difference] = await page.evaluate(() => {
      interface Moved {
        difference: number;
        lanes: { times: { at(step: number): number } }[];
        axis: { placeOf(time: number): number };
        viewport: { start: number };
      }
      const element = document.querySelector('lockstep-spacetime') as unknown as {
        stage: Moved;
        toSvg(): string;
      };
      const { difference, lanes, axis, viewport } = element.stage;
      viewport.start = axis.placeOf(lanes[1]!.times.at(difference));
      const svg = new DOMParser().parseFromString(element.toSvg(), 'image/svg+xml');
      const texts = [...svg.querySelectorAll('text')];
      return ['pause-past-ttl.broken', 'first difference'].map((text) => {
        const found = texts.findLast((one) => one.textContent?.startsWith(text));
        return { x: Number(found?.getAttribute('x')), text: found?.textContent ?? '' };
      });
    });
    // No character of a bold text is narrower than this.
    expect(difference!.x).toBeGreaterThan(name!.x + 3 * name!.text.length);
    await page.context().close();
  });
});

describe('the first picture', () => {
  const first = path.join(samples, 'raft/first-election.scenario.yaml');

  async function firstPicture(size: { width: number; height: number }) {
    const host = await launched(first);
    const live = await openLive(browser, host, 'spacetime', size);
    await live.goTo(17);
    await expect.poll(async () => (await lanesOf(live))[0]?.count).toBe(18);
    return live;
  }

  /** Where the events are across the plot, in shares of its width, and the rows of the lanes. */
  function picture({ page }: Pick<PanelPage, 'page'>, copies = 1) {
    return page.evaluate((many) => {
      interface Row { rowHeight: number; rows: { y: number; height: number } }
      interface Found {
        lanes: { times: { at(step: number): number }; view: { nodes: object[] } }[];
        axis: { placeOf(time: number): number };
        viewport: { xOf(place: number): number; width: number };
        layout: { height: number; lanes: Row[]; overview: { y: number } };
      }
      const { stage } =
        document.querySelector('lockstep-spacetime') as unknown as { stage: Found };
      const [lane] = stage.lanes;
      const own = lane!.view.nodes;
      lane!.view.nodes = Array.from({ length: many }, () => own).flat();
      const { lanes, overview } = stage.layout;
      lane!.view.nodes = own;
      const x = (step: number) =>
        stage.viewport.xOf(stage.axis.placeOf(lane!.times.at(step))) / stage.viewport.width;
      return { first: x(1), last: x(17), below: overview.y, ...lanes[0]! };
    }, copies);
  }

  test('shows what happened instead of the time before it', async () => {
    const live = await firstPicture({ width: 460, height: 380 });
    const { first: begin, last } = await picture(live);
    expect(begin).toBeLessThan(0.5);
    expect(last).toBeGreaterThan(0.8);
    expect(last).toBeLessThan(1);
    await live.page.context().close();
  });

  test('has the rows of fifteen nodes in view, and the whole example in the search field', async () => {
    const live = await firstPicture({ width: 460, height: 350 });
    const { rowHeight, rows, below } = await picture(live, 3);
    expect(rowHeight * 15).toBeLessThanOrEqual(rows.height + 0.5);
    expect(rows.y + rows.height).toBeLessThanOrEqual(below);
    await live.page.getByRole('button', { name: 'Options' }).click();
    const room = await live.page.locator('input[type=search]').evaluate((field) => {
      const input = field as HTMLInputElement;
      const pen = document.createElement('canvas').getContext('2d')!;
      const { fontSize, fontFamily } = getComputedStyle(input, '::placeholder');
      pen.font = `${fontSize} ${fontFamily}`;
      return input.clientWidth - 10 - pen.measureText(input.placeholder).width;
    });
    expect(room).toBeGreaterThanOrEqual(0);
    await live.page.context().close();
  });
});

describe('many messages', () => {
  test('are read in parts and drawn in every zoom', async () => {
    const posted: PanelMessage[] = [];
    const receive = (message: PanelMessage) => void posted.push(message);
    const panel = await openPanel(browser, 'spacetime', { width: 900, height: 600, receive });
    await showMany(panel, manyMessages(6_000));
    for (const motion of ['scroll the whole run', 'zoom', 'scroll'] as const) {
      const { drawing } = await framesOf(panel.page, motion, 12);
      expect(drawing.length).toBeGreaterThan(5);
    }
    expect(panel.complaints).toEqual([]);
    await panel.page.context().close();
  });

  test('are drawn anew in the colours of another theme', async () => {
    const panel = await openPanel(browser, 'spacetime', { width: 700, height: 500, theme: 'dark' });
    await showMany(panel, manyMessages(300));
    const corner = () => panel.page.evaluate(async () => {
      const element = document.querySelector('lockstep-spacetime')!;
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      const canvas = element.shadowRoot!.querySelector('canvas')!;
      return [...canvas.getContext('2d')!.getImageData(2, canvas.height - 3, 1, 1).data];
    });
    expect(await corner()).toEqual([31, 31, 31, 255]);
    await panel.setTheme('light');
    await expect.poll(corner).toEqual([255, 255, 255, 255]);
    await panel.page.context().close();
  });
});
