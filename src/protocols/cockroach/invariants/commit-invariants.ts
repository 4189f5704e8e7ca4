/** Transactions end once, and in one way: the facts that the parallel commit must not break. */
// The names follow CockroachDB's TLA+ specification of parallel commits: an acknowledged commit is
// an implicit or an explicit one, and an implicit commit is never taken back. That each implicit
// commit becomes explicit is a matter of progress: the tests look at it when the faults have ended.
import { invariant } from '../../../protocol/define.ts';
import type { Frozen, Invariant } from '../../../protocol/types.ts';
import { compare, isBefore, type Timestamp, timestampText } from '../../shared/hybrid-clock.ts';
import { changesOf, firstApplied, type Seen } from './observed.ts';
import type { Change, Intent, Key, TransactionId, TransactionRecord } from '../data.ts';

type Records = Record<TransactionId, Frozen<TransactionRecord>>;

function isFinal({ status }: Frozen<TransactionRecord>): boolean {
  return status === 'COMMITTED' || status === 'ABORTED';
}

const oneEnd = invariant<{ seen: Seen; records: Records }>({
  doc: 'A transaction is never both committed and aborted: a record that has ended stays as it is.',
  remember: () => ({ seen: {}, records: {} }),
  check({ events, memory }) {
    for (const change of changesOf(firstApplied(events, memory.seen))) {
      if (change.change !== 'record') continue;
      const { record } = change;
      const before = memory.records[record.id];
      memory.records[record.id] = record;
      if (before === undefined || !isFinal(before)) continue;
      const same = compare(before.timestamp, record.timestamp) === 0;
      if (before.status === record.status && same) continue;
      return `The record of ${record.id} was ${before.status}, and became ${record.status}.`;
    }
    return undefined;
  },
});

/** Fails as well if an intent is committed at another timestamp than that of the record. */
const visibleWhenCommitted = invariant<{ seen: Seen; records: Records }>({
  doc: 'A value becomes visible only when its transaction is committed, at its timestamp (§3.2).',
  remember: () => ({ seen: {}, records: {} }),
  check({ events, memory }) {
    for (const change of changesOf(firstApplied(events, memory.seen))) {
      if (change.change === 'record') memory.records[change.record.id] = change.record;
      if (change.change !== 'commit') continue;
      const { key, transaction, timestamp } = change;
      const record = memory.records[transaction];
      if (record?.status !== 'COMMITTED') {
        const status = record?.status ?? 'not written';
        return `${key} of ${transaction} became visible, but its record is ${status}.`;
      }
      if (compare(record.timestamp, timestamp) === 0) continue;
      const [at, committed] = [timestamp, record.timestamp].map(timestampText);
      return `${key} of ${transaction} became visible at ${at}, but it committed at ${committed}.`;
    }
    return undefined;
  },
});

interface Commits {
  seen: Seen;
  records: Records;
  intents: Record<Key, Frozen<Intent>>;
  implicit: Record<TransactionId, true>;
  acknowledged: Record<TransactionId, true>;
}

function noCommits(): Commits {
  return { seen: {}, records: {}, intents: {}, implicit: {}, acknowledged: {} };
}

function follow(memory: Commits, change: Frozen<Change>): void {
  const { intents, records, implicit } = memory;
  switch (change.change) {
    case 'intent':
      intents[change.key] = change.intent;
      break;
    case 'push':
      intents[change.key] = { ...intents[change.key], timestamp: change.timestamp };
      break;
    case 'record':
      records[change.record.id] = change.record;
      break;
    case 'split':
      return;
    default:
      delete intents[change.key];
      return;
  }
  for (const record of Object.values(records)) {
    if (record.status === 'STAGING' && isImplicit(intents, record)) implicit[record.id] = true;
  }
}

/** STAGING, and each write that the record lists is there, at or below its timestamp. */
function isImplicit(
  intents: Commits['intents'],
  { id, inFlight, timestamp }: Frozen<TransactionRecord>,
): boolean {
  return inFlight.every(({ key, sequence }) => {
    const intent = intents[key];
    if (intent === undefined || intent.transaction.id !== id) return false;
    return intent.sequence >= sequence && !isBefore(timestamp, intent.timestamp);
  });
}

const implicitStays = invariant<Commits>({
  doc: 'A transaction that was implicitly committed, or confirmed, is never aborted (§3.1).',
  remember: noCommits,
  check({ events, memory }) {
    for (const { name, fields } of events) {
      if (name === 'CommitAcknowledged') memory.acknowledged[fields.transaction] = true;
    }
    for (const change of changesOf(firstApplied(events, memory.seen))) {
      follow(memory, change);
      if (change.change !== 'record' || change.record.status !== 'ABORTED') continue;
      const { id } = change.record;
      if (memory.acknowledged[id]) return `${id} was confirmed to the client, and then aborted.`;
      if (memory.implicit[id]) return `${id} was implicitly committed, and then aborted.`;
    }
    return undefined;
  },
});

const acknowledgedIsCommitted = invariant<Commits>({
  doc: 'A client gets the answer to a commit only when it is explicit or implicit (§3.1).',
  remember: noCommits,
  check({ events, memory }) {
    for (const change of changesOf(firstApplied(events, memory.seen))) follow(memory, change);
    for (const { name, fields } of events) {
      if (name !== 'CommitAcknowledged' || fields.readOnly) continue;
      const { transaction: id } = fields;
      if (memory.implicit[id] || memory.records[id]?.status === 'COMMITTED') continue;
      const status = memory.records[id]?.status ?? 'not written';
      const found = `its record is ${status}, and a write is missing`;
      return `The commit of ${id} was confirmed, but ${found}.`;
    }
    return undefined;
  },
});

/** Fails if the write lands after all: the recovery that found it missing has counted on that. */
const preventedStaysAway = invariant<{ seen: Seen; prevented: Record<string, Timestamp> }>({
  doc: 'A write that was found missing never lands at or below the timestamp of that question.',
  remember: () => ({ seen: {}, prevented: {} }),
  check({ events, memory }) {
    for (const change of changesOf(firstApplied(events, memory.seen))) {
      if (change.change !== 'intent') continue;
      const { key, intent: { transaction: { id }, timestamp } } = change;
      const prevented = memory.prevented[`${key} of ${id}`];
      if (prevented === undefined || isBefore(prevented, timestamp)) continue;
      const [at, limit] = [timestamp, prevented].map(timestampText);
      return `The write of ${key} by ${id} landed at ${at}, but was prevented up to ${limit}.`;
    }
    for (const { name, fields } of events) {
      if (name !== 'WritePrevented') continue;
      memory.prevented[`${fields.key} of ${fields.transaction}`] = fields.timestamp;
    }
    return undefined;
  },
});

export const commitInvariants: Record<string, Invariant> = {
  'one end of a transaction': oneEnd,
  'visible when committed': visibleWhenCommitted,
  'an implicit commit stays': implicitStays,
  'confirmed means committed': acknowledgedIsCommitted,
  'a prevented write stays away': preventedStaysAway,
};
