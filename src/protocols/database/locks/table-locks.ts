/** Table locks: those of LOCK TABLE, and those that every statement takes on its tables. */
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { TableMode } from '../sql/syntax.ts';
import type { Context } from '../state.ts';
import { scopeOf } from '../transactions/scopes.ts';
import { isOwn, tableNamed } from '../versions.ts';
import { holds, take } from './lock-table.ts';
import { waitForLock } from './waits.ts';

/** Locks a table until the transaction ends. */
export function lockTable(
  context: Context,
  table: string,
  mode: TableMode,
  nowait = false,
): 'locked' | 'waits' | SqlError {
  const { node, session, transaction } = context;
  const of = { type: 'relation', table } as const;
  if (holds(node.state, session, of, mode)) return 'locked';
  if (nowait) {
    if (take(node.state, session, of, mode, scopeOf(transaction))) return 'locked';
    return sqlError('55P03', `could not obtain lock on relation "${table}"`);
  }
  const wait = { on: 'table', table, row: 0, writes: false } as const;
  const result = waitForLock(context, of, mode, wait);
  return result === 'taken' ? 'locked' : result;
}

/** Locks tables that must exist, one after the other. */
export function lockTables(
  context: Context,
  tables: readonly string[],
  mode: TableMode,
  nowait = false,
): 'locked' | 'waits' | SqlError {
  for (const table of tables) {
    const absent = sqlError('42P01', `relation "${table}" does not exist`);
    if (!mayExist(context, table)) return absent;
    const locked = lockTable(context, table, mode, nowait);
    if (locked !== 'locked') return locked;
    if (tableNamed(context.node.state, table) === undefined) return absent;
  }
  return 'locked';
}

/**
 * Whether a table of this name may exist: it does, or another transaction that is still running has
 * dropped it, and so has locked it.
 */
export function mayExist(context: Context, table: string): boolean {
  if (creatorOf(context, table) !== undefined) return false;
  return tableNamed(context.node.state, table) !== undefined || isBeingDropped(context, table);
}

/** Whether another transaction has dropped the table and not ended: others still see it. */
export function isBeingDropped({ node, transaction }: Context, table: string): boolean {
  const [first] = node.state.undo.filter((one) => one.table === table);
  if (first === undefined || isOwn(transaction, first.xid)) return false;
  return first.before !== null && tableNamed(node.state, table) === undefined;
}

/** The other transaction that has created a table and not ended: it alone sees the table. */
export function creatorOf({ node, transaction }: Context, table: string): number | undefined {
  const first = node.state.undo.find((one) => one.table === table);
  if (first === undefined || first.before !== null || isOwn(transaction, first.xid)) {
    return undefined;
  }
  return tableNamed(node.state, table) === undefined ? undefined : first.xid;
}

/** Waits until the transaction that has created a table or an index of this name has ended. */
export function waitForCreator(context: Context, name: string, xid: number): 'waits' {
  context.node.state.sessions[context.session].awaitedName = name;
  const wait = { on: 'table', table: name, row: 0, writes: false } as const;
  waitForLock(context, { type: 'transactionid', xid }, 'share', wait);
  return 'waits';
}

/** Why the name cannot be used: the transaction that the statement waited for has committed. */
export function nameFault({ node, session }: Context, name: string, index: string):
  SqlError | undefined {
  if (node.state.sessions[session].awaitedName !== name) return undefined;
  return sqlError('23505', `duplicate key value violates unique constraint "${index}"`);
}
