/** What transactions of Spanner rely on: locks, wound-wait, and two-phase commit. */
import { invariant } from '../../../protocol/define.ts';
import type { Frozen, NodeId } from '../../../protocol/types.ts';
import { isOlder } from '../locks.ts';
import { at, isReplica, type ObservedReplica, type Roles } from './observed.ts';
import { groupOf } from '../placement.ts';
import type { Timestamp, TransactionId } from '../records.ts';

const spannerInvariant = invariant<Roles>();

/** How a transaction ended, and the node that said so first. */
interface Ended {
  timestamp: Timestamp | null;
  by: NodeId;
}

/** A client that learns of an abort tries again, so the first attempt must never commit. */
export const atomicity = spannerInvariant<Record<TransactionId, Ended>>({
  doc: 'All groups of a transaction, and its client, learn the same outcome (§4.2.1).',
  remember: () => ({}),
  when: ({ events }) => events.length > 0,
  check({ events, memory }) {
    for (const { node, name, fields } of events) {
      let timestamp: Timestamp | null;
      switch (name) {
        case 'Committed':
        case 'TransactionCommitted':
        case 'OutcomeLearned':
          timestamp = fields.timestamp;
          break;
        case 'Aborted':
        case 'TransactionAborted':
          timestamp = null;
          break;
        default:
          continue;
      }
      const { transaction } = fields;
      const first = (memory[transaction] ??= { timestamp, by: node });
      if (first.timestamp === timestamp) continue;
      const [one, other] = [first.timestamp, timestamp].map(outcomeText);
      return `${transaction} ${one} at ${first.by}, and ${other} at ${node}.`;
    }
    return undefined;
  },
});

function outcomeText(timestamp: Timestamp | null): string {
  return timestamp === null ? 'was aborted' : `committed with timestamp ${at(timestamp)}`;
}

export const commitsFollowPrepares = spannerInvariant<
  Record<TransactionId, Record<string, Timestamp>>
>({
  doc: 'A commit follows the prepares of all participants, and is not below them (§4.2.1).',
  remember: () => ({}),
  when: ({ events }) => events.length > 0,
  check({ events, memory }) {
    for (const { node, name, fields } of events) {
      if (name === 'Prepared') {
        (memory[fields.transaction] ??= {})[groupOf(node)] = fields.timestamp;
      }
      if (name !== 'Committed') continue;
      const { transaction, timestamp, groups } = fields;
      for (const group of groups.slice(1)) {
        const prepared = memory[transaction]?.[group];
        const commit = `${transaction} committed at ${at(timestamp)}`;
        if (prepared === undefined) return `${commit}, but the group ${group} was not prepared.`;
        if (prepared > timestamp) return `${commit}, but ${group} prepared it at ${at(prepared)}.`;
      }
    }
    return undefined;
  },
});

/** A later attempt is a new transaction, which has the whole effect of the operation again. */
export const operationsHappenOnce = spannerInvariant<Record<string, TransactionId>>({
  doc: 'At most one of the attempts of an operation commits.',
  remember: () => ({}),
  when: ({ events }) => events.some(({ name }) => name === 'Committed'),
  check({ events, memory }) {
    for (const { name, fields } of events) {
      if (name !== 'Committed') continue;
      const { transaction } = fields;
      const [operation] = transaction.split('/');
      const first = (memory[operation] ??= transaction);
      if (first !== transaction) return `${first} committed, and ${transaction} as well.`;
    }
    return undefined;
  },
});

export const locksExclude = spannerInvariant({
  doc: 'A key that one transaction has locked for writing is locked by no other (§4.2.1).',
  check({ acted }) {
    if (!isReplica(acted)) return undefined;
    for (const [key, held] of Object.entries(acted.state.locks)) {
      const holders = Object.keys(held);
      const writer = holders.find((id) => held[id] === 'exclusive');
      if (writer === undefined || holders.length === 1) continue;
      const others = holders.filter((id) => id !== writer).join(' and ');
      return `${writer} has ${key} at ${acted.id} for writing, and ${others} as well.`;
    }
    return undefined;
  },
});

/** Also of a new leader: it has the locks of prepared transactions before it serves a client. */
export const locksAreHeld = spannerInvariant({
  doc: 'A transaction holds the locks of its reads and writes from its timestamp on (§4.2.1).',
  check({ acted, events }) {
    if (!isReplica(acted)) return undefined;
    const { transactions, prepared, outcomes } = acted.state;
    for (const { name, fields } of events) {
      if (name === 'TimestampAssigned') {
        const { transaction } = fields;
        // A group of one replica applies its record in the same step.
        if (outcomes[transaction] !== undefined) continue;
        const commit = transactions[transaction]?.commit;
        if (!commit) return `${acted.id} gave ${transaction} a timestamp without its request.`;
        const why = whyNotLocked(acted, transaction, commit);
        if (why !== undefined) return `${why} when it got its timestamp.`;
      }
      if (name !== 'LeaderReady') continue;
      for (const [id, record] of Object.entries(prepared)) {
        const why = whyNotLocked(acted, id, record);
        if (why !== undefined) return `${why}, although it is prepared.`;
      }
    }
    return undefined;
  },
});

function whyNotLocked(
  { id: leader, state: { locks } }: ObservedReplica,
  id: TransactionId,
  { writes, reads }: Frozen<{ writes: object; reads: object }>,
): string | undefined {
  const unlocked =
    Object.keys(writes).find((key) => locks[key]?.[id] !== 'exclusive')
    ?? Object.keys(reads).find((key) => locks[key]?.[id] === undefined);
  return unlocked === undefined ? undefined : `${id} had no lock on ${unlocked} at ${leader}`;
}

/** A transaction that has a record in the log cannot be wounded: even an older one waits for it. */
export const olderNeverWaits = spannerInvariant({
  doc: 'An older transaction does not wait for a younger one that could be wounded (§4.2.1).',
  check({ acted }) {
    if (!isReplica(acted)) return undefined;
    const { transactions } = acted.state;
    for (const active of Object.values(transactions)) {
      const holder = active.waitsFor === null ? undefined : transactions[active.waitsFor];
      if (holder === undefined || !isOlder(active, holder)) continue;
      if (holder.stage === 'prepared' || holder.stage === 'deciding') continue;
      return `${active.id} waits for ${holder.id} at ${acted.id}, which is younger.`;
    }
    return undefined;
  },
});
