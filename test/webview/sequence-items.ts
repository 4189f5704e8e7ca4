/** Views with given items for the tests of the sequence panel, and what the page shows of them. */

import type { SequenceItem } from '../../src/view/sequence/sequence-view.ts';
import type { PanelPage } from './panel-page.ts';
import { type Made, makeSequence, makeView } from './views.ts';

export function withItems(items: SequenceItem[], step = 3, nodes = 3): Made {
  const { moment, views } = makeView({ nodes, step });
  const sequence = makeSequence(views.sequence.participants, items);
  return { moment, views: { ...views, sequence } };
}

export function message(label: string, step: number, current = false): SequenceItem {
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

export function when(step: number) {
  return { step, at: step * 1_000, current: false };
}

export function event(step: number, node = 'n2'): SequenceItem {
  return { type: 'event', node, name: 'Acked', fields: '', ...when(step), current: true };
}

/** How much of the current step's rows is visible, and how far the first is below the names. */
export function band({ page }: PanelPage<'sequence'>) {
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
export function cutNames({ page }: PanelPage<'sequence'>): Promise<string[]> {
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
export async function drawn({ page }: PanelPage<'sequence'>, step: number): Promise<void> {
  await page.getByText(`Step ${step}`, { exact: true }).waitFor();
  await page.locator(`.target[aria-current][aria-label*="step ${step}"]`).first().waitFor();
}

export const texts = ({ page }: PanelPage<'sequence'>) => page.locator('.picture text').allTextContents();
