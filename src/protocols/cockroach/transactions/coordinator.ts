/** The transaction coordinator: what the node at which a transaction began does for it. */
// Paper: §3.1 (pipelined writes, parallel commits) and §3.4 (read refreshes).
import type { Frozen, Json } from '../../../protocol/types.ts';
import type { KvRequest, Outcome, TransactionHeader } from '../api.ts';
import { dropCall, rangeOf, send } from '../calls.ts';
import {
  compare, isBefore, latest, plus, readClock, type Timestamp,
} from '../../shared/hybrid-clock.ts';
import type { Store } from '../node-types.ts';
import { isFinal } from './records.ts';
import { resolveIntents } from './resolve.ts';
import { descriptorKey, type Key, type TransactionId, type TransactionRecord } from '../data.ts';
import type { Program, Transaction } from '../state.ts';

/** What follows when a statement of a transaction has ended. */
export interface Progress {
  read(store: Store, transaction: Transaction, value: Json): void;
  wrote(store: Store, transaction: Transaction): void;
  committed(store: Store, transaction: Transaction): void;
  fails(store: Store, transaction: Transaction, reason: string): void;
  /** The transaction has had no effect, and could be tried again. */
  restarts(store: Store, transaction: Transaction, reason: string): void;
}

export function begin(
  store: Store,
  { name, priority, program }: { name: string; priority: number; program: Program | null },
): Transaction {
  const now = readClock(store);
  const id = `${store.id}.${++store.state.serial}`;
  const transaction: Transaction = {
    id, name, priority, program, began: now, limit: plus(now, store.options.maxOffset),
    anchor: null, readTimestamp: now, writeTimestamp: now, observed: {}, sequence: 0, reads: {},
    inFlight: {}, keys: [], phase: 'open', calls: [], next: null, reading: null, refreshTo: now,
    operation: null, spans: false,
  };
  store.state.transactions[id] = transaction;
  store.event('TransactionBegan', { transaction: id, timestamp: now });
  return transaction;
}

function headerOf(transaction: Transaction): TransactionHeader {
  const { id, priority, began, limit, readTimestamp, writeTimestamp } = transaction;
  return {
    id, anchor: transaction.anchor ?? '', priority, began, readTimestamp, writeTimestamp, limit,
    observed: { ...transaction.observed },
  };
}

function ask(store: Store, transaction: Transaction, request: KvRequest): void {
  const purpose = { for: 'transaction', transaction: transaction.id } as const;
  transaction.calls.push(send(store, request, purpose));
}

// Statements

export function read(store: Store, transaction: Transaction, key: Key): void {
  transaction.reading = key;
  const sequence = transaction.inFlight[key] ?? 0;
  ask(store, transaction, { op: 'get', key, transaction: headerOf(transaction), sequence });
}

/** A pipelined write: its answer comes as soon as it is evaluated, and the commit looks for it. */
export function write(store: Store, transaction: Transaction, key: Key, value: Json): void {
  put(store, transaction, { key, value, pipelined: true });
}

interface Write {
  readonly key: Key;
  readonly value: Json;
  readonly pipelined: boolean;
}

/** The first write anchors the transaction: its record is there, and its heartbeats go there. */
function put(store: Store, transaction: Transaction, { key, value, pipelined }: Write): void {
  const sequence = ++transaction.sequence;
  if (transaction.anchor === null) {
    transaction.anchor = key;
    store.setTimer('transactionHeartbeat', store.options.transactionHeartbeat, transaction.id);
  }
  transaction.inFlight[key] = sequence;
  if (!transaction.keys.includes(key)) transaction.keys.push(key);
  const header = headerOf(transaction);
  ask(store, transaction, { op: 'put', key, transaction: header, value, sequence, pipelined });
}

