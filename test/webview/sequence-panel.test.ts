/** The sequence panel in Chromium: what it draws, marks and copies, and what it withstands. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SequenceItem } from '../../src/view/contract.ts';
import { sequenceToMermaid } from '../../src/view/mermaid.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';
import { type Made, makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

function withItems(items: SequenceItem[], step = 3, nodes = 3): Made {
  const { moment, views } = makeView({ nodes, step });
  const { participants } = views.sequence;
  const mermaid = sequenceToMermaid(participants, items);
  return { moment, views: { ...views, sequence: { participants, items, before: 0, mermaid } } };
}

function message(label: string, step: number, current = false): SequenceItem {
  return {
    type: 'message',
    id: `n1->n2#${step}`,
    from: 'n1',
    to: 'n2',
    label,
    fields: '',
    outcome: 'delivered',
    step,
    current,
  };
}

function event(step: number, node = 'n2'): SequenceItem {
  return { type: 'event', node, name: 'Acked', fields: '', step, current: true };
}

/** How much of the current step's rows is visible, and how far the first is below the names. */
function band({ page }: PanelPage<'sequence'>) {
  return page.evaluate(() => {
    const root = document.querySelector('lockstep-sequence')!.shadowRoot!;
    const marked = [...root.querySelectorAll('.target[aria-current]')];
    const rows = marked.map((row) => row.getBoundingClientRect());
    const frame = root.querySelector('.scroll')!;
    const top = root.querySelector('.names')!.getBoundingClientRect().bottom;
    const bottom = frame.getBoundingClientRect().top + frame.clientHeight;
    const isVisible = (row?: DOMRect) => !!row && row.top >= top && row.bottom <= bottom;
    const [isFirstVisible, isLastVisible] = [isVisible(rows[0]), isVisible(rows.at(-1))];
    return { marked: rows.length, isFirstVisible, isLastVisible, space: rows[0]!.top - top };
  });
}

/** The nodes whose names are not wholly visible. */
function cutNames({ page }: PanelPage<'sequence'>): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('lockstep-sequence')!.shadowRoot!;
    const frame = root.querySelector('.scroll')!.getBoundingClientRect();
    const names = [...root.querySelectorAll('.names [data-et="participant"]')];
    const cut = names.filter((name) => {
      const { left, right } = name.querySelector('rect')!.getBoundingClientRect();
      return left < frame.left || right > frame.right;
    });
    return cut.map((name) => name.querySelector('text')!.textContent!);
  });
}

/** Resolves when the view of this step is drawn. */
async function drawn({ page }: PanelPage<'sequence'>, step: number): Promise<void> {
  await page.getByText(`Step ${step}`, { exact: true }).waitFor();
  await page.locator(`.target[aria-current][aria-label$="step ${step}"]`).first().waitFor();
}

const texts = ({ page }: PanelPage<'sequence'>) => page.locator('.picture text').allTextContents();

