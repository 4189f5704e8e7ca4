/** The promises of Spanner to its clients: external consistency, and reads of a moment. */
import { invariant } from '../../../protocol/define.ts';
import type { Frozen, Micros, NodeId, OperationId } from '../../../protocol/types.ts';
import { at, isReplica, type Roles } from './observed.ts';
import type { ReadTimestamps, Timestamp, TransactionId, WritesOf } from '../records.ts';
import { safeTime } from '../timestamps.ts';

const spannerInvariant = invariant<Roles>();

/** A commit, and when it was answered: the first moment at which it can be known. */
interface Answered {
  readonly transaction: TransactionId;
  readonly timestamp: Timestamp;
  readonly time: Micros;
}

interface RealTimeOrder {
  /** The highest timestamp of all commits that were answered. */
  highest: Answered | null;
  /** The same for each key. */
  byKey: Record<string, Answered>;
  committed: Record<TransactionId, true>;
  /** What was answered before a transaction, or a read of a key, began. */
  before: Record<TransactionId, { answered: Answered | null; time: Micros }>;
  beforeRead: Record<OperationId, { byKey: Record<string, Answered>; time: Micros }>;
  /** Transaction → the keys that participants prepared to write. */
  prepared: Record<TransactionId, string[]>;
}

/**
 * It is enough to compare with the highest timestamp that was answered before a transaction began:
 * if that one is lower, all are. Time is that of the run, which no node knows.
 */
export const externalConsistency = spannerInvariant<RealTimeOrder>({
  doc: 'A commit that is answered before another begins has the lower timestamp (§4.1.2).',
  remember: () => ({
    highest: null, byKey: {}, committed: {}, before: {}, beforeRead: {}, prepared: {},
  }),
  when: ({ events }) => events.length > 0,
  check({ events, time, memory }) {
    for (const { name, fields } of events) {
      let why: string | undefined;
      if (name === 'TransactionStarted') {
        memory.before[fields.transaction] = { answered: memory.highest, time };
      } else if (name === 'Prepared') {
        const known = (memory.prepared[fields.transaction] ??= []);
        known.push(...Object.keys(fields.writes));
      } else if (name === 'Committed') {
        why = noteCommit(memory, fields, time);
      } else if (name === 'ReadStarted' && fields.kind === 'read-only') {
        const known = fields.keys.filter((key) => memory.byKey[key] !== undefined);
        const byKey = Object.fromEntries(known.map((key) => [key, memory.byKey[key]]));
        memory.beforeRead[fields.request] = { byKey, time };
      } else if (name === 'ReadAnswered') {
        why = whyStale(memory, fields);
      }
      if (why !== undefined) return why;
    }
    return undefined;
  },
});

function noteCommit(
  memory: RealTimeOrder,
  { transaction, timestamp, writes }: Frozen<Commit>,
  time: Micros,
): string | undefined {
  // A new leader reports again what an earlier one may have answered.
  if (memory.committed[transaction]) return undefined;
  memory.committed[transaction] = true;
  const began = memory.before[transaction];
  const answered = { transaction, timestamp, time };
  const keys = [...Object.keys(writes), ...(memory.prepared[transaction] ?? [])];
  for (const key of keys) {
    if (timestamp > (memory.byKey[key]?.timestamp ?? -1)) memory.byKey[key] = answered;
  }
  if (timestamp > (memory.highest?.timestamp ?? -1)) memory.highest = answered;
  const first = began?.answered;
  if (!first || first.timestamp < timestamp) return undefined;
  const earlier = `${first.transaction} committed at ${at(first.timestamp)} and was answered at`;
  const later = `${transaction} began at ${at(began.time)}, but committed at ${at(timestamp)}`;
  return `${earlier} ${at(first.time)}; ${later}: they are in the wrong order.`;
}

interface Commit {
  transaction: TransactionId;
  timestamp: Timestamp;
  writes: WritesOf;
  reads: ReadTimestamps;
  groups: string[];
}

function whyStale(
  { beforeRead }: RealTimeOrder,
  { request, timestamp, values }: Frozen<{
    request: OperationId; timestamp: Timestamp; values: Record<string, { timestamp: Timestamp }>;
  }>,
): string | undefined {
  const began = beforeRead[request];
  if (began === undefined) return undefined;
  for (const [key, first] of Object.entries(began.byKey)) {
    if (values[key].timestamp >= first.timestamp) continue;
    const { transaction, timestamp: written, time } = first;
    const wrote = `${transaction} wrote ${key} at ${at(written)} and was answered at ${at(time)}`;
    const read = `the read ${request} began later, at ${at(began.time)}, but saw`;
    return `${wrote}; ${read} the version of ${at(values[key].timestamp)} as of ${at(timestamp)}.`;
  }
  return undefined;
}

/** The versions of each key, and the reads of it: what each of them must and must not see. */
interface Versions {
  /** Key → the timestamps of its committed versions, with their transactions. */
  byKey: Record<string, { timestamp: Timestamp; transaction: TransactionId }[]>;
  /** Key → what was read of it: a read at `upTo` saw the version of `seen`. */
  reads: Record<string, { reader: string; seen: Timestamp; upTo: Timestamp }[]>;
  committed: Record<TransactionId, true>;
  prepared: Record<TransactionId, { writes: string[]; reads: ReadTimestamps }>;
}

