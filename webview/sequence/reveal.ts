/** Scrolls the sequence panel to the rows of the current step and the names of their nodes. */

import { nodesOf } from '../../src/view/sequence/mermaid.ts';
import type { SequenceItem } from '../../src/view/sequence/sequence-view.ts';

export interface View {
  scroller: HTMLElement;
  /** The participants' names, which cover the top of the scroller. */
  names: HTMLElement;
}

/** Space between what is revealed and the edge of the panel, in CSS pixels. */
const space = { above: 4, beside: 4 };

/**
 * Scrolls just far enough to show all `rows`, which follow one another. The first row comes first:
 * it is the action, and the others are its effects.
 */
export function revealRows({ scroller, names }: View, rows: Element[]): void {
  const first = rows[0]?.getBoundingClientRect();
  const last = rows.at(-1)?.getBoundingClientRect();
  if (!first || !last) return;
  const frame = scroller.getBoundingClientRect();
  const above = names.offsetHeight + space.above;
  // A row that gets the focus by a key must not scroll below the names.
  scroller.style.scrollPaddingTop = `${above}px`;
  const top = frame.top + above;
  // The messages in flight are drawn below the current rows: some should be visible, too.
  const bottom = frame.top + scroller.clientHeight - Math.min(120, scroller.clientHeight / 4);
  if (first.top < top) scroller.scrollTop -= top - first.top;
  else if (last.bottom > bottom) {
    scroller.scrollTop += Math.min(last.bottom - bottom, first.top - top);
  }
}

/** An item, and what is drawn for it. */
export interface Row {
  item: SequenceItem;
  drawn: SVGGraphicsElement[];
}

/**
 * What should be visible of some rows, the most important first: the node that acted, what notes
 * say, the other nodes, and at last whole notes and arrows, which may be wider than the panel.
 */
export function partsInOrder(
  rows: Row[],
  boxOf: (node: string) => Element | undefined,
  actor: string | undefined,
): Element[] {
  const notes = rows.filter(({ item }) => item.type !== 'message');
  const texts = notes.flatMap(({ drawn }) =>
    drawn.flatMap((part) => [...part.querySelectorAll('text')]),
  );
  const all = rows.map(({ item }) => actorFirst(item));
  const acting = actor === undefined ? all.flatMap(([first]) => first ?? []) : [actor];
  // A fault of the network has a note across all columns: its words are in the middle.
  const isWide = notes.some(({ item }) => nodesOf(item).length > 1);
  const first = acting.map(boxOf).filter((box) => box !== undefined);
  return [
    ...(isWide ? [...texts, ...first] : [...first, ...texts]),
    ...all.flat().map(boxOf).filter((box) => box !== undefined),
    ...rows.flatMap(({ drawn }) => drawn),
  ];
}

/** The nodes of an item, the one that acts first. */
function actorFirst(item: SequenceItem): readonly string[] {
  const nodes = nodesOf(item);
  if (item.type !== 'message') return nodes;
  const { outcome } = item;
  return outcome === 'lost' || outcome === 'in-flight' ? nodes : nodes.toReversed();
}

/**
 * Scrolls sideways to all `parts`, or to as many as fit: the earlier ones are more important.
 * `covered` is the width of what stays at the left edge.
 */
export function revealSideways({ scroller, names }: View, parts: Element[], covered = 0): void {
  const frame = scroller.getBoundingClientRect().left + covered;
  const spans = parts.map((part) => spanOf(part, frame));
  const [first] = spans;
  if (!first || scroller.scrollWidth <= scroller.clientWidth) return;
  const width = scroller.clientWidth - covered;
  const room = width - 2 * space.beside;
  const { left, right } = spans.reduce((one, other) => {
    const both = { left: Math.min(one.left, other.left), right: Math.max(one.right, other.right) };
    return both.right - both.left <= room ? both : one;
  }, first);
  const beyond = right + space.beside - width;
  const wanted = Math.min(Math.max(0, beyond), left - space.beside);
  // Scrolls back if the left edge then cuts a name, unless that hides what was revealed.
  const cut = [...names.querySelectorAll('rect.actor')]
    .map((box) => spanOf(box, frame))
    .find((name) => name.left < wanted && name.right > wanted);
  const back = cut ? cut.left - space.beside : wanted;
  scroller.scrollLeft += back >= beyond ? back : wanted;
}

interface Span {
  left: number;
  right: number;
}

function spanOf(part: Element, frame: number): Span {
  const { left, right } = part.getBoundingClientRect();
  return { left: left - frame, right: right - frame };
}
