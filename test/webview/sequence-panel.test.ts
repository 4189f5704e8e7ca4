/** The sequence panel in Chromium: what it draws, marks and copies, and what it withstands. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  defaultSelection, type SequenceItem, type SequenceView,
} from '../../src/view/sequence/sequence-view.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';
import { type Made, makeSequence, makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

function withItems(items: SequenceItem[], step = 3, nodes = 3): Made {
  const { moment, views } = makeView({ nodes, step });
  const sequence = makeSequence(views.sequence.participants, items);
  return { moment, views: { ...views, sequence } };
}

function message(label: string, step: number, current = false): SequenceItem {
  return {
    type: 'message',
    id: `n1->n2#${step}`,
    from: 'n1',
    to: 'n2',
    messageType: 'Ping',
    label,
    fields: '',
    outcome: 'delivered',
    ...when(step),
    current,
  };
}

function when(step: number) {
  return { step, at: step * 1_000, current: false };
}

function event(step: number, node = 'n2'): SequenceItem {
  return { type: 'event', node, name: 'Acked', fields: '', ...when(step), current: true };
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
    const gutter = root.querySelector('.gutter')!.getBoundingClientRect();
    const names = [...root.querySelectorAll<SVGElement>('.names [data-node]')];
    const cut = names.filter((name) => {
      const { left, right } = name.querySelector('rect')!.getBoundingClientRect();
      return left < gutter.right || right > frame.right;
    });
    return cut.map((name) => name.dataset.node!);
  });
}

/** Resolves when the view of this step is drawn. */
async function drawn({ page }: PanelPage<'sequence'>, step: number): Promise<void> {
  await page.getByText(`Step ${step}`, { exact: true }).waitFor();
  await page.locator(`.target[aria-current][aria-label*="step ${step}"]`).first().waitFor();
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
    expect(await panel.page.locator('svg[data-picture=Sequence]').count()).toBe(1);
    expect(await panel.page.locator('.names rect.actor').count()).toBe(7);
    await expect.poll(() => panel.page.locator('.band.current').count()).toBe(1);
    expect(await panel.page.locator('.times .sign').allTextContents()).toEqual(['▶']);
    const row = (await panel.page.locator('.target[aria-current]').boundingBox())!;
    const frame = (await panel.page.locator('.scroll').boundingBox())!;
    expect(row.y).toBeGreaterThan(frame.y);
    expect(row.y + row.height).toBeLessThanOrEqual(frame.y + frame.height + 1);
    expect(await panel.page.locator('[role=status]').first().textContent()).toContain('step 57');
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
      ...when(3),
      current: true,
    };
    await panel.show(withItems([message('Ping', 3, true), threw]));
    await drawn(panel, 3);
    await expect.poll(() => panel.page.locator('.row.current').count()).toBe(2);
    expect(await panel.page.locator('.band.current').count()).toBe(1);
    expect((await texts(panel)).join(' ')).toContain('n2 threw: out of luck; {no} #1');
    expect(await panel.page.locator('.row.current .fault rect.note').count()).toBe(1);
    expect(await panel.page.locator('[role=status]').first().textContent()).toBe(
      'Ping, n1 to n2, delivered, step 3; n2 threw: out of luck; {no} #1, step 3',
    );
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
    // Mermaid measures text with `getBBox`, which fails while it draws.
    await panel.page.evaluate(() => {
      const { getBBox } = SVGGraphicsElement.prototype;
      SVGGraphicsElement.prototype.getBBox = () => {
        throw new Error('out of luck');
      };
      Object.assign(window, { heal: () => (SVGGraphicsElement.prototype.getBBox = getBBox) });
    });
    const broken = withItems([message('Pong', 4, true)], 4);
    await panel.show(broken);
    await panel.page.getByRole('alert').waitFor();
    expect(await panel.page.getByRole('alert').textContent()).toContain('could not be drawn');
    expect(await texts(panel)).toContain('Ping');
    await panel.page.evaluate(() => (window as unknown as { heal(): void }).heal());
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

  it('shows names, notes, operations, choices and tooltips as text, never as markup', async () => {
    const panel = await openPanel(browser, 'sequence', { width: 1200, height: 900 });
    const evil = '<b>x</b>;end\n%%{init}%% rect "1"';
    const bad = `${evil}<script>document.title=1</script>`;
    const items: SequenceItem[] = [
      { type: 'operation', nodes: [evil], operation: '1', text: bad, ...when(1) },
      { type: 'timer', node: evil, timer: bad, ...when(2) },
      { type: 'event', node: evil, name: bad, fields: bad, ...when(2) },
      { type: 'fault', nodes: [evil], text: bad, ...when(3) },
      { type: 'answer', node: evil, operation: '1', ok: false, text: bad, ...when(4), current: true },
    ];
    const made = withItems([], 4);
    const sequence = makeSequence([{ id: evil, about: [evil] }, { id: 'end', about: [] }], items);
    const requests = [{ id: evil, text: bad, step: 1 }];
    sequence.choices = { ...sequence.choices, messages: [evil], operations: [evil], requests };
    await panel.show({ ...made, views: { ...made.views, sequence } });
    await drawn(panel, 4);
    await panel.page.getByRole('button', { name: 'Filter' }).click();
    await panel.page.locator('.filters').waitFor();
    const markup = panel.page.locator('lockstep-sequence').locator('b, script, img, foreignObject');
    expect(await markup.count()).toBe(0);
    expect(await panel.page.locator('.filters').textContent()).toContain('<b>x</b>');
    expect((await texts(panel)).join('')).toContain('<script>');
    expect(await panel.page.locator('.names [data-node]').first().getAttribute('data-node')).toBe(evil);
    expect(await panel.page.title()).toBe('Lockstep Sequence');
    expect(panel.complaints).toEqual([]);
  });

  it('names gaps and times in the gutter, and bands, activations and the present are drawn', async () => {
    const panel = await openPanel(browser, 'sequence', { height: 900 });
    const items: SequenceItem[] = [
      { type: 'operation', nodes: ['n1'], operation: '1', text: 'n1 invokes put x', ...when(1) },
      message('Ping', 2),
      event(2),
      { type: 'answer', node: 'n1', operation: '1', ok: true, text: 'OK', ...when(150), folded: 3 },
      { ...message('Pong', 151, true), stop: true },
      { ...message('Pang', 152), future: true },
    ];
    await panel.show(withItems(items.map((item) => (item.step === 2 ? { ...item, current: false } : item)), 151));
    await drawn(panel, 151);
    const times = await panel.page.locator('.times text').allTextContents();
    expect(times).toEqual(expect.arrayContaining(['1 ms', '2 ms', '… 148 ms …', '150 ms', 'now', '●']));
    expect(await panel.page.locator('.gaps .gap text').allTextContents()).toContain('3 repeated messages');
    expect(await panel.page.locator('.bands .band').count()).toBe(5);
    expect(await panel.page.locator('.bands .band.future').count()).toBe(1);
    const activation = (await panel.page.locator('.activations .activation').boundingBox())!;
    const row = async (text: string) => (await panel.page.locator('.row', { hasText: text }).boundingBox())!;
    const [invoked, answered] = [await row('invokes put x'), await row('answered: OK')];
    expect(activation.y).toBeGreaterThan(invoked.y);
    expect(activation.y + activation.height).toBeGreaterThanOrEqual(answered.y);
    expect(await panel.page.locator('.row.stop .target').getAttribute('aria-label')).toContain('Pong');
    expect(await panel.page.locator('[role=status]').first().textContent()).toBe(
      'Stopped at Pong, n1 to n2, delivered, step 151',
    );
  });

  it('draws only the rows that are new', async () => {
    const panel = await openPanel(browser, 'sequence');
    const rows = (from: number, until: number) =>
      Array.from({ length: until - from + 1 }, (_, index) => message(`Ping ${from + index}`, from + index));
    await panel.show(withItems(rows(1, 30), 30));
    await panel.page.locator('.target').nth(29).waitFor();
    await panel.page.locator('.picture .row').evaluateAll((all) => all.forEach((row) => row.setAttribute('data-old', '')));
    const next = rows(1, 31).map((item) => ({ ...item, current: item.step === 31 }));
    await panel.show(withItems(next, 31));
    await drawn(panel, 31);
    expect(await panel.page.locator('.picture .row[data-old]').count()).toBe(30);
    expect(await panel.page.locator('.picture .row').count()).toBe(31);
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
    for (const button of await page.locator('header button').all()) {
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

  it('gives its picture as one element', async () => {
    const panel = await openPanel(browser, 'sequence');
    await panel.show(makeView({ nodes: 3 }));
    await drawn(panel, 57);
    const picture = await panel.page.evaluate(() => {
      const element = document.querySelector('lockstep-sequence') as unknown as { toSvg(): SVGElement };
      const svg = element.toSvg();
      return { name: svg.dataset.picture, text: svg.textContent, targets: svg.querySelectorAll('.target').length };
    });
    expect(picture).toMatchObject({ name: 'Sequence', targets: 0 });
    for (const word of ['n1', 'RequestVote', '1.081 s']) expect(picture.text).toContain(word);
  });

  it('copies the Mermaid text', async () => {
    const panel = await openPanel(browser, 'sequence');
    await panel.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const view = makeView({ nodes: 3 });
    await panel.show(view);
    await panel.page.evaluate(() => {
      const noted = ({ target }: Event) => (document.title = (target as HTMLTextAreaElement).value);
      document.addEventListener('copy', noted);
    });
    await panel.page.getByRole('button', { name: 'Copy as Mermaid' }).click();
    await panel.page.getByText('copied').first().waitFor();
    const squeezed = view.views.sequence.mermaid.replace(/\s+/g, ' ').trim();
    expect(await panel.page.title()).toBe(squeezed);
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
