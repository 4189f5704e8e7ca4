/** The sequence panel in Chromium: what a user does with mouse and keyboard. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  defaultSelection, type SequenceItem, type SequenceView,
} from '../../src/view/sequence/sequence-view.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import { drawn, message, withItems } from './sequence-items.ts';
import { makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe('a user of the sequence panel', () => {
  it('goes to an item by click and by keyboard', async () => {
    const panel = await openPanel(browser, 'sequence');
    await panel.show(makeView({ nodes: 3 }));
    await drawn(panel, 57);
    await panel.page.locator('.target[aria-label*="step 55"]').click();
    await panel.page.locator('.target[aria-current]').focus();
    await panel.page.keyboard.press('ArrowUp');
    await panel.page.keyboard.press('Enter');
    const steps = (await panel.posted()).slice(1);
    expect(steps).toEqual([
      { type: 'goto', step: 55 },
      { type: 'goto', step: 56 },
    ]);
  });

  it('keeps the focus on the row of the new step, or on the nearest row', async () => {
    const panel = await openPanel(browser, 'sequence', { width: 460, height: 270 });
    const { page } = panel;
    const focused = () =>
      page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.ariaLabel);
    await panel.show(makeView({ nodes: 3 }));
    await drawn(panel, 57);
    await page.locator('.target[tabindex="0"]').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    expect((await panel.posted()).slice(1)).toEqual([{ type: 'goto', step: 56 }]);
    await panel.show(makeView({ nodes: 3, step: 55 }));
    await drawn(panel, 55);
    await expect.poll(focused).toMatch(/step 55$/);
    const flying: SequenceItem = { ...message('Pong', 2), outcome: 'in-flight' } as SequenceItem;
    await panel.show(withItems([message('Ping', 2), message('Ping', 3), flying], 4));
    await expect.poll(focused).toMatch(/^Ping.*step 3$/);
    await panel.show(withItems([message('Ping', 2, true), message('Ping', 3), flying], 2));
    await expect.poll(focused).toMatch(/^Ping.*step 2$/);
  });

  it('leaves the focus where it is outside the rows', async () => {
    const panel = await openPanel(browser, 'sequence');
    await panel.show(makeView({ nodes: 3 }));
    await drawn(panel, 57);
    await panel.page.getByRole('button', { name: 'Copy as Mermaid' }).focus();
    await panel.show(makeView({ nodes: 3, step: 58 }));
    await drawn(panel, 58);
    const tag = () =>
      panel.page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.localName);
    expect(await tag()).toBe('button');
  });

  it('fetches earlier rows when the user scrolls up, and what is in view stays there', async () => {
    const panel = await openPanel(browser, 'sequence', { height: 420 });
    const rows = (from: number, until: number) =>
      Array.from({ length: until - from + 1 }, (_, index) => message(`Ping ${from + index}`, from + index));
    const view = (from: number, until: number) => {
      const items = rows(from, until).map((item) => ({ ...item, current: item.step === until }));
      const made = withItems(items, until);
      made.views.sequence.covered = { branch: 0, first: from, last: until };
      return made;
    };
    await panel.show(view(61, 100));
    await drawn(panel, 100);
    await panel.page.getByText('60 earlier actions not drawn').waitFor();
    await panel.page.locator('.scroll').evaluate((frame) => (frame.scrollTop = 20));
    const asked = async () => (await panel.posted()).filter(({ type }) => type === 'ask');
    await expect.poll(asked).toHaveLength(1);
    expect((await asked())[0]).toMatchObject({ question: { type: 'earlier', before: 61 } });
    const top = () => panel.page.locator('.row', { hasText: 'Ping 65' }).evaluate((row) => row.getBoundingClientRect().top);
    const before = await top();
    const { number } = (await asked())[0] as unknown as { number: number };
    const answer = { items: rows(41, 60), first: 41, before: 40 };
    await panel.page.evaluate((data) => window.postMessage(data, '*'), { type: 'answer', number, answer });
    await panel.page.locator('.row', { hasText: 'Ping 41' }).waitFor();
    await expect.poll(async () => Math.abs((await top()) - before)).toBeLessThan(2);
    // A step later, they are still there.
    await panel.show(view(62, 101));
    await drawn(panel, 101);
    expect(await panel.page.locator('.row').count()).toBe(61);
    // In another branch they are not.
    const other = view(62, 101);
    other.views.sequence.covered.branch = 1;
    await panel.show(other);
    await expect.poll(() => panel.page.locator('.row').count()).toBe(40);
  });

  it('sends what the user chooses, and says how many restrictions there are', async () => {
    const panel = await openPanel(browser, 'sequence', { width: 400, height: 500 });
    const made = withItems([message('Ping', 1), message('Pong', 2, true)], 2);
    const show = (selection: Partial<SequenceView['selection']>) => {
      const chosen = { ...defaultSelection, ...selection };
      const requests = [{ id: '7', text: 'n1 invokes put x', step: 1 }];
      const choices = { ...made.views.sequence.choices, operations: ['put'], requests };
      const sequence = { ...made.views.sequence, choices, selection: chosen };
      return panel.show({ ...made, views: { ...made.views, sequence } });
    };
    await show({});
    const { page } = panel;
    const header = (await page.locator('header').boundingBox())!;
    expect(header.height).toBeLessThan(64);
    for (const button of await page.locator('header button:visible').all()) {
      const box = (await button.boundingBox())!;
      expect(box.x + box.width).toBeLessThanOrEqual(400);
    }
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    const choices = page.locator('.filters');
    await choices.getByLabel('Ping').uncheck();
    await choices.getByLabel('n2', { exact: true }).uncheck();
    await choices.getByLabel('Rows').selectOption('80');
    await choices.getByLabel('Only one request').selectOption('n1 invokes put x, step 1');
    await choices.getByLabel('From step').fill('2');
    await choices.getByLabel('From step').press('Enter');
    const sent = (await panel.posted()).flatMap((message_) =>
      message_.type === 'select' ? [message_.selection] : [],
    );
    const parts = [
      { hiddenMessages: ['Ping'] }, { nodes: ['n1', 'n3', 'c1', 'c2'] }, { rows: 80 },
      { cone: { type: 'operation', operation: '7' } }, { from: 2 },
    ];
    expect(sent).toEqual(parts.map((part) => ({ ...defaultSelection, ...part })));
    await show({ hiddenMessages: ['Ping'], from: 2 });
    await page.getByRole('button', { name: 'Filter (2)' }).waitFor();
    expect(await choices.getByLabel('Ping').isChecked()).toBe(false);
    await page.getByRole('button', { name: 'Show everything' }).click();
    expect((await panel.posted()).at(-1)).toMatchObject({ selection: defaultSelection });
  });

  it('shows the causes and effects of the focused row by a key, and everything again', async () => {
    const panel = await openPanel(browser, 'sequence');
    const made = withItems([message('Ping', 1), message('Pong', 2, true)], 2);
    await panel.show(made);
    await drawn(panel, 2);
    await panel.page.locator('.target[aria-current]').focus();
    await panel.page.keyboard.press('Escape');
    await panel.page.keyboard.press('ArrowUp');
    await panel.page.keyboard.press('Control+c');
    await panel.page.keyboard.press('c');
    const cone = { type: 'step', step: 1 } as const;
    const sent = async () => (await panel.posted()).filter(({ type }) => type === 'select');
    const selection = { ...defaultSelection, cone };
    await expect.poll(sent).toEqual([{ type: 'select', panel: 'sequence', selection }]);
    made.views.sequence.selection = selection;
    await panel.show(made);
    await panel.page.getByRole('button', { name: 'Filter (1)' }).waitFor();
    await panel.page.locator('.target[tabindex="0"]').focus();
    await panel.page.keyboard.press('Escape');
    const whole = { type: 'select', panel: 'sequence', selection: defaultSelection };
    await expect.poll(async () => (await sent()).at(-1)).toEqual(whole);
    await panel.page.getByText('Keys on a row').waitFor();
    expect(await panel.page.locator('.keys').textContent()).toContain('C shows only its causes');
  });

  it.each([230, 300, 460])('reads its step beside the buttons at a width of %i', async (width) => {
    const panel = await openPanel(browser, 'sequence', { width, height: 500 });
    await panel.show(makeView({ nodes: 3 }));
    await drawn(panel, 57);
    const line = panel.page.locator('.position');
    const number = await line.locator('strong').boundingBox();
    const whole = await line.boundingBox();
    expect(number!.x + number!.width).toBeLessThanOrEqual(whole!.x + whole!.width);
    // So many letters are more than the number.
    expect(whole!.width).toBeGreaterThan(70);
    await panel.page.getByRole('button', { name: 'Legend' }).waitFor();
    await panel.page.getByRole('button', { name: 'Filter' }).click();
    await panel.page.locator('#filters').waitFor();
  });
});