/** A transaction commits at its write timestamp, if its reads would be the same there. */
export function commit(store: Store, transaction: Transaction, progress: Progress): void {
  const { readTimestamp, writeTimestamp } = transaction;
  if (isBefore(readTimestamp, writeTimestamp)) {
    return refresh(store, transaction, writeTimestamp, 'commit', progress);
  }
  if (transaction.anchor === null) return acknowledge(store, transaction, progress);
  transaction.phase = 'committing';
  const spans = spansRanges(store, transaction);
  const staging = store.options.parallelCommits && spans;
  const writes = Object.keys(transaction.inFlight);
  // Without parallel commits, the writes are looked for first: one round trip more.
  if (spans && !staging && writes.length > 0) return lookForWrites(store, transaction, writes);
  ask(store, transaction, endRequest(transaction, { commit: true, staging }));
  if (!staging) return;
  lookForWrites(store, transaction, writes);
}

/** While the record is staged, the writes are looked for. */
function lookForWrites(store: Store, transaction: Transaction, keys: readonly Key[]): void {
  for (const key of keys) {
    const { id, writeTimestamp: timestamp } = transaction;
    const sequence = transaction.inFlight[key];
    ask(store, transaction, { op: 'query-intent', key, sequence, transaction: id, timestamp });
  }
}

/**
 * The last write of a statement leaves together with the commit, if another range has it: then the
 * whole commit takes one round trip. Returns false if the two must come one after the other.
 */
export function writeAndCommit(
  store: Store,
  transaction: Transaction,
  key: Key,
  value: Json,
): boolean {
  const { readTimestamp, writeTimestamp, anchor, inFlight } = transaction;
  if (!store.options.parallelCommits || anchor === null || key in inFlight) return false;
  if (isBefore(readTimestamp, writeTimestamp)) return false;
  if (rangeOf(store, key) === rangeOf(store, anchor)) return false;
  const others = Object.keys(inFlight);
  put(store, transaction, { key, value, pipelined: false });
  transaction.phase = 'committing';
  ask(store, transaction, endRequest(transaction, { commit: true, staging: true }));
  lookForWrites(store, transaction, others);
  return true;
}

/** The last write was applied: at a later timestamp than the staged one, it does not count yet. */
function lastWritten(
  store: Store,
  transaction: Transaction,
  timestamp: Timestamp,
  progress: Progress,
): void {
  if (!isBefore(transaction.writeTimestamp, timestamp)) {
    if (transaction.calls.length === 0) acknowledge(store, transaction, progress);
    return;
  }
  dropCalls(store, transaction);
  transaction.writeTimestamp = timestamp;
  commit(store, transaction, progress);
}

/** Without writes in other ranges, one command commits: there is nothing to do in parallel. */
function spansRanges(store: Store, { keys, spans }: Transaction): boolean {
  if (spans) return true;
  const ranges = new Set(keys.map((key) => rangeOf(store, key)));
  return ranges.size > 1;
}

function endRequest(
  transaction: Transaction,
  { commit: commits, staging }: { commit: boolean; staging: boolean },
): KvRequest {
  const { anchor, keys, inFlight, program, phase } = transaction;
  const writes = Object.entries(inFlight).map(([key, sequence]) => ({ key, sequence }));
  const isSplit = commits && program?.statement === 'split';
  return {
    op: 'end', key: anchor!, transaction: headerOf(transaction), commit: commits, staging,
    inFlight: commits && phase !== 'acknowledged' ? writes : [],
    keys: [...keys], split: isSplit ? (program.value as string) : null,
  };
}

/** Nothing is waited for any more: the transaction had no effect, or its record will say so. */
export function abandon(store: Store, transaction: Transaction): void {
  const { anchor, keys } = transaction;
  finish(store, transaction);
  if (anchor === null) return;
  const request = endRequest(transaction, { commit: false, staging: false });
  send(store, request, { for: 'clean-up', keys: [...keys] });
}

/**
 * A write is missing, so the transaction cannot commit. Unless it has: another transaction may have
 * recovered it and resolved its intents. Only the record knows, and it is final.
 */
