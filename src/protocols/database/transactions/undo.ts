/** What a transaction does to the tables themselves, and how that is undone. */
import type { Context, DatabaseState } from '../state.ts';
import { assignXid, committedRows, tableNamed } from '../versions.ts';

/**
 * Remembers a table before a statement alters, creates, empties or drops it, so that a rollback
 * restores it. The transaction has locked the table, so no other changes it in the meantime.
 */
export function rememberTable(context: Context, name: string, { rows }: { rows: boolean }): void {
  const { state } = context.node;
  const table = tableNamed(state, name);
  const versions = rows && table !== undefined ? table.versions.map((one) => ({ ...one })) : [];
  state.undo.push({
    xid: assignXid(state, context.transaction), table: name, rows,
    before: table === undefined ? null : { ...table, versions },
  });
}

/** Restores the tables that these transactions have changed. */
export function undoTables(state: DatabaseState, xids: readonly number[]): void {
  for (const { xid, table, before, rows } of state.undo.toReversed()) {
    if (!xids.includes(xid)) continue;
    if (before === null) {
      delete state.tables[table];
      delete state.committed[table];
      continue;
    }
    const now = tableNamed(state, table) ?? before;
    const versions = rows ? before.versions : now.versions;
    const lastPosition = Math.max(now.lastPosition, before.lastPosition);
    state.tables[table] = { ...before, versions, lastPosition };
    state.committed[table] = committedRows(state, state.tables[table]);
  }
  forgetUndo(state, xids);
}

export function forgetUndo(state: DatabaseState, xids: readonly number[]): void {
  if (state.undo.length > 0) state.undo = state.undo.filter(({ xid }) => !xids.includes(xid));
}
