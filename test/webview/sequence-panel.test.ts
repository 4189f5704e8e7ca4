/** The sequence panel in Chromium: what it draws, marks and copies, and what it withstands. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SequenceItem } from '../../src/view/sequence/sequence-view.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import { drawn, event, message, texts, when, withItems } from './sequence-items.ts';
import { makeSequence, makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe('the sequence panel', () => {
  it('says what will appear before the first stop, and asks for a view', async () => {
    const panel = await openPanel(browser, 'sequence');
    await panel.send({ type: 'opened', hasSession: false });
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
    expect(await panel.page.locator('.gaps .gap text').allTextContents()).toContain('3 folded messages');
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
