/** Transactions: how they begin, commit and roll back, and what goes on when one is over. */
import type { Node, NodeId } from '../../protocol/types.ts';
import { prepare, unwatch, watch } from './serializable.ts';
import type { Database, Session, Transaction, Watched } from './state.ts';
import type { Level, SqlError } from './syntax.ts';
import { committedRows, takeSnapshot, vacuum } from './versions.ts';

type Here = Node<Database>;

export function begin(node: Here, session: NodeId, level: Level, explicit: boolean): Transaction {
  const transaction: Transaction = {
    level, xid: 0, snapshot: null, serializable: 0, queried: false, explicit, failed: false,
  };
  node.state.sessions[session].transaction = transaction;
  if (explicit) node.event('TransactionBegun', { session, level });
  return transaction;
}

/** The snapshot of the next statement: a new one each time under read committed alone. */
export function refreshSnapshot(node: Here, session: NodeId, transaction: Transaction): void {
  transaction.queried = true;
  if (transaction.snapshot !== null && transaction.level !== 'read committed') return;
  transaction.snapshot = takeSnapshot(node.state);
  if (transaction.level === 'serializable') watch(node.state, session, transaction);
}

export function watchedOf(node: Here, transaction: Transaction): Watched | undefined {
  return node.state.watched[transaction.serializable];
}

/** Commits, or answers why it cannot; either way the transaction is over. */
export function commit(
  node: Here,
  session: NodeId,
  transaction: Transaction,
): SqlError | undefined {
  const watched = watchedOf(node, transaction);
  const failed = watched && prepare(node, watched);
  if (failed !== undefined) {
    rollback(node, session, transaction);
    return failed;
  }
  const { state } = node;
  const { xid } = transaction;
  if (xid > 0) {
    state.transactions[xid] = 'committed';
    state.lastEnded = Math.max(state.lastEnded, xid);
  }
  if (watched !== undefined) unwatch(state, watched, true);
  state.sessions[session].transaction = null;
  if (xid > 0 || transaction.explicit) node.event('TransactionCommitted', { session, xid });
  for (const [name, table] of Object.entries(state.tables)) {
    state.committed[name] = committedRows(state, table);
  }
  release(node, xid);
  return undefined;
}

export function rollback(node: Here, session: NodeId, transaction: Transaction): void {
  end(node, session, transaction);
  node.state.sessions[session].transaction = null;
}

/** After an error nothing of it is left, but the session has still to say ROLLBACK. */
export function failTransaction(node: Here, session: NodeId, transaction: Transaction): void {
  if (transaction.explicit) {
    end(node, session, transaction);
    transaction.failed = true;
  } else {
    rollback(node, session, transaction);
  }
}

function end(node: Here, session: NodeId, transaction: Transaction): void {
  const { state } = node;
  const { xid, failed } = transaction;
  if (failed) return;
  if (xid > 0) {
    state.transactions[xid] = 'aborted';
    state.lastEnded = Math.max(state.lastEnded, xid);
  }
  const watched = watchedOf(node, transaction);
  if (watched !== undefined) unwatch(state, watched, false);
  transaction.xid = 0;
  transaction.snapshot = null;
  transaction.serializable = 0;
  // What it saw of its own changes never was.
  state.sessions[session].seen = {};
  node.event('TransactionRolledBack', { session, xid });
  release(node, xid);
}

/** Those that waited for the transaction go on, the one that came first before the others. */
function release(node: Here, xid: number): void {
  const { sessions, ready } = node.state;
  const waiting = Object.keys(sessions).filter((id) => sessions[id].waits?.xid === xid);
  const ticketOf = (id: NodeId) => sessions[id].waits!.ticket;
  waiting.sort((a, b) => ticketOf(a) - ticketOf(b));
  if (xid > 0) ready.push(...waiting);
  vacuum(node.state);
}

export function newSession(): Session {
  return { lastSerial: 0, transaction: null, running: null, waits: null, seen: {} };
}
