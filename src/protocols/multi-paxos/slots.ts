/** Multi-Paxos as one Voting for each slot, derived from the states of the replicas. */
// The refinement is that of single-decree Paxos (paxos/refinement.ts) in each slot: a vote is what
// a replica stored. maxBal is the same in all slots.
import type { NodeId, Observation, Observed } from '../../protocol/types.ts';
import type { Ballot } from '../paxos/ballot.ts';
import type { Vote, Voting } from '../paxos/voting.ts';
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
  /** The votes of each slot, by replica. The first slot is at 0. */
  votes: Record<NodeId, readonly Vote[]>[];
  maxBal: Record<NodeId, Ballot | null>;
  /** The votes of each replica when it was last seen. */
  seen: Record<NodeId, readonly (SlotVote | null)[]>;
}

export function noSlots(): Slots {
  return { votes: [], maxBal: {}, seen: {} };
}

export function votingOf({ votes, maxBal }: Slots, slot: number): Voting {
  return { votes: votes[slot - 1] ?? {}, maxBal };
}

/** Takes over what the replica that acted has stored. Returns the slots with a new vote. */
export function noteSlots(memory: Slots, { acted }: Pick<Moment<unknown>, 'acted'>): number[] {
  if (!isReplica(acted)) return [];
  const { id, up, state: { maxBal, votes } } = acted;
  if (memory.maxBal[id] !== maxBal) memory.maxBal[id] = maxBal;
  const seen = memory.seen[id] ?? [];
  const changed: number[] = [];
  for (let slot = 1; slot <= Math.max(votes.length, seen.length); slot++) {
    const [now, before] = [votes[slot - 1] ?? null, seen[slot - 1] ?? null];
    if (now === before || isSameVote(now, before)) continue;
    noteVote(memory, slot, id, up, now);
    if (now !== null) changed.push(slot);
  }
  if (changed.length > 0 || seen.length !== votes.length) memory.seen[id] = [...votes];
  return changed;
}

function isSameVote(now: SlotVote | null, before: SlotVote | null): boolean {
  if (now === null || before === null || now.ballot !== before.ballot) return false;
  return entryKey(now.entry) === entryKey(before.entry);
}

function noteVote(
  memory: Slots,
  slot: number,
  id: NodeId,
  up: boolean,
  now: SlotVote | null,
): void {
  while (memory.votes.length < slot) memory.votes.push({});
  const votes = memory.votes[slot - 1];
  // A crash loses a vote that the disk had not stored yet; it was not sent either.
  if (!up) {
    votes[id] = now === null ? [] : [{ ballot: now.ballot, value: entryKey(now.entry) }];
  } else if (now !== null) {
    votes[id] = [...(votes[id] ?? []), { ballot: now.ballot, value: entryKey(now.entry) }];
  }
}
