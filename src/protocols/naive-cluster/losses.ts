/** Which answered writes are gone: only the whole run knows what was answered. */
import type { NodeId, Observation } from '../../protocol/types.ts';
import { type Answer, isMember, type Roles, writeOf } from './invariants.ts';

export interface Losses {
  /** The writes that were answered, such as `client 1: put x 1`. */
  answered: string[];
  /** Node → the writes in its data after its last action. */
  writes: Record<NodeId, readonly string[]>;
}

interface Loss {
  readonly [field: string]: string | string[];
}

/**
 * A write that was not answered may be lost. One that a node gave up for an older message of its
 * leader is not lost if the leader itself has it: the next message brings it back.
 */
export function lostWrites(
  { acted, nodes, memory }: Pick<Observation<Losses, Roles>, 'acted' | 'nodes' | 'memory'>,
  answers: readonly Answer[],
): Loss[] {
  if (!isMember(acted) || acted.state.data === null) return [];
  const { id, state: { data: { writes }, leaderId } } = acted;
  for (const answer of answers) {
    const write = writeOf(writes, answer);
    if (write !== undefined && !memory.answered.includes(write)) memory.answered.push(write);
  }
  const before = memory.writes[id] ?? [];
  if (before === writes) return [];
  memory.writes[id] = writes;
  const leader = nodes.find((one) => one.id === leaderId);
  const kept = isMember(leader) ? (leader.state.data?.writes ?? []) : [];
  const lost = before.filter(
    (one) => memory.answered.includes(one) && !writes.includes(one) && !kept.includes(one),
  );
  if (lost.length === 0 || leaderId === null) return [];
  return [{ node: id, writes: lost, leader: leaderId }];
}
