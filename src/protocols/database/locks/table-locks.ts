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
    if (mayExist(context, table)) {
      const locked = lockTable(context, table, mode, nowait);
      if (locked !== 'locked') return locked;
    }
    if (tableNamed(context.node.state, table) === undefined) {
      return sqlError('42P01', `relation "${table}" does not exist`);
    }
  }
  return 'locked';
}

/**
 * Whether a table of this name may exist: it does, or another transaction that is still running has
 * dropped it, and so has locked it.
 */
export function mayExist({ node, transaction }: Context, table: string): boolean {
  if (tableNamed(node.state, table) !== undefined) return true;
  return node.state.undo.some(
    (one) => one.table === table && one.before !== null && !isOwn(transaction, one.xid),
  );
}
