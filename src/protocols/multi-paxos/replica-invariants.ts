/** What a replica of Multi-Paxos promises across its slots, and what its state machine executes. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId } from '../../protocol/types.ts';
import { type Ballot, type Begun, isBelow, noteHighest, whyNotNew } from '../paxos/ballot.ts';
import { noteResponse, type Responses, whyWrongAnswer } from '../raft/store-invariant.ts';
import { applyCommand, type KeyValueStore, keyValueStore } from '../raft/key-value-store.ts';
import type { Entry, SlotVote } from './state.ts';
import { entryKey, isReplica, type ObservedReplica, type Roles } from './slots.ts';

const ofReplicas = invariant<Roles>();

interface Seen {
  readonly maxBal: Ballot | null;
  readonly votes: readonly (SlotVote | null)[];
}

interface Promises {
  seen: Record<NodeId, Seen>;
  /** The highest ballot for which a promise or a vote of the replica has arrived. */
  said: Record<NodeId, Ballot>;
}

/** What a crash takes from a disk that had not stored it was not sent either. */
const promisesKept = ofReplicas({
  doc: 'A replica never votes below its promise, and forgets neither, not even by a crash (P1a).',
  remember: (): Promises => ({ seen: {}, said: {} }),
  check({ acted, nodes, message, memory: { seen, said } }) {
    const body = message?.body;
    if (message !== undefined && (body?.type === 'Phase1b' || body?.type === 'Phase2b')) {
      noteHighest(said, message.from, body.ballot);
      const why = whyForgotten(nodes.find(({ id }) => id === message.from), said);
      if (why !== undefined) return why;
    }
    if (!isReplica(acted)) return undefined;
    const { id, up, state: { maxBal, votes } } = acted;
    const before = seen[id];
    if (before === undefined || before.maxBal !== maxBal || changed(before.votes, votes)) {
      seen[id] = { maxBal, votes: [...votes] };
    }
    const forgotten = whyForgotten(acted, said);
    if (forgotten !== undefined || !up || before === undefined) return forgotten;
    if (isBelow(maxBal, before.maxBal)) {
      return `${id} promised ballot ${before.maxBal}, and went back to ${maxBal ?? 'none'}.`;
    }
    return whyBadVote(acted, before);
  },
});

function changed(
  before: readonly (SlotVote | null)[],
  now: readonly (SlotVote | null)[],
): boolean {
  return before.length !== now.length || now.some((vote, i) => vote !== before[i]);
}

function whyBadVote(
  { id, state: { votes } }: ObservedReplica,
  before: Seen,
): string | undefined {
  const { length } = before.votes;
  for (let slot = 1; slot <= Math.max(votes.length, length); slot++) {
    const [now, then] = [votes[slot - 1] ?? null, before.votes[slot - 1] ?? null];
    if (now === then) continue;
    if (now === null) return `${id} forgot its vote in slot ${slot}.`;
    if (now.ballot === then?.ballot && entryKey(now.entry) === entryKey(then.entry)) continue;
    if (!isBelow(now.ballot, before.maxBal) && now.ballot !== then?.ballot) continue;
    const late = `after it had promised ballot ${before.maxBal ?? 'none'}`;
    return `${id} voted in slot ${slot} and ballot ${now.ballot}, ${late}.`;
  }
  return undefined;
}

function whyForgotten(node: unknown, said: Promises['said']): string | undefined {
  const replica = node as ObservedReplica | undefined;
  if (replica?.role !== 'replica') return undefined;
  const { id, state: { maxBal, votes } } = replica;
  if (isBelow(maxBal, said[id] ?? null)) {
    return `${id} promised ballot ${said[id]}, and has ${maxBal ?? 'none'}.`;
  }
  const above = votes.find((one) => one !== null && isBelow(maxBal, one.ballot));
  if (!above) return undefined;
  return `${id} voted in ballot ${above.ballot}, above ${maxBal ?? 'none'}.`;
}

const ballotsAreNew = ofReplicas({
  doc: 'A replica never uses a ballot again, not even after a crash (§2.5).',
  remember: (): Begun => ({ began: {}, arrived: {} }),
  check: (moment) => whyNotNew(moment, moment.memory),
});

interface Executed {
  /** The first command that any replica executed in each slot, the first slot at 0. */
  entries: string[];
  seen: Record<NodeId, number>;
}