function giveUpCommit(store: Store, transaction: Transaction): void {
  dropCalls(store, transaction);
  ask(store, transaction, endRequest(transaction, { commit: false, staging: false }));
}

// Answers

export function answered(
  store: Store,
  id: TransactionId,
  number: number,
  outcome: Frozen<Outcome>,
  progress: Progress,
): void {
  const transaction = store.state.transactions[id] as Transaction | undefined;
  if (transaction === undefined || !transaction.calls.includes(number)) return;
  transaction.calls = transaction.calls.filter((call) => call !== number);
  switch (outcome.result) {
    case 'value':
      return valueRead(store, transaction, outcome, progress);
    case 'written':
      if (transaction.phase === 'committing') {
        return lastWritten(store, transaction, outcome.timestamp, progress);
      }
      transaction.writeTimestamp = latest(transaction.writeTimestamp, outcome.timestamp);
      return progress.wrote(store, transaction);
    case 'uncertain':
      return refresh(store, transaction, outcome.timestamp, 'read', progress);
    case 'pushed':
      dropCalls(store, transaction);
      transaction.writeTimestamp = latest(transaction.writeTimestamp, outcome.timestamp);
      return commit(store, transaction, progress);
    case 'done':
      if (transaction.calls.length === 0) refreshed(store, transaction, progress);
      return;
    case 'found': {
      if (!outcome.found) return giveUpCommit(store, transaction);
      if (transaction.calls.length > 0) return;
      if (store.options.parallelCommits) return acknowledge(store, transaction, progress);
      transaction.inFlight = {};
      return commit(store, transaction, progress);
    }
    case 'record':
      return recordAnswered(store, transaction, outcome.record, progress);
    case 'spans ranges':
      transaction.spans = true;
      return commit(store, transaction, progress);
    case 'aborted':
      return restart(store, transaction, 'another transaction aborted it', progress);
    case 'stale':
      if (transaction.phase === 'refreshing') {
        store.event('RefreshFailed', { transaction: id, reason: outcome.reason });
      }
      return restart(store, transaction, outcome.reason, progress);
    case 'refused':
      abandon(store, transaction);
      return progress.fails(store, transaction, outcome.reason);
  }
}

function valueRead(
  store: Store,
  transaction: Transaction,
  { value, version, own }: Extract<Frozen<Outcome>, { result: 'value' }>,
  progress: Progress,
): void {
  const key = transaction.reading!;
  transaction.reading = null;
  if (!own) transaction.reads[key] = version;
  store.event('ValueRead', { key, transaction: transaction.id, version, own });
  progress.read(store, transaction, value as Json);
}

function recordAnswered(
  store: Store,
  transaction: Transaction,
  record: Frozen<TransactionRecord>,
  progress: Progress,
): void {
  // The client has its answer already: this would be a broken promise.
  if (record.status === 'ABORTED' && transaction.phase === 'acknowledged') {
    return finish(store, transaction);
  }
  if (record.status === 'ABORTED') {
    return restart(store, transaction, 'another transaction aborted it', progress);
  }
  if (record.status === 'COMMITTED') return committed(store, transaction, record, progress);
  if (transaction.calls.length === 0) acknowledge(store, transaction, progress);
}

function restart(
  store: Store,
  transaction: Transaction,
  reason: string,
  progress: Progress,
): void {
  store.event('TransactionRestarted', { transaction: transaction.id, reason });
  abandon(store, transaction);
  progress.restarts(store, transaction, reason);
}

// Commits

/**
 * The transaction is committed: because it only read, or implicitly, as its record is staging and
 * all its writes are there. The client has its answer now; the record becomes explicit afterwards.
 */
