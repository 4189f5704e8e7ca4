/** Constraints: NOT NULL and CHECK, unique keys, and references to other tables. */
import { lockRow, claim, waitForKey } from '../locks/row-locks.ts';
import { lockTable } from '../locks/table-locks.ts';
import { noteNewKey } from '../serializable.ts';
import {
  type Constraint, isError, sqlError, type Value, type Values,
} from '../sql/syntax.ts';
import type { Table, Version } from '../state.ts';
import { watchedOf } from '../transactions/transactions.ts';
import {
  isKeyOpen, isOwn, isVisible, statusOf, takeSnapshot, versionAt,
} from '../versions.ts';
import { bind } from '../expressions/bind.ts';
import type { Place } from '../expressions/bound.ts';
import type { Execution } from './execution.ts';
import { isStop, Scope, type Stop, waits } from '../expressions/scope.ts';

type Unique = Extract<Constraint, { type: 'primary key' | 'unique' }>;
type Reference = Extract<Constraint, { type: 'references' }>;

export function uniqueKeys({ constraints }: Table): Unique[] {
  return constraints.filter(
    (one): one is Unique => one.type === 'primary key' || one.type === 'unique',
  );
}

// NOT NULL and CHECK

/** Why the values cannot be stored in the table; undefined if they can. */
export function rowFault(
  name: string,
  table: Table,
  values: Values,
  place: (scope: Scope) => Place,
): Stop | undefined {
  const { columns, constraints } = table;
  const keys = constraints.flatMap((one) => (one.type === 'primary key' ? one.columns : []));
  for (const column of columns) {
    if (values[column.name] !== null) continue;
    if (column.notNull !== true && !keys.includes(column.name)) continue;
    const what = `null value in column "${column.name}" of relation "${name}"`;
    return sqlError('23502', `${what} violates not-null constraint`);
  }
  for (const constraint of constraints) {
    if (constraint.type !== 'check') continue;
    const scope = new Scope(null);
    scope.add({ name, table: name, columns, index: 0 });
    const bound = bind(constraint.condition, place(scope));
    if (isError(bound)) return bound;
    const row = columns.map((column) => values[column.name]);
    const tuple = { values: row, version: null, xmin: 0, xmax: 0 };
    const value = bound.value({ rows: [tuple], outer: null, totals: [] });
    if (isStop(value)) return value;
    if (value !== false) continue;
    const what = `new row for relation "${name}" violates check constraint "${constraint.name}"`;
    return sqlError('23514', what);
  }
  return undefined;
}

// Unique keys

/** The other row that has a key, or a running transaction that may keep it. */
export type Rival =
  | { readonly type: 'row'; readonly version: Version }
  | { readonly type: 'running'; readonly version: Version; readonly xid: number };

/** What conflicts with a key of a new version, which is absent before it is added. */
export function rivalOf(
  { context }: Execution,
  name: string,
  columns: readonly string[],
  values: Values,
  own?: Version,
): Rival | undefined {
  const { node, transaction } = context;
  const { state } = node;
  if (columns.some((column) => values[column] === null)) return undefined;
  for (const version of state.tables[name].versions) {
    if (version === own) continue;
    if (columns.some((column) => version.values[column] !== values[column])) continue;
    if (isKeyOpen(state, name, version)) continue;
    const made = statusOf(state, version.xmin);
    if (made === 'aborted') continue;
    if (made === 'running' && !isOwn(transaction, version.xmin)) {
      return { type: 'running', version, xid: version.xmin };
    }
    if (version.xmax === 0) return { type: 'row', version };
    const ended = statusOf(state, version.xmax);
    if (ended === 'aborted') return { type: 'row', version };
    if (ended === 'running' && !isOwn(transaction, version.xmax)) {
      return { type: 'running', version, xid: version.xmax };
    }
  }
  return undefined;
}

/** Checks the keys of a new version; waits for transactions that may keep one of them. */
export function checkKeys(
  execution: Execution,
  name: string,
  own: Version,
  keys: readonly Unique[],
): true | Stop {
  const { context } = execution;
  const watched = watchedOf(context.node, context.transaction);
  for (const { name: constraint, columns } of keys) {
    const rival = rivalOf(execution, name, columns, own.values, own);
    if (rival?.type === 'running') {
      waitForKey(context, name, own, rival.xid);
      return waits;
    }
    const failed = watched && noteNewKey(context.node, watched, name);
    if (failed !== undefined) return failed;
    if (rival !== undefined) {
      const what = 'duplicate key value violates unique constraint';
      return sqlError('23505', `${what} "${constraint}"`);
    }
  }
  return true;
}

// References