const appliedPrefix = ofReplicas({
  doc: 'Replicas execute the same commands in the same order, without a gap (§3).',
  remember: (): Executed => ({ entries: [], seen: {} }),
  check({ acted, memory: { entries, seen } }) {
    if (!isReplica(acted)) return undefined;
    const { id, up, state: { applied, chosen } } = acted;
    const before = seen[id] ?? 0;
    if (applied === before) return undefined;
    seen[id] = applied;
    if (applied < before) {
      if (!up) return undefined;
      return `${id} had executed ${before} slots, and now ${applied}.`;
    }
    for (let slot = before + 1; slot <= applied; slot++) {
      const entry = chosen[slot - 1] ?? null;
      if (entry === null) return `${id} executed slot ${slot}, which it does not know.`;
      const key = entryKey(entry);
      if (entries.length < slot) entries.push(key);
      if (entries[slot - 1] === key) continue;
      return `${id} executed ${key} in slot ${slot}, where ${entries[slot - 1]} was executed.`;
    }
    return undefined;
  },
});

interface Replayed {
  /** The stores that the first slots make: after no slot, after one, and so on. */
  stores: string[];
  store: KeyValueStore;
  /** How many slots each replica had executed when its store was last compared. */
  seen: Record<NodeId, number>;
}

const storeFollowsSlots = ofReplicas({
  doc: 'The store of a replica is what its executed slots make of it, each command once (§3).',
  remember: (): Replayed => ({
    stores: [sorted({})], store: keyValueStore.init(), seen: {},
  }),
  check({ acted, memory }) {
    if (!isReplica(acted)) return undefined;
    const { id, state: { applied, chosen, kv } } = acted;
    if (memory.seen[id] === applied) return undefined;
    memory.seen[id] = applied;
    for (let slot = memory.stores.length; slot <= applied; slot++) {
      const entry = chosen[slot - 1] ?? null;
      if (entry === null) return undefined;
      applyCommand(memory.store, entry as Entry);
      memory.stores.push(sorted(memory.store.kv));
    }
    const [now, made] = [sorted(kv), memory.stores[applied]];
    if (now === made) return undefined;
    return `${id} has the store ${now}, but its ${applied} slots make ${made}.`;
  },
});

function sorted(kv: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(kv).sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Answered {
  store: KeyValueStore;
  /** How many slots were executed on the store. */
  executed: number;
  responses: Responses;
}

/** A read has a slot, too: what a leader answers from its store alone may be out of date. */
const answersFollowSlots = ofReplicas({
  doc: 'A client is answered what its command gave when it was executed, in slot order (§3).',
  remember: (): Answered => ({ store: keyValueStore.init(), executed: 0, responses: {} }),
  check({ acted, answers, message, memory }) {
    if (!isReplica(acted)) return whyWrongAnswer(memory.responses, answers, message);
    const { applied, chosen } = acted.state;
    while (memory.executed < applied) {
      const entry = chosen[memory.executed] ?? null;
      if (entry === null) return undefined;
      memory.executed++;
      noteResponse(memory.responses, entry, applyCommand(memory.store, entry));
    }
    return undefined;
  },
});

/** Until a gap is filled, no command behind it can be executed, and no client is answered. */
const noGaps = ofReplicas({
  doc: 'A leader has proposed in each slot before its next one that it does not know (§3).',
  check({ acted }) {
    if (!isReplica(acted) || acted.state.standing !== 'leader') return undefined;
    const { id, state: { applied, chosen, proposed, nextSlot, ballot } } = acted;
    for (let slot = applied + 1; slot < nextSlot; slot++) {
      if ((chosen[slot - 1] ?? null) !== null || proposed[slot] !== undefined) continue;
      return `${id} leads with ballot ${ballot}, but has proposed nothing in slot ${slot}.`;
    }
    return undefined;
  },
});

/** A client that has its answer may rely on it: a majority has chosen its command. */
const answersAreChosen = ofReplicas({
  doc: 'A client is answered only if its command is chosen and executed.',
  check({ acted, nodes, message }) {
    const body = message?.body as { type: string; status?: string; serial?: number } | undefined;
    if (body?.type !== 'ClientResponse' || body.status !== 'OK') return undefined;
    const { from, to } = message!;
    const replica = nodes.find(({ id }) => id === from);
    if (!isReplica(replica) || acted?.id !== to) return undefined;
    const { chosen } = replica.state;
    const isThere = chosen.some((one) => one?.clientId === to && one.serial === body.serial);
    if (isThere) return undefined;
    return `${from} answered ${to} for serial ${body.serial}, which it has not learned.`;
  },
});

export const replicaInvariants: Record<string, Invariant> = {
  'Promises Kept': promisesKept,
  'Ballots Are New': ballotsAreNew,
  'Applied Prefix': appliedPrefix,
  'Store Follows Slots': storeFollowsSlots,
  'Answers Are Chosen': answersAreChosen,
  'Answers Follow The Slots': answersFollowSlots,
  'No Gaps': noGaps,
};
