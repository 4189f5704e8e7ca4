/** Which of many nodes are shown: those that took part in what is nearest to the current step. */
import { nodesOf } from './mermaid.ts';
import { amongChosen, isChosen } from './selection.ts';
import type { SequenceItem, SequenceSelection } from './sequence-view.ts';

/** More nodes than that would be too narrow to be read, or mostly out of view. */
const crowdFrom = 16;
const shownMost = 10;

/** By how recent they are; undefined if all nodes have room. `actor` is always among them. */
export function nearNodes(
  nodes: readonly string[],
  items: readonly SequenceItem[],
  actor: string | undefined,
): string[] | undefined {
  if (nodes.length < crowdFrom) return undefined;
  const near = new Set(actor === undefined ? [] : [actor]);
  const add = (item: SequenceItem) => {
    const all = namedBy(item, nodes.length);
    // A message without one of its ends would not be shown.
    const more = all.filter((id) => !near.has(id));
    if (near.size + more.length <= shownMost) more.forEach((id) => near.add(id));
  };
  const isPast = (item: SequenceItem) => !item.future && !isFlying(item);
  items.filter(({ current }) => current).forEach(add);
  // What is in flight belongs to now; what was sent first arrives first.
  const flying = items.filter(isFlying);
  const past = items.filter(isPast).toReversed();
  for (let at = 0; at < Math.max(flying.length, past.length); at++) {
    for (const item of [past[at], flying[at]]) if (item) add(item);
  }
  items.filter(({ future }) => future).forEach(add);
  return nodes.filter((id) => near.has(id));
}

function isFlying(item: SequenceItem): boolean {
  return item.type === 'message' && item.outcome === 'in-flight';
}

/** A fault of the whole network says nothing about which nodes matter. */
function namedBy(item: SequenceItem, all: number): readonly string[] {
  const isOfMost = 'nodes' in item && item.nodes.length > all / 2;
  return isOfMost ? [] : nodesOf(item);
}

/** What some of the nodes have to do with. */
export function itemsAmong(
  items: readonly SequenceItem[],
  nodes: readonly string[],
  selection: SequenceSelection,
): SequenceItem[] {
  const among = { ...selection, nodes: [...nodes] };
  return items.filter((item) => isChosen(item, among)).map((item) => amongChosen(item, among));
}
