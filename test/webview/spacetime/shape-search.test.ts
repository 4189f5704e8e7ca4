/** Searching for a shape in the Space-Time panel: events are picked, and its places gone through. */

import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launched, openLive, type LivePanel } from '../live-panel.ts';
import { launchChromium } from '../panel-page.ts';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const election = path.join(samples, 'raft/first-election.scenario.yaml');

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

interface Spot { step: number; node: number }

/** The arrival of each message, and the step that sent it. */
function messagesOf({ page }: LivePanel<'spacetime'>) {
  return page.evaluate(() => {
    interface Row { step: number; from: number; to: number; sentStep: number; label: string }
    const { stage } = document.querySelector('lockstep-spacetime') as unknown as {
      stage: { lanes: { isWhole: boolean; messageCount: number; message(row: number): Row }[] };
    };
    const [lane] = stage.lanes;
    if (!lane?.isWhole) return [];
    return Array.from({ length: lane.messageCount }, (_, row) => lane.message(row));
  });
}

/** What is picked, and the place of the shape that is marked. */
function marked({ page }: LivePanel<'spacetime'>) {
  return page.evaluate(() => {
    const { stage } = document.querySelector('lockstep-spacetime') as unknown as {
      stage: { picked: Spot[]; place?: { events: Spot[] } };
    };
    const steps = (all: readonly Spot[]) => all.map(({ step }) => step);
    return { picked: steps(stage.picked), place: steps(stage.place?.events ?? []) };
  });
}

/** Where an event is on the page. */
function placeOf({ page }: LivePanel<'spacetime'>, spot: Spot) {
  return page.evaluate(({ step, node }) => {
    interface Found {
      lanes: object[];
      axis: { ofStep(lane: object, step: number): number; placeOf(instant: number): number };
      viewport: { xOf(place: number): number };
      layout: { gutter: number; lanes: { rows: { y: number }; rowHeight: number }[] };
    }
    const panel = document.querySelector('lockstep-spacetime') as unknown as
      HTMLElement & { stage: Found };
    const { lanes: [lane], axis, viewport, layout } = panel.stage;
    const box = panel.shadowRoot!.querySelector('.stage')!.getBoundingClientRect();
    const { rows, rowHeight } = layout.lanes[0]!;
    return {
      x: box.x + layout.gutter + viewport.xOf(axis.placeOf(axis.ofStep(lane!, step))),
      y: box.y + rows.y + (node + 0.5) * rowHeight,
    };
  }, spot);
}

async function opened() {
  const host = await launched(election, { stopOnEntry: true });
  const live = await openLive(browser, host, 'spacetime', { width: 1280, height: 800 });
  await live.goTo(60);
  await expect.poll(async () => (await messagesOf(live)).length).toBeGreaterThan(10);
  await live.page.getByLabel('Axis', { exact: true }).selectOption('step');
  const messages = await messagesOf(live);
  const vote = messages.find(({ label, step }) =>
    label === 'RequestVoteResult' && messages.some((one) => one.step < step))!;
  const request = messages.find(({ step }) => step === vote.sentStep)!;
  return { host, live, messages, request, vote };
}

const status = ({ page }: LivePanel<'spacetime'>) => page.locator('.hits [role=status]');

test('two events are picked with Shift, and every place like them is found and gone to', async () => {
  const { host, live, messages, request, vote } = await opened();
  const { page } = live;
  const before = host.session.launched.session.step;
  for (const { step, to } of [vote, request]) {
    const { x, y } = await placeOf(live, { step, node: to });
    await page.keyboard.down('Shift');
    await page.mouse.click(x, y);
    await page.keyboard.up('Shift');
  }
  await expect.poll(async () => (await marked(live)).picked).toEqual([request.step, vote.step]);
  await page.getByText('2 events picked').waitFor();
  await page.getByRole('button', { name: 'Find This Shape' }).click();
  // Each vote that a server received was an answer to a request that another has received.
  const votes = messages.filter(({ label }) => label === vote.label);
  await expect.poll(() => status(live).textContent()).toContain(`${votes.length} match`);
  await page.locator('.stage').focus();
  const seen: number[][] = [];
  for (const _ of votes) {
    await page.keyboard.press('F3');
    seen.push((await marked(live)).place);
  }
  const pairs = votes.map(({ sentStep, step }) => [sentStep, step]);
  expect(seen.toSorted((one, other) => one[1]! - other[1]!)).toEqual(pairs);
  await expect.poll(() => status(live).textContent()).toMatch(/^\s*\d+ of \d+/);
  // To pick is not to go there.
  expect(host.session.launched.session.step).toBe(before);
  expect(live.complaints).toEqual([]);
  await page.context().close();
});

test('events are picked by keyboard, and Escape takes them back', async () => {
  const { live } = await opened();
  const { page } = live;
  await page.locator('.stage').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+Enter');
  await page.getByText('2 events picked').waitFor();
  expect((await marked(live)).picked).toHaveLength(2);
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await marked(live)).picked).toEqual([]);
  await expect.poll(() => page.locator('.picked').count()).toBe(0);
  await page.context().close();
});

test('common shapes are found by name, instead of a condition', async () => {
  const { live } = await opened();
  const { page } = live;
  const shape = page.getByLabel('Search for', { exact: true });
  for (const name of ['request', 'broadcast', 'gather']) {
    await shape.selectOption(name);
    await expect.poll(() => status(live).textContent(), { message: name }).toMatch(/^\s*\d+ match/);
    await page.getByRole('button', { name: 'Next match' }).click();
    expect((await marked(live)).place.length).toBeGreaterThan(1);
  }
  expect(await page.locator('input[type=search]').isVisible()).toBe(false);
  await shape.selectOption('');
  expect(await page.locator('input[type=search]').isVisible()).toBe(true);
  expect(await status(live).textContent()).toBe('');
  expect((await marked(live)).place).toEqual([]);
  await page.context().close();
});

test('what to do is said while nothing is picked, and the chosen name is not cut', async () => {
  const { live } = await opened();
  const { page } = live;
  const shape = page.getByLabel('Search for', { exact: true });
  for (const name of ['request', 'picked']) {
    await shape.selectOption(name);
    // As wide as it would be without a limit.
    const [width, whole] = await shape.evaluate((element) => {
      const is = element.clientWidth;
      element.style.maxWidth = 'none';
      const all = element.clientWidth;
      element.style.maxWidth = '';
      return [is, all];
    });
    expect(width, name).toBe(whole);
  }
  await expect.poll(() => status(live).textContent()).toContain('Shift with a click');
  await page.context().close();
});

test('what is below the picture unfolds when the panel grows, and not at the next click', async () => {
  const { live } = await opened();
  const { page } = live;
  const unfolded = () => page.locator('lockstep-spacetime details[open]').count();
  await page.setViewportSize({ width: 1280, height: 300 });
  await expect.poll(unfolded).toBe(0);
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect.poll(unfolded).toBe(2);
  await page.context().close();
});
