/** What transactions read and wrote: serializable in the order of timestamps, and never stale. */
// The checks follow the log and the events, not the state of coordinators: these forget a
// transaction that is finished, or crash before.
import { invariant } from '../../../protocol/define.ts';
import type { Invariant } from '../../../protocol/types.ts';
import { compare, isBefore, type Timestamp, timestampText } from '../../shared/hybrid-clock.ts';
import { changesOf, firstApplied, type Seen } from './observed.ts';
import type { Key, TransactionId } from '../data.ts';

interface Read {
  readonly transaction: TransactionId;
  /** The version that it returned; null for none. */
  readonly version: Timestamp | null;
  readonly at: Timestamp;
}

interface Write {
  readonly transaction: TransactionId;
  readonly at: Timestamp;
}

interface History {
  seen: Seen;
  /** What transactions that have not finished yet have read. */
  open: Record<TransactionId, { key: Key; version: Timestamp | null }[]>;
  reads: Record<Key, Read[]>;
  writes: Record<Key, Write[]>;
}

/** Why a read is wrong: there is a write between the version that it returned and its timestamp. */
function whyMissed(key: Key, read: Read, write: Write): string | undefined {
  if (read.transaction === write.transaction || isBefore(read.at, write.at)) return undefined;
  if (read.version !== null && !isBefore(read.version, write.at)) return undefined;
  const at = `committed at ${timestampText(read.at)}`;
  const reader = `${read.transaction} ${at} and read ${versionText(read.version)}`;
  const writer = `${write.transaction} wrote it at ${timestampText(write.at)}`;
  return `Of ${key}, ${reader}, but ${writer}.`;
}

function versionText(version: Timestamp | null): string {
  return version === null ? 'no version' : `the version at ${timestampText(version)}`;
}

/**
 * Every committed transaction has a timestamp, and the order of these timestamps is a serial order:
 * each read returns the latest write at or below the timestamp at which its transaction committed.
 */
const serializable = invariant<History>({
  doc: 'Committed transactions are serializable in the order of their timestamps (§3).',
  remember: () => ({ seen: {}, open: {}, reads: {}, writes: {} }),
  check({ events, memory }) {
    for (const { name, fields } of events) {
      if (name === 'ValueRead' && !fields.own) {
        (memory.open[fields.transaction] ??= []).push({ key: fields.key, version: fields.version });
      }
      if (name === 'TransactionRestarted') delete memory.open[fields.transaction];
    }
    for (const change of changesOf(firstApplied(events, memory.seen))) {
      if (change.change === 'record' && change.record.status === 'COMMITTED') {
        const why = finished(memory, change.record.id, change.record.timestamp);
        if (why !== undefined) return why;
      }
      if (change.change !== 'commit') continue;
      const { key, transaction, timestamp: at } = change;
      (memory.writes[key] ??= []).push({ transaction, at });
      for (const read of memory.reads[key] ?? []) {
        const why = whyMissed(key, read, { transaction, at });
        if (why !== undefined) return why;
      }
    }
    for (const { name, fields } of events) {
      if (name !== 'CommitAcknowledged') continue;
      const why = finished(memory, fields.transaction, fields.timestamp);
      if (why !== undefined) return why;
    }
    return undefined;
  },
});

function finished(memory: History, transaction: TransactionId, at: Timestamp): string | undefined {
  const reads = memory.open[transaction] ?? [];
  delete memory.open[transaction];
  for (const { key, version } of reads) {
    const read = { transaction, version, at };
    (memory.reads[key] ??= []).push(read);
    for (const write of memory.writes[key] ?? []) {
      const why = whyMissed(key, read, write);
      if (why !== undefined) return why;
    }
  }
  return undefined;
}

interface Answered {
  seen: Seen;
  /** The keys that each transaction has written. */
  keys: Record<TransactionId, Key[]>;
  /** The latest write of each key that a client knows to be committed. */
  latest: Record<Key, Write>;
  /** The same when each running transaction began. */
  before: Record<TransactionId, Record<Key, Write>>;
}

/**
 * Linearizability of single keys: what was confirmed to a client before a transaction began, the
 * transaction sees. It rests on the clocks: with an offset above the maximum it does not hold.
 */
const noStaleRead = invariant<Answered>({
  doc: 'A read sees every write of its key that was confirmed before its transaction began (§4.2).',
  remember: () => ({ seen: {}, keys: {}, latest: {}, before: {} }),
  check({ events, memory }) {
    for (const change of changesOf(firstApplied(events, memory.seen))) {
      if (change.change !== 'intent') continue;
      (memory.keys[change.intent.transaction.id] ??= []).push(change.key);
    }
    for (const { name, fields } of events) {
      const { transaction } = fields;
      if (name === 'TransactionBegan') memory.before[transaction] = { ...memory.latest };
      if (name === 'TransactionRestarted') delete memory.before[transaction];
      if (name === 'CommitAcknowledged') confirm(memory, transaction, fields.timestamp);
      if (name !== 'ValueRead' || fields.own) continue;
      const known = memory.before[transaction]?.[fields.key];
      if (known === undefined) continue;
      if (fields.version !== null && compare(fields.version, known.at) >= 0) continue;
      const read = `${transaction} read ${versionText(fields.version)} of ${fields.key}`;
      const missed = `${known.transaction} at ${timestampText(known.at)}`;
      return `${read}, although the write of ${missed} was confirmed before it began.`;
    }
    return undefined;
  },
});

function confirm(memory: Answered, transaction: TransactionId, at: Timestamp): void {
  for (const key of memory.keys[transaction] ?? []) {
    const known = memory.latest[key];
    if (known !== undefined && isBefore(at, known.at)) continue;
    memory.latest[key] = { transaction, at };
  }
  delete memory.keys[transaction];
  delete memory.before[transaction];
}

export const historyInvariants: Record<string, Invariant> = {
  'serializable in timestamp order': serializable,
  'no stale read': noStaleRead,
};
