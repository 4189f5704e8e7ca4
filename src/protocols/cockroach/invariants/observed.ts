/** What the invariants share: nodes as they see them, and what each range applied first. */
import type { EventIn, Frozen, Observation, Observed } from '../../../protocol/types.ts';
import type { Applied } from '../ranges/range.ts';
import type { Change, RangeCommand, RangeId } from '../data.ts';
import type { NodeState } from '../state.ts';

export type ObservedNode = Observed<NodeState>;

export function isNode(node: Observed | undefined): node is ObservedNode {
  return node !== undefined && node.role === 'node';
}

/** How many entries of each range some node has applied. */
export type Seen = Record<RangeId, number>;

export interface FirstApplied {
  readonly range: RangeId;
  readonly index: number;
  readonly command: Frozen<RangeCommand>;
}

/**
 * The commands that took effect in this step, each once: when the first node applies it. The log
 * decides what they do, so it is the same on the other nodes.
 */
export function firstApplied(
  events: Observation['events'],
  seen: Seen,
): FirstApplied[] {
  const found: FirstApplied[] = [];
  for (const { name, fields } of events as readonly EventIn<Record<string, never>>[]) {
    if (name !== 'EntryApplied') continue;
    const { range, index, command, response } = fields as FirstApplied & { response: Applied };
    if (index <= (seen[range] ?? 0)) continue;
    seen[range] = index;
    if (response === 'applied') found.push({ range, index, command });
  }
  return found;
}

/** The changes of the writes among them, in their order. */
export function changesOf(applied: readonly FirstApplied[]): Frozen<Change>[] {
  return applied.flatMap(({ command }) => (command.op === 'write' ? command.changes : []));
}