const noVersions = (): Versions => ({ byKey: {}, reads: {}, committed: {}, prepared: {} });

/** Adds a commit, and returns why one of the earlier reads missed it. */
function addCommit(memory: Versions, commit: Frozen<Commit>): string | undefined {
  const { transaction, timestamp } = commit;
  const [keys] = partsOf(memory, commit);
  for (const key of keys) {
    (memory.byKey[key] ??= []).push({ timestamp, transaction });
    for (const { reader, seen, upTo } of memory.reads[key] ?? []) {
      if (timestamp <= seen || timestamp > upTo || reader === transaction) continue;
      const read = `${reader} read ${key} as of ${at(upTo)} and saw the version of ${at(seen)}`;
      return `${read}, but ${transaction} committed it at ${at(timestamp)}.`;
    }
  }
  return undefined;
}

/** All keys that a transaction wrote, and all that it read: its coordinator logs only its own. */
function partsOf(
  { prepared }: Versions,
  { transaction, writes, reads }: Frozen<Commit>,
): [string[], ReadTimestamps] {
  const others = prepared[transaction] ?? { writes: [], reads: {} };
  return [[...Object.keys(writes), ...others.writes], { ...reads, ...others.reads }];
}

/** Returns why a read at `upTo` should have seen another version. */
function addRead(
  { byKey, reads }: Versions,
  reader: string,
  key: string,
  seen: Timestamp,
  upTo: Timestamp,
): string | undefined {
  const visible = (byKey[key] ?? []).filter(({ timestamp }) => timestamp <= upTo);
  const last = Math.max(0, ...visible.map(({ timestamp }) => timestamp));
  (reads[key] ??= []).push({ reader, seen, upTo });
  if (last === seen) return undefined;
  const read = `${reader} read ${key} as of ${at(upTo)} and saw`;
  const saw = seen === 0 ? 'no version' : `the version of ${at(seen)}`;
  return `${read} ${saw}, but the last one was ${last === 0 ? 'none' : `of ${at(last)}`}.`;
}

function notePrepared(
  memory: Versions,
  fields: Frozen<Pick<Commit, 'transaction' | 'writes' | 'reads'>>,
): void {
  const known = (memory.prepared[fields.transaction] ??= { writes: [], reads: {} });
  known.writes.push(...Object.keys(fields.writes));
  Object.assign(known.reads, fields.reads);
}

export const snapshotsAreExact = spannerInvariant<Versions>({
  doc: 'A read at a timestamp sees exactly the commits up to it, on any replica (§4.1.3, §4.1.4).',
  remember: noVersions,
  when: ({ events }) => events.length > 0,
  check({ events, memory }) {
    for (const { node, name, fields } of events) {
      let why: string | undefined;
      if (name === 'Prepared') notePrepared(memory, fields);
      if (name === 'Committed' && !memory.committed[fields.transaction]) {
        memory.committed[fields.transaction] = true;
        why = addCommit(memory, fields);
      }
      if (name === 'SnapshotRead') {
        for (const [key, { timestamp: seen }] of Object.entries(fields.values)) {
          why ??= addRead(memory, node, key, seen, fields.timestamp);
        }
      }
      if (why !== undefined) return why;
    }
    return undefined;
  },
});

/** Serializability in the order of the timestamps: what two-phase locking is for. */
export const readsAreCurrent = spannerInvariant<Versions>({
  doc: 'A read-write transaction has read the last versions before its timestamp (§4.2.1).',
  remember: noVersions,
  when: ({ events }) => events.length > 0,
  check({ events, memory }) {
    for (const { name, fields } of events) {
      if (name === 'Prepared') notePrepared(memory, fields);
      if (name !== 'Committed' || memory.committed[fields.transaction]) continue;
      const { transaction, timestamp } = fields;
      memory.committed[transaction] = true;
      const [, reads] = partsOf(memory, fields);
      for (const [key, seen] of Object.entries(reads)) {
        const why = addRead(memory, transaction, key, seen, timestamp - 1);
        if (why !== undefined) return why;
      }
      const why = addCommit(memory, fields);
      if (why !== undefined) return why;
    }
    return undefined;
  },
});

export const safeTimeHolds = spannerInvariant<Record<NodeId, Timestamp>>({
  doc: 'A replica applies no write at or below a time that it took as safe (§4.1.3).',
  remember: () => ({}),
  check({ acted, events, memory }) {
    if (!isReplica(acted) || !acted.up) return undefined;
    const before = memory[acted.id] ?? 0;
    for (const { name, fields } of events) {
      if (name !== 'RecordApplied') continue;
      const { record } = acted.state.log[fields.slot - 1];
      if (record.kind !== 'commit' && record.kind !== 'outcome') continue;
      if (record.timestamp === null || record.timestamp > before) continue;
      const write = `a write of ${record.transaction} at ${at(record.timestamp)}`;
      return `${acted.id} took ${at(before)} as safe, and then applied ${write}.`;
    }
    memory[acted.id] = Math.max(before, safeTime(acted.state));
    return undefined;
  },
});
