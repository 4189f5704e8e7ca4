/** The sequence panel in Chromium: where things stand, and what is in view. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SequenceItem } from '../../src/view/sequence/sequence-view.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import {
  band, cutNames, drawn, event, message, texts, when, withItems,
} from './sequence-items.ts';
import { makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe('the columns and rows of the sequence panel', () => {
  it('keeps the current row visible when the panel becomes lower', async () => {
    const panel = await openPanel(browser, 'sequence', { height: 700 });
    await panel.show(makeView({ nodes: 5 }));
    await drawn(panel, 57);
    await panel.page.setViewportSize({ width: 650, height: 300 });
    const isVisible = async () => {
      const row = (await panel.page.locator('.target[aria-current]').boundingBox())!;
      const frame = (await panel.page.locator('.scroll').boundingBox())!;
      return row.y > frame.y && row.y + row.height <= frame.y + frame.height + 1;
    };
    await expect.poll(isVisible).toBe(true);
  });

  it('spreads its columns over the panel, and breaks labels more often before it scrolls', async () => {
    const panel = await openPanel(browser, 'sequence', { width: 1200 });
    await panel.show(makeView({ nodes: 3, clients: 0 }));
    await drawn(panel, 57);
    const scroll = panel.page.locator('.scroll');
    const excess = () => scroll.evaluate((frame) => frame.scrollWidth - frame.clientWidth);
    const width = async () => (await panel.page.locator('.picture svg').boundingBox())!.width;
    await expect.poll(width).toBeGreaterThan(1000);
    await panel.page.setViewportSize({ width: 460, height: 800 });
    await expect.poll(width).toBeLessThan(460);
    expect(await excess()).toBe(0);
    await panel.page.setViewportSize({ width: 240, height: 800 });
    await expect.poll(excess).toBeGreaterThan(0);
  });

  it('has room for the names of five nodes in a panel of 460 px', async () => {
    const panel = await openPanel(browser, 'sequence', { width: 460, height: 270 });
    await panel.show(makeView({ nodes: 5, clients: 0 }));
    await drawn(panel, 57);
    await expect.poll(() => cutNames(panel)).toEqual([]);
    const scroll = panel.page.locator('.scroll');
    expect(await scroll.evaluate((frame) => frame.scrollWidth)).toBeLessThanOrEqual(460);
    const name = (await panel.page.locator('.names rect.actor').last().boundingBox())!;
    expect(name.x + name.width).toBeLessThanOrEqual(460);
  });

  it('says the whole of a label in a low panel that has the room', async () => {
    const panel = await openPanel(browser, 'sequence', { width: 460, height: 300 });
    const sent = message('Vote for term 12, granted after 4 entries of term 11', 1, true);
    await panel.show(withItems([sent], 1, 5));
    await drawn(panel, 1);
    const said = async () => (await texts(panel)).join(' ').replaceAll(/\s+/g, ' ');
    await expect.poll(said).toContain('entries of term 11');
    expect(await said()).not.toContain('…');
    const line = panel.page.locator('header p');
    expect(await line.evaluate((words) => words.getClientRects().length)).toBe(1);
    expect((await line.boundingBox())!.height).toBeLessThan(24);
  });

  it('has all words of a label that it cuts for screen readers and on hover', async () => {
    const panel = await openPanel(browser, 'sequence', { width: 460, height: 270 });
    const rows = Array.from({ length: 8 }, (_, index) => {
      const label = `Vote for term 12, granted after 4 entries of term 11, ballot ${index}`;
      const told = { ...event(index + 1), current: false, fields: `ballot ${index} of ${'abc'.repeat(20)}` };
      return [message(label, index + 1, index === 7), told as SequenceItem];
    });
    const items = rows.flat();
    await panel.show(withItems(items, 8, 5));
    await drawn(panel, 8);
    const found = await panel.page.locator('.picture .row').evaluateAll((groups) => groups.map((group) => ({
      drawn: [...group.querySelectorAll('text')].map((text) => text.textContent).join(' '),
      spoken: group.querySelector('.target')!.getAttribute('aria-label')!,
      hover: group.querySelector('title')!.textContent!,
    })));
    expect(found).toHaveLength(items.length);
    expect(found.filter((row) => row.drawn.includes('…')).length).toBeGreaterThan(7);
    for (const [index, row] of found.entries()) {
      const item = items[index]!;
      const whole = item.type === 'message' ? item.label : (item as { fields: string }).fields;
      expect(row.drawn).not.toContain(whole);
      expect([row.spoken, row.hover]).toEqual([
        expect.stringContaining(whole), expect.stringContaining(whole),
      ]);
    }
  });

  it('scrolls sideways to the whole name of the node that acts', async () => {
    const panel = await openPanel(browser, 'sequence', { width: 300, height: 270 });
    const nodes = ['n1', 'n2', 'n3', 'n4', 'n5'];
    for (const [index, acting] of [...nodes, ...nodes.toReversed()].entries()) {
      const step = index + 1;
      const from = acting === 'n1' ? 'n5' : 'n1';
      const items = [{ ...message(`Ping ${step}`, step, true), from, to: acting }, event(step, acting)];
      await panel.show(withItems(items, step, 5));
      await drawn(panel, step);
      await expect.poll(() => cutNames(panel), { message: acting }).not.toContain(acting);
    }
  });

  it('keeps the node in view whose timer fired, among twelve, with or without a row', async () => {
    const panel = await openPanel(browser, 'sequence', { width: 560, height: 400 });
    const sent = { ...message('Ping', 3), from: 'n11', to: 'n2', outcome: 'in-flight' } as SequenceItem;
    for (const [step, flying] of [[3, [sent]], [4, []]] as const) {
      const made = withItems([message('Ping', 2), ...flying], step, 12);
      const sequence = { ...made.views.sequence, actor: step === 3 ? 'n11' : 'n12' };
      await panel.show({ ...made, views: { ...made.views, sequence } });
      await panel.page.getByText(`Step ${step}`, { exact: true }).waitFor();
      const acting = panel.page.locator('.names [data-node]', { has: panel.page.locator('rect.acted') });
      await expect.poll(() => acting.getAttribute('data-node')).toBe(sequence.actor);
      await expect.poll(() => cutNames(panel)).not.toContain(sequence.actor);
      expect(await panel.page.locator('.names rect.acted').count()).toBe(1);
    }
  });

  it('shows all of a note of the first and of the last column', async () => {
    const panel = await openPanel(browser, 'sequence', { width: 900 });
    const long = { name: 'ALongNameOfAnEventInBold', fields: 'of a node' };
    const notes = ['n1', 'n2'].map((node) => ({ ...event(2, node), ...long }) as SequenceItem);
    await panel.show(withItems([message('P', 1), ...notes], 2, 2));
    await drawn(panel, 2);
    const [picture, ...rects] = await Promise.all([
      panel.page.locator('.picture svg').boundingBox(),
      ...[0, 1].map((index) => panel.page.locator('.picture .event rect').nth(index).boundingBox()),
    ]);
    for (const rect of rects) {
      expect(rect!.x).toBeGreaterThanOrEqual(picture!.x);
      expect(rect!.x + rect!.width).toBeLessThanOrEqual(picture!.x + picture!.width);
    }
  });

  it('shows the words of a fault of the whole network, whose note is wider than the panel', async () => {
    const panel = await openPanel(browser, 'sequence', { width: 400, height: 300 });
    const nodes = Array.from({ length: 12 }, (_, index) => `n${index + 1}`);
    const item = { type: 'fault', nodes, text: 'heal all links', ...when(2), current: true } as SequenceItem;
    await panel.show(withItems([message('Ping', 1), item], 2, 12));
    await drawn(panel, 2);
    const words = panel.page.locator('.picture .fault text').first();
    await expect.poll(async () => {
      const box = (await words.boundingBox())!;
      const gutter = (await panel.page.locator('.gutter').boundingBox())!;
      return box.x >= gutter.x + gutter.width && box.x + box.width <= 400;
    }).toBe(true);
  });

  it.each([
    { effects: 2, fits: true },
    { effects: 14, fits: false },
  ])('shows the first of $effects rows of a step in a small panel', async ({ effects, fits }) => {
    const panel = await openPanel(browser, 'sequence', { width: 460, height: 270 });
    const rows = (from: number, step: number) =>
      Array.from({ length: from }, (_, index) => message(`Ping ${index}`, step + index));
    // Events of one node share a note, so they alternate.
    const events = Array.from({ length: effects }, (_, index) => event(21, `n${1 + (index % 2)}`));
    const step = [message('Ack', 21, true), ...events];
    const far = [...rows(20, 1), ...step, ...rows(20, 22)];
    await panel.show(withItems([...rows(20, 1), message('Ping', 20, true)], 20));
    await drawn(panel, 20);
    for (const before of ['above', 'below']) {
      await panel.page
        .locator('.scroll')
        .evaluate((frame, top) => (frame.scrollTop = top), before === 'above' ? 0 : 1e6);
      await panel.show(withItems(far, before === 'above' ? 21 : 22));
      const expected = { marked: effects + 1, isFirstVisible: true, isLastVisible: fits };
      await expect.poll(() => band(panel)).toMatchObject(expected);
      if (!fits) expect((await band(panel)).space).toBeLessThan(8);
    }
  });
});