/**
 * Whether a new version refers to the same row as the one before, whose reference was checked when
 * that was committed: then it is not checked again, and the row is not locked.
 */
function isKept(
  { context }: Execution,
  { versions }: Table,
  { row, xmin, position, values }: Version,
  { columns }: Reference,
): boolean {
  const before = versions.findLast(
    (one) => one.row === row && one.xmax === xmin && one.position < position,
  );
  if (before === undefined || isOwn(context.transaction, before.xmin)) return false;
  return columns.every((column) => before.values[column] === values[column]);
}

/** Checks the references of new rows when the statement has ended, and locks what they refer to. */
export function checkReferences(
  execution: Execution,
  name: string,
  positions: readonly number[],
): true | Stop {
  const table = execution.table(name)!;
  for (const constraint of table.constraints) {
    if (constraint.type !== 'references') continue;
    for (const position of positions) {
      const version = versionAt(table, position);
      const key = constraint.columns.map((column) => version.values[column]);
      if (key.includes(null) || isKept(execution, table, version, constraint)) continue;
      const found = execution.once(() => lockReferred(execution, name, constraint, key));
      if (isStop(found)) return found;
    }
  }
  return true;
}

function lockReferred(
  execution: Execution,
  name: string,
  constraint: Reference,
  key: readonly Value[],
): true | Stop {
  const { context } = execution;
  // The check is a query of its own: SELECT … FOR KEY SHARE.
  const table = lockTable(context, constraint.table, 'row share');
  if (table !== 'locked') return table === 'waits' ? waits : table;
  for (const seen of current(execution, constraint.table, keysOf(execution, constraint), key)) {
    const claimed = claim(context, {
      table: constraint.table, seen, strength: 'key share', blocked: 'wait', changes: false,
    });
    if (claimed === 'waits') return waits;
    if (isError(claimed)) return claimed;
    if (claimed.type !== 'free') continue;
    lockRow(context, constraint.table, claimed.version, 'key share');
    return true;
  }
  const what = `insert or update on table "${name}" violates foreign key constraint`;
  return sqlError('23503', `${what} "${constraint.name}"`);
}

function keysOf(execution: Execution, { table, keys }: Reference): readonly string[] {
  if (keys.length > 0) return keys;
  const primary = execution.table(table)!.constraints.find(({ type }) => type === 'primary key');
  return primary?.type === 'primary key' ? primary.columns : [];
}

/** The rows with these values that a new statement of the transaction would see. */
function current(
  { context }: Execution,
  name: string,
  columns: readonly string[],
  key: readonly Value[],
): Version[] {
  const { node, transaction } = context;
  const { state } = node;
  const snapshot = takeSnapshot(state);
  const later = { ...transaction, command: transaction.command + 1 };
  return state.tables[name].versions.filter(
    (version) =>
      columns.every((column, i) => version.values[column] === key[i]) &&
      isVisible(state, version, snapshot, later),
  );
}

/** Checks that no row refers to the keys that a statement has removed or changed. */
export function checkReferring(
  execution: Execution,
  name: string,
  removed: readonly { readonly from: Values; readonly to: Values | null }[],
): true | Stop {
  const { tables } = execution.context.node.state;
  for (const [other, { constraints }] of Object.entries(tables)) {
    for (const constraint of constraints) {
      if (constraint.type !== 'references' || constraint.table !== name) continue;
      const keys = keysOf(execution, constraint);
      for (const { from, to } of removed) {
        if (to !== null && keys.every((column) => from[column] === to[column])) continue;
        const key = keys.map((column) => from[column]);
        const found = execution.once(() =>
          referring(execution, name, other, constraint, keys, key),
        );
        if (isStop(found)) return found;
      }
    }
  }
  return true;
}

function referring(
  execution: Execution,
  name: string,
  other: string,
  constraint: Reference,
  keys: readonly string[],
  key: readonly Value[],
): true | Stop {
  const { context } = execution;
  const table = lockTable(context, other, 'row share');
  if (table !== 'locked') return table === 'waits' ? waits : table;
  // Another row may have the same key by now.
  if (current(execution, name, keys, key).length > 0) return true;
  for (const seen of current(execution, other, constraint.columns, key)) {
    const claimed = claim(context, {
      table: other, seen, strength: 'key share', blocked: 'wait', changes: false,
    });
    if (claimed === 'waits') return waits;
    if (isError(claimed)) return claimed;
    if (claimed.type !== 'free') continue;
    const what = `update or delete on table "${name}" violates foreign key constraint`;
    return sqlError('23503', `${what} "${constraint.name}" on table "${other}"`);
  }
  return true;
}

