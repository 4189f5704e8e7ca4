/** Multi-Paxos as one Voting for each slot, derived from the states of the replicas. */
// The refinement is that of single-decree Paxos (paxos/refinement.ts) in each slot: a vote is what
// a replica stored. maxBal is the same in all slots.
import type { NodeId, Observation, Observed } from '../../protocol/types.ts';
import { type Ballot, higherOf, isBelow } from '../paxos/ballot.ts';
import { type Change, lose, note, type Votes, type Voting } from '../paxos/voting.ts';
import type { Entry, Replica, ReplicaState, SlotVote } from './state.ts';

export interface Roles {
  replica: Replica;
  client: { state: object; receives: object; events: object };
}

export type Moment<Memory = undefined> = Observation<Memory, Roles>;
export type ObservedReplica = Observed<ReplicaState, 'replica'>;

export function isReplica(node: Moment['nodes'][number] | undefined): node is ObservedReplica {
  return node?.role === 'replica';
}

export function replicasOf({ nodes }: Pick<Moment, 'nodes'>): NodeId[] {
  return nodes.filter(isReplica).map(({ id }) => id);
}

/** Identifies a command: a client numbers its commands, and all no-ops are one. */
export function entryKey({ clientId, serial, command }: Entry): string {
  if (clientId === null) return command.op;
  return `${clientId} ${serial}: ${Object.values(command).join(' ')}`;
}

export interface Slots {
  /** The votes of each slot. The first slot is at 0. */
  slots: Votes[];
  maxBal: Record<NodeId, Ballot | null>;
  /** The highest ballot that any replica has promised. */
  highest: Ballot | null;
  /** The votes of each replica when it was last seen. */
  seen: Record<NodeId, readonly (SlotVote | null)[]>;
}

export function noSlots(): Slots {
  return { slots: [], maxBal: {}, highest: null, seen: {} };
}

export function votingOf({ slots, maxBal }: Slots, slot: number): Voting {
  return { votes: slots[slot - 1] ?? {}, maxBal };
}

export interface SlotChange extends Change {
  readonly slot: number;
}

/**
 * Takes over what the replica that acted has stored. Returns the slots where a vote is new, or all
 * if something was lost or a promise is not the highest one: it holds in each slot.
 */
export function noteSlots(memory: Slots, { acted }: Pick<Moment<unknown>, 'acted'>): SlotChange[] {
  if (!isReplica(acted)) return [];
  const { id, up, state: { maxBal, votes } } = acted;
  const seen = memory.seen[id] ?? [];
  const before = memory.maxBal[id] ?? null;
  const isPromise = maxBal !== before;
  if (!isPromise && isSame(seen, votes)) return [];
  let isStable = !isBelow(maxBal, before);
  const isLate = isPromise && isBelow(maxBal, memory.highest);
  const changed = new Map<number, Change>();
  for (let slot = 1; slot <= Math.max(votes.length, seen.length); slot++) {
    const [now, then] = [votes[slot - 1] ?? null, seen[slot - 1] ?? null];
    if (now === then || isSameVote(now, then)) continue;
    while (memory.slots.length < slot) memory.slots.push({});
    const voting = { votes: memory.slots[slot - 1], maxBal: { [id]: before } };
    // A crash loses a vote that the disk had not stored yet; it was not sent either.
    const isLost = !up && lose(voting, id, now?.ballot ?? null);
    const last = now === null ? null : { ballot: now.ballot, value: entryKey(now.entry) };
    const change = note(voting, id, maxBal, last, isLost);
    if (change === undefined) continue;
    isStable &&= change.isStable;
    changed.set(slot, change);
  }
  memory.seen[id] = [...votes];
  memory.maxBal[id] = maxBal;
  memory.highest = higherOf(memory.highest, maxBal);
  if (isStable && !isLate) return [...changed].map(([slot, change]) => ({ slot, ...change }));
  const none = { vote: null, isFirst: false, heard: maxBal === null ? [] : [maxBal] };
  return memory.slots.map((_, i) => ({
    slot: i + 1, ...(changed.get(i + 1) ?? none), isStable,
  }));
}

function isSame(before: readonly (SlotVote | null)[], now: readonly (SlotVote | null)[]): boolean {
  return before.length === now.length && now.every((vote, i) => vote === before[i]);
}

function isSameVote(now: SlotVote | null, before: SlotVote | null): boolean {
  if (now === null || before === null || now.ballot !== before.ballot) return false;
  return entryKey(now.entry) === entryKey(before.entry);
}
