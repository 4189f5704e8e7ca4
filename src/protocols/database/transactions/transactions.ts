/** Transactions: how they begin, commit and roll back. */
import type { Node } from '../../../protocol/types.ts';
import { giveBackAll, sessionScope } from '../locks/lock-table.ts';
import { setWait } from '../locks/waits.ts';
import { prepare, unwatch, watch } from '../serializable.ts';
import { publish } from '../sessions/notify.ts';
import { isSynchronous } from '../sessions/settings.ts';
import type { SqlError } from '../sql/errors.ts';
import type { Level } from '../sql/syntax.ts';
import type { Context, Database, SessionId, Transaction, Watched } from '../state.ts';
import { committedRows, takeSnapshot, vacuum } from '../versions.ts';
import { abortScopes, newScope, scopeOf } from './scopes.ts';
import { forgetUndo } from './undo.ts';

type Server = Node<Database>;

export function begin(
  node: Server,
  session: SessionId,
  level: Level,
  explicit: boolean,
): Transaction {
  const own = node.state.sessions[session];
  const transaction: Transaction = {
    session, began: node.now(), level, xid: 0, scopes: [newScope(own, null, null)], command: 0,
    snapshot: null, serializable: 0, queried: false, explicit, failed: false,
    notifications: [], listening: [],
  };
  own.transaction = transaction;
  if (explicit) node.event('TransactionBegun', { session: own.client, level });
  return transaction;
}

/** Takes the snapshot for the next statement; only read committed takes a new one each time. */
export function refreshSnapshot(node: Server, session: SessionId, transaction: Transaction): void {
  transaction.queried = true;
  transaction.command++;
  if (transaction.snapshot !== null && transaction.level !== 'read committed') return;
  transaction.snapshot = takeSnapshot(node.state);
  if (transaction.level === 'serializable') {
    watch(node.state, node.state.sessions[session].client, transaction);
  }
}

export function watchedOf(node: Server, transaction: Transaction): Watched | undefined {
  return node.state.watched[transaction.serializable];
}

/**
 * Commits, or returns why that is not possible; either way the transaction has ended. On a slow
 * disk the commit waits for its record, and is called again when that is there.
 */
export function commit(
  node: Server,
  session: SessionId,
  transaction: Transaction,
): SqlError | 'waits' | undefined {
  const { state } = node;
  const own = state.sessions[session];
  const xids = transaction.scopes
    .flatMap(({ xid, released }) => [...released, xid])
    .filter((one) => one > 0);
  const isWaiting = xids.length > 0 && isSynchronous(node, own);
  if (own.granted !== 'flush') {
    const watched = watchedOf(node, transaction);
    const failed = watched && prepare(node, watched);
    if (failed !== undefined) {
      rollback(node, session, transaction);
      return failed;
    }
    if (isWaiting && !isLogged({ node, session, transaction }, xids)) return 'waits';
  }
  own.granted = '';
  complete({ node, session, transaction }, xids);
  if (xids.length > 0 && !isWaiting && !node.sync('flushed', session)) {
    state.asynchronous.push(...xids);
  }
  return undefined;
}

/** Writes the record of a commit; returns whether it is on disk (XLogFlush in xact.c). */
function isLogged(context: Context, xids: readonly number[]): boolean {
  const { node, session, transaction } = context;
  const { state } = node;
  state.logged.push(...xids);
  if (node.sync('flushed', session)) return true;
  setWait(context, { type: 'flush' });
  const { client } = state.sessions[session];
  node.event('CommitWaits', { session: client, xid: transaction.scopes[0].xid });
  return false;
}

/** Others see the transaction from now on, and its locks are free. */
function complete({ node, session, transaction }: Context, xids: readonly number[]): void {
  const { state } = node;
  const own = state.sessions[session];
  for (const xid of xids) {
    state.transactions[xid] = 'committed';
    state.lastEnded = Math.max(state.lastEnded, xid);
  }
  state.logged = state.logged.filter((xid) => !xids.includes(xid));
  forgetUndo(state, xids);
  const watched = watchedOf(node, transaction);
  if (watched !== undefined) unwatch(state, watched, true);
  own.transaction = null;
  own.local = {};
  const [{ xid }] = transaction.scopes;
  if (xid > 0 || transaction.explicit) {
    node.event('TransactionCommitted', { session: own.client, xid });
  }
  for (const [name, table] of Object.entries(state.tables)) {
    state.committed[name] = committedRows(state, table);
  }
  publish(node, session, transaction);
  giveBackAll(node, session, (scope) => scope !== sessionScope);
  vacuum(state);
}

export function rollback(node: Server, session: SessionId, transaction: Transaction): void {
  end({ node, session, transaction });
  node.state.sessions[session].transaction = null;
}

/**
 * After an error nothing of the current subtransaction is left, nor are its locks, but the session
 * must still roll back, to a savepoint or completely.
 */
export function failTransaction(node: Server, session: SessionId, transaction: Transaction): void {
  const context: Context = { node, session, transaction };
  if (!transaction.explicit) rollback(node, session, transaction);
  else if (transaction.scopes.length === 1) {
    end(context);
    transaction.failed = true;
  } else {
    abortScopes(context, scopeOf(transaction));
    transaction.xid = 0;
    transaction.failed = true;
  }
}

/** Undoes the whole transaction. */
function end(context: Context): void {
  const { node, session, transaction } = context;
  const { state } = node;
  // After an error, that has been done already.
  if (transaction.failed && transaction.scopes.length === 1) return;
  const watched = watchedOf(node, transaction);
  const [{ xid }] = transaction.scopes;
  abortScopes(context, 0);
  if (watched !== undefined) unwatch(state, watched, false);
  transaction.xid = 0;
  transaction.snapshot = null;
  transaction.serializable = 0;
  transaction.scopes.splice(1);
  node.event('TransactionRolledBack', { session: state.sessions[session].client, xid });
}
