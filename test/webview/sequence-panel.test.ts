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

function withItems(items: SequenceItem[], step = 3): Made {
  const { moment, views } = makeView({ nodes: 3, step });
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
