/** What the page knows of a run: the rows of its view, and the earlier ones that it has fetched. */

import { itemsAmong } from '../../src/view/sequence/crowd.ts';
import type {
  SequenceAnswer, SequenceItem, SequenceView,
} from '../../src/view/sequence/sequence-view.ts';

/** Beyond this, the earliest rows are dropped. */
const keptMost = 400;

export class Model {
  private earlier: SequenceItem[] = [];
  private view: SequenceView | undefined;
  /** The first step that is known. */
  private first = 0;
  private about = '';

  /** Earlier rows stay as long as they lead up to those of the view without a gap. */
  show(view: SequenceView): void {
    const { covered, selection } = view;
    const about = JSON.stringify([covered.branch, selection]);
    const known = this.view?.covered;
    const isConnected =
      known !== undefined && about === this.about && covered.first <= known.last + 1 &&
      covered.first >= this.first && selection.from === null;
    const all = isConnected ? [...this.earlier, ...this.past()] : [];
    this.earlier = all.filter(({ step }) => step < covered.first).slice(-keptMost).map(asPast);
    if (this.earlier.length === 0) this.first = covered.first;
    else if (all.length > keptMost) this.first = this.earlier[0]!.step;
    this.about = about;
    this.view = view;
  }

  /** Of a crowd, earlier rows of other nodes would bring their columns back. */
  get items(): SequenceItem[] {
    const { earlier, view } = this;
    if (view === undefined) return earlier;
    const { isCrowd, participants, selection, items } = view;
    const nodes = participants.map(({ id }) => id);
    return [...(isCrowd ? itemsAmong(earlier, nodes, selection) : earlier), ...items];
  }

  /** The first step that is known; the page can ask for those before it. */
  get firstStep(): number {
    return this.first;
  }

  get canAsk(): boolean {
    const { selection } = this.view ?? {};
    return this.first > 1 && selection?.cone === null && this.earlier.length < keptMost;
  }

  add({ items, first }: SequenceAnswer): void {
    this.earlier = [...items, ...this.earlier];
    this.first = first;
  }

  private past(): SequenceItem[] {
    const isPast = ({ future, type, ...item }: SequenceItem) =>
      !future && !(type === 'message' && 'outcome' in item && item.outcome === 'in-flight');
    return (this.view?.items ?? []).filter(isPast);
  }
}

/** A row of the past is what it was when it was current, except for that. */
function asPast({ stop: _stop, ...item }: SequenceItem): SequenceItem {
  return { ...item, current: false } as SequenceItem;
}