describe('the sequence panel', () => {
  it('says what will appear before the first stop, and asks for a view', async () => {
    const panel = await openPanel(browser, 'sequence');
    await panel.page.getByText('F5').waitFor();
    expect(await panel.posted()).toEqual([{ type: 'ready', panel: 'sequence' }]);
  });

  it('draws every item, marks the current one, and keeps it visible', async () => {
    const panel = await openPanel(browser, 'sequence', { height: 420 });
    const view = makeView({ nodes: 5 });
    await panel.show(view);
    await drawn(panel, 57);
    expect(await panel.page.locator('.target').count()).toBe(view.views.sequence.items.length);
    expect(await panel.page.locator('.names rect.actor').count()).toBe(7);
    await expect.poll(() => panel.page.locator('.mark.current').count()).toBe(1);
    const row = (await panel.page.locator('.target[aria-current]').boundingBox())!;
    const frame = (await panel.page.locator('.scroll').boundingBox())!;
    expect(row.y).toBeGreaterThan(frame.y);
    expect(row.y + row.height).toBeLessThanOrEqual(frame.y + frame.height + 1);
    expect(await panel.page.locator('[role=status]').textContent()).toContain('step 57');
    expect(panel.complaints).toEqual([]);
  });

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

  it('draws a handler that threw beside its message, and marks both', async () => {
    const panel = await openPanel(browser, 'sequence');
    const threw: SequenceItem = {
      type: 'fault',
      nodes: ['n2'],
      text: 'n2 threw: out of luck; {no} #1',
      step: 3,
      current: true,
    };
    await panel.show(withItems([message('Ping', 3, true), threw]));
    await drawn(panel, 3);
    await expect.poll(() => panel.page.locator('.mark.current').count()).toBe(2);
    expect((await texts(panel)).join(' ')).toContain('n2 threw: out of luck; {no} #1');
    expect(await panel.page.locator('.fault.current rect.note').count()).toBe(1);
    expect(await panel.page.locator('[role=status]').textContent()).toBe(
      'Ping, n1 to n2, delivered, step 3; n2 threw: out of luck; {no} #1, step 3',
    );
  });

  it('shrinks a little before it scrolls sideways', async () => {
    const panel = await openPanel(browser, 'sequence', { width: 1200 });
    await panel.show(makeView({ nodes: 3 }));
    await drawn(panel, 57);
    const picture = panel.page.locator('.picture svg');
    const whole = (await picture.boundingBox())!;
    const widthIn = async (width: number) => {
      await panel.page.setViewportSize({ width: Math.round(width), height: 800 });
      return (await picture.boundingBox())!.width;
    };
    expect(await widthIn(whole.width * 0.9)).toBeCloseTo(whole.width * 0.9, -1);
    expect(await widthIn(whole.width * 0.5)).toBeCloseTo(whole.width * 0.85, -1);
    const scroll = panel.page.locator('.scroll');
    expect(await scroll.evaluate((frame) => frame.scrollWidth > frame.clientWidth)).toBe(true);
  });

  it('goes to an item by click and by keyboard', async () => {
    const panel = await openPanel(browser, 'sequence');
    await panel.show(makeView({ nodes: 3 }));
    await drawn(panel, 57);
    await panel.page.locator('.target[aria-label$="step 55"]').click();
    await panel.page.locator('.target[aria-current]').focus();
    await panel.page.keyboard.press('ArrowUp');
    await panel.page.keyboard.press('Enter');
    const steps = (await panel.posted()).slice(1);
    expect(steps).toEqual([
      { type: 'goto', step: 55 },
      { type: 'goto', step: 56 },
    ]);
  });

  it('has room for the names of five nodes in a panel of 460 px', async () => {
    const panel = await openPanel(browser, 'sequence', { width: 460, height: 270 });
    await panel.show(makeView({ nodes: 5, clients: 0 }));
    await drawn(panel, 57);
    await expect.poll(() => cutNames(panel)).toEqual([]);
    const scroll = panel.page.locator('.scroll');
    expect(await scroll.evaluate((frame) => frame.scrollWidth)).toBeLessThanOrEqual(460);
    const name = (await panel.page.locator('.names rect.actor').last().boundingBox())!;
    expect(name.x).toBeLessThan(20);
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
      const acting = panel.page.locator('.names g', { has: panel.page.locator('rect.acted') });
      await expect.poll(() => acting.last().textContent()).toContain(sequence.actor);
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
    const item = { type: 'fault', nodes, text: 'heal all links', step: 2, current: true } as SequenceItem;
    await panel.show(withItems([message('Ping', 1), item], 2, 12));
    await drawn(panel, 2);
    const words = panel.page.locator('.picture .fault text').first();
    await expect.poll(async () => {
      const box = (await words.boundingBox())!;
      return box.x >= 0 && box.x + box.width <= 400;
    }).toBe(true);
  });

  it.each([
    { effects: 2, fits: true },
    { effects: 14, fits: false },
  ])('shows the first of $effects rows of a step in a small panel', async ({ effects, fits }) => {
    const panel = await openPanel(browser, 'sequence', { width: 460, height: 270 });
    const rows = (from: number, step: number) =>
      Array.from({ length: from }, (_, index) => message(`Ping ${index}`, step + index));
    const step = [message('Ack', 21, true), ...Array.from({ length: effects }, () => event(21))];
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
    expect(await tag()).toBe('vscode-button');
  });

  it('skips stops of a burst, and draws the last', async () => {
    const panel = await openPanel(browser, 'sequence');
    const views = Array.from({ length: 30 }, (_, index) =>
      makeView({ nodes: 5, step: 60 + index }),
    );
    await panel.page.evaluate(() => performance.clearMeasures());
    await panel.show(...views);
    await drawn(panel, 89);
    const drawings = () =>
      panel.page.evaluate(() => performance.getEntriesByName('lockstep-sequence').length);
    await expect.poll(drawings).toBeGreaterThan(0);
    expect(await drawings()).toBeLessThan(views.length / 2);
  });

  it('keeps the previous picture if a drawing fails, and says so', async () => {
    const panel = await openPanel(browser, 'sequence');
    await panel.show(withItems([message('Ping', 3, true)]));
    await drawn(panel, 3);
    const broken = withItems([message('Pong', 4, true)], 4);
    broken.views.sequence.mermaid = 'sequenceDiagram\n p0->>\n';
    await panel.show(broken);
    await panel.page.getByRole('alert').waitFor();
    expect(await panel.page.getByRole('alert').textContent()).toContain('could not be drawn');
    expect(await texts(panel)).toContain('Ping');
    await panel.show(withItems([message('Pang', 5, true)], 5));
    await drawn(panel, 5);
    expect(await panel.page.getByRole('alert').count()).toBe(0);
    expect(await texts(panel)).toContain('Pang');
  });

  it('shows labels of a scenario or protocol as text, never as markup', async () => {
    const labels = [
      '<img src=x onerror="document.title=1">',
      'a; p1->>p0: b',
      '%%{init: {"theme":"x"}}%%',
      '#60;b#62; &lt; end',
      'wrap: ﬂ°lt¶ß $$x$$',
      '</style><script>1</script>',
      'style x:#1;',
    ];
    const items = labels.map((label, index) => message(label, index + 1, index === 0));
    const panel = await openPanel(browser, 'sequence');
    await panel.show(withItems(items, 1));
    await drawn(panel, 1);
    const shown = (await texts(panel)).join('').replaceAll(' ', '');
    for (const label of labels) expect(shown).toContain(label.replaceAll(' ', ''));
    const markup = panel.page.locator('.picture').locator('img, script, foreignObject, b');
    expect(await markup.count()).toBe(0);
    expect(await panel.page.locator('.target').count()).toBe(labels.length);
    expect(panel.complaints).toEqual([]);
  });

  it('copies the Mermaid text', async () => {
    const panel = await openPanel(browser, 'sequence');
    await panel.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const view = makeView({ nodes: 3 });
    await panel.show(view);
    await panel.page.getByRole('button', { name: 'Copy as Mermaid' }).click();
    await panel.page.getByText('copied').first().waitFor();
  });

  it('shows the same moment again at once after it was hidden', async () => {
    const panel = await openPanel(browser, 'sequence');
    await panel.show(makeView({ nodes: 3 }));
    await drawn(panel, 57);
    await panel.page.reload();
    await drawn(panel, 57);
    expect(await panel.posted()).toEqual([{ type: 'ready', panel: 'sequence' }]);
  });

  it('follows a change of theme without a new drawing', async () => {
    const panel = await openPanel(browser, 'sequence', { theme: 'dark' });
    await panel.show(makeView({ nodes: 3 }));
    await drawn(panel, 57);
    const colour = () =>
      panel.page
        .locator('.messageText')
        .first()
        .evaluate((text) => getComputedStyle(text).fill);
    expect(await colour()).toBe('rgb(204, 204, 204)');
    await panel.setTheme('high-contrast');
    await expect.poll(colour).toBe('rgb(255, 255, 255)');
  });
});
