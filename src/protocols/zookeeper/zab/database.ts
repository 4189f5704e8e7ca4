/** The database of a server: the log and the snapshot on its disk, and the tree in memory. */
// ZKDatabase and FileTxnSnapLog.
import type { Database, ServerState } from '../server-state.ts';
import { applyNodeTxn, type Change, emptyTree } from '../tree.ts';
import type { Response } from '../wire.ts';
import { counterOf, type Snapshot, type Transaction } from './packets.ts';

export interface Applied {
  readonly response: Response;
  readonly changes: readonly Change[];
}

export function emptySnapshot(): Snapshot {
  return { zxid: 0, ...emptyTree(), sessions: {} };
}

/** Executes a transaction, as the same at every server. */
export function applyTransaction(database: Database, { zxid, session, txn }: Transaction): Applied {
  const changes: Change[] = [];
  database.zxid = zxid;
  switch (txn.op) {
    case 'error':
      return { response: txn.results ? { results: txn.results } : { error: txn.error }, changes };
    case 'create-session': {
      const { client, timeout } = txn;
      database.sessions[session] = { client, timeout };
      return { response: 'OK', changes };
    }
    case 'close-session':
      delete database.sessions[session];
      for (const path of txn.paths) applyNodeTxn(database, { op: 'delete', path }, zxid, changes);
      return { response: 'OK', changes };
    case 'multi': {
      const results = txn.parts.map((part) => applyNodeTxn(database, part, zxid, changes));
      return { response: { results }, changes };
    }
    default:
      return { response: applyNodeTxn(database, txn, zxid, changes), changes };
  }
}

/** Restores the tree from the snapshot and the log, committed or not (loadDataBase). */
export function loadDatabase(state: ServerState): void {
  loadSnapshot(state, state.snapshot);
  fastForward(state);
}

/**
 * Executes what is in the log and not yet in the tree. A server that looks for a leader does so:
 * what it has logged counts in the election, because a quorum may have logged it.
 */
export function fastForward(state: ServerState): void {
  for (const transaction of state.log) {
    if (transaction.zxid > state.zxid) applyTransaction(state, transaction);
  }
}

/** Deletes what was logged after a transaction; false if the snapshot is later than that. */
export function truncateLog(state: ServerState, zxid: number): boolean {
  if (state.snapshot.zxid > zxid) return false;
  state.log = state.log.filter((one) => one.zxid <= zxid);
  loadDatabase(state);
  return true;
}

/** Replaces the tree and the sessions by those of a snapshot. */
export function loadSnapshot(state: ServerState, snapshot: Snapshot): void {
  Object.assign(state, snapshotOf(snapshot));
}

/** A copy, because the tree is changed in place. */
export function snapshotOf({ zxid, znodes, containers, sessions }: Snapshot): Snapshot {
  return {
    zxid, znodes: { ...znodes }, containers: { ...containers }, sessions: { ...sessions },
  };
}

/** The last transactions that the leader has executed, of which it sends what a learner lacks. */
export function committedLog(state: ServerState, count: number): readonly Transaction[] {
  const { log, zxid } = state;
  let end = log.length;
  while (end > 0 && log[end - 1].zxid > zxid) end--;
  return log.slice(Math.max(0, end - count), end);
}

/** Whether a zxid is the first of an epoch, which is given to no transaction. */
export function isNewEpoch(zxid: number): boolean {
  return counterOf(zxid) === 0;
}
