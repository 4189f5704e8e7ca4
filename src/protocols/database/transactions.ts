/** Transactions: how they begin, commit and roll back, and what continues when one has ended. */
import type { Node, NodeId } from '../../protocol/types.ts';
import { prepare, unwatch, watch } from './serializable.ts';
import type { Database, Session, Transaction, Watched } from './state.ts';
import type { Level, SqlError } from './syntax.ts';
import { committedRows, takeSnapshot, vacuum } from './versions.ts';

type Server = Node<Database>;

export function begin(node: Server, session: NodeId, level: Level, explicit: boolean): Transaction {
  const transaction: Transaction = {
    level, xid: 0, snapshot: null, serializable: 0, queried: false, explicit, failed: false,
  };
  node.state.sessions[session].transaction = transaction;
  if (explicit) node.event('TransactionBegun', { session, level });
  return transaction;
}

/** Takes the snapshot for the next statement; only read committed takes a new one each time. */
export function refreshSnapshot(node: Server, session: NodeId, transaction: Transaction): void {
  transaction.queried = true;
  if (transaction.snapshot !== null && transaction.level !== 'read committed') return;
  transaction.snapshot = takeSnapshot(node.state);
  if (transaction.level === 'serializable') watch(node.state, session, transaction);
}

export function watchedOf(node: Server, transaction: Transaction): Watched | undefined {
  return node.state.watched[transaction.serializable];
}

/** Commits, or returns why that is not possible; either way the transaction has ended. */
export function commit(
  node: Server,
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

export function rollback(node: Server, session: NodeId, transaction: Transaction): void {
  end(node, session, transaction);
  node.state.sessions[session].transaction = null;
}

/** After an error, nothing of the transaction is left, but the session must still roll it back. */
export function failTransaction(node: Server, session: NodeId, transaction: Transaction): void {
  if (transaction.explicit) {
    end(node, session, transaction);
    transaction.failed = true;
  } else {
    rollback(node, session, transaction);
  }
}

function end(node: Server, session: NodeId, transaction: Transaction): void {
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
  // The values that the session saw include its own changes, which are undone.
  state.sessions[session].seen = {};
  node.event('TransactionRolledBack', { session, xid });
  release(node, xid);
}

/** Lets the sessions that waited for the transaction continue, in the order of their arrival. */
function release(node: Server, xid: number): void {
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