function acknowledge(store: Store, transaction: Transaction, progress: Progress): void {
  const { id, writeTimestamp: timestamp, anchor } = transaction;
  transaction.phase = 'acknowledged';
  const readOnly = anchor === null;
  store.event('CommitAcknowledged', { transaction: id, timestamp, implicit: !readOnly, readOnly });
  progress.committed(store, transaction);
  if (anchor === null) return finish(store, transaction);
  ask(store, transaction, endRequest(transaction, { commit: true, staging: false }));
}

/** The record says so, which also a recovery may have written. */
function committed(
  store: Store,
  transaction: Transaction,
  { id, timestamp }: Frozen<TransactionRecord>,
  progress: Progress,
): void {
  if (transaction.phase !== 'acknowledged') {
    const how = { implicit: false, readOnly: false };
    store.event('CommitAcknowledged', { transaction: id, timestamp, ...how });
    progress.committed(store, transaction);
  }
  finish(store, transaction);
  resolveIntents(store, transaction.keys, id, 'COMMITTED', timestamp);
}

function dropCalls(store: Store, transaction: Transaction): void {
  for (const call of transaction.calls) dropCall(store, call);
  transaction.calls = [];
}

/** The coordinator forgets the transaction. */
export function finish(store: Store, transaction: Transaction): void {
  const { id } = transaction;
  dropCalls(store, transaction);
  store.cancelTimer('transactionHeartbeat', id);
  store.cancelTimer('deadline', id);
  delete store.state.transactions[id];
}

// Read refreshes (§3.4)

function refresh(
  store: Store,
  transaction: Transaction,
  to: Timestamp,
  then: 'read' | 'commit',
  progress: Progress,
): void {
  transaction.phase = 'refreshing';
  transaction.next = then;
  transaction.refreshTo = to;
  for (const key of Object.keys(transaction.reads)) {
    ask(store, transaction, {
      op: 'refresh', key, transaction: headerOf(transaction), from: transaction.readTimestamp, to,
    });
  }
  if (transaction.calls.length === 0) refreshed(store, transaction, progress);
}

function refreshed(store: Store, transaction: Transaction, progress: Progress): void {
  if (transaction.phase !== 'refreshing') return;
  const { id, readTimestamp: from, refreshTo: to, next, reading } = transaction;
  transaction.readTimestamp = latest(from, to);
  transaction.writeTimestamp = latest(transaction.writeTimestamp, to);
  transaction.phase = 'open';
  if (compare(from, to) !== 0) store.event('ReadsRefreshed', { transaction: id, from, to });
  if (next === 'read') read(store, transaction, reading!);
  else commit(store, transaction, progress);
}

// Heartbeats

export function heartbeat(store: Store, id: TransactionId): void {
  const transaction = store.state.transactions[id] as Transaction | undefined;
  if (transaction === undefined || transaction.anchor === null) return;
  const purpose = { for: 'heartbeat', transaction: id } as const;
  const header = headerOf(transaction);
  send(store, { op: 'heartbeat', key: transaction.anchor, transaction: header }, purpose);
  store.setTimer('transactionHeartbeat', store.options.transactionHeartbeat, id);
}

/** By its heartbeats a coordinator learns that another transaction has aborted its own. */
export function heartbeatAnswered(
  store: Store,
  id: TransactionId,
  outcome: Frozen<Outcome>,
  progress: Progress,
): void {
  const transaction = store.state.transactions[id] as Transaction | undefined;
  if (transaction === undefined || outcome.result !== 'record') return;
  const { record } = outcome;
  if (!isFinal(record.status)) {
    if (transaction.phase === 'open') {
      transaction.writeTimestamp = latest(transaction.writeTimestamp, record.timestamp);
    }
    return;
  }
  if (record.status === 'COMMITTED') return committed(store, transaction, record, progress);
  // An open transaction learns it at its next statement; a waiting one has no need to wait.
  if (transaction.operation !== null) recordAnswered(store, transaction, record, progress);
}

/** The key that a split writes: the descriptor of its range. */
export function splitKey(store: Store, at: Key): Key {
  return descriptorKey(rangeOf(store, at)!);
}
