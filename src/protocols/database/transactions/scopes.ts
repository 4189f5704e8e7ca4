/** Savepoints: a transaction consists of nested scopes, each with a number of its own. */
import type { Node } from '../../../protocol/types.ts';
import { giveBackAll, passOn, sessionScope } from '../locks/lock-table.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { Context, Database, Scope, Session, Transaction } from '../state.ts';
import { vacuum } from '../versions.ts';
import { undoTables } from './undo.ts';

type Server = Node<Database>;

/** The index of the current scope, which owns the locks that are taken in it. */
export function scopeOf({ scopes }: Transaction): number {
  return scopes.length - 1;
}

export function newScope(
  session: Session,
  transaction: Transaction | null,
  savepoint: string | null,
): Scope {
  return {
    savepoint, xid: 0, released: [],
    settings: session.settings, local: session.local,
    notifications: transaction?.notifications.length ?? 0,
    listening: transaction?.listening.length ?? 0,
  };
}

/** Begins a subtransaction: SAVEPOINT, or a block with EXCEPTION, which has no name. */
export function beginSub({ node, session, transaction }: Context, savepoint: string | null): void {
  transaction.scopes.push(newScope(node.state.sessions[session], transaction, savepoint));
  transaction.xid = 0;
}

/** Ends the innermost subtransactions from the index `from` on; their effects and locks stay. */
export function releaseSub(context: Context, from = context.transaction.scopes.length - 1): void {
  const { node, session, transaction } = context;
  const outer = transaction.scopes[from - 1];
  for (const { xid, released } of transaction.scopes.splice(from)) {
    outer.released.push(...released, ...(xid > 0 ? [xid] : []));
  }
  transaction.xid = outer.xid;
  passOn(node.state, session, from, from - 1);
}

/** Undoes the innermost subtransactions from the index `from` on, and leaves them. */
export function rollbackSub(context: Context, from = context.transaction.scopes.length - 1): void {
  const { transaction } = context;
  abortScopes(context, from);
  transaction.scopes.splice(from);
  transaction.xid = transaction.scopes[from - 1].xid;
}

/** Undoes all that was done in the scopes from the index `from` on, and frees their locks. */
export function abortScopes(context: Context, from: number): number[] {
  const { node, session, transaction } = context;
  const { state } = node;
  const own = state.sessions[session];
  const ended = transaction.scopes.slice(from);
  const xids = ended.flatMap(({ xid, released }) => [...released, ...(xid > 0 ? [xid] : [])]);
  for (const xid of xids) state.transactions[xid] = 'aborted';
  state.lastEnded = Math.max(state.lastEnded, ...xids);
  const [{ settings, local, notifications, listening }] = ended;
  own.settings = settings;
  own.local = local;
  transaction.notifications = transaction.notifications.slice(0, notifications);
  transaction.listening = transaction.listening.slice(0, listening);
  for (const scope of ended) {
    scope.xid = 0;
    scope.released = [];
  }
  if (xids.length > 0) undoTables(state, xids);
  // The values that the session saw include its own changes, which are undone.
  own.seen = {};
  giveBackAll(node, session, (scope) => scope !== sessionScope && scope >= from);
  vacuum(state);
  return xids;
}

// Statements

/** SAVEPOINT, RELEASE and ROLLBACK TO. */
export function savepointStatement(
  context: Context,
  type: 'savepoint' | 'release' | 'rollback to',
  name: string,
): string | SqlError {
  const { node, session, transaction } = context;
  if (type === 'savepoint') {
    beginSub(context, name);
    return 'SAVEPOINT';
  }
  const index = transaction.scopes.findLastIndex(({ savepoint }) => savepoint === name);
  if (index < 0) return sqlError('3B001', `savepoint "${name}" does not exist`);
  if (type === 'release') {
    releaseSub(context, index);
    return 'RELEASE';
  }
  rollbackSub(context, index);
  beginSub(context, name);
  transaction.failed = false;
  reportRollback(node, session, name);
  return 'ROLLBACK';
}

function reportRollback(node: Server, session: string, savepoint: string): void {
  const { client } = node.state.sessions[session];
  node.event('RolledBackTo', { session: client, savepoint });
}
