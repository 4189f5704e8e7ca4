/** Constraints of one table: NOT NULL and CHECK, and unique keys. */
import { waitForKey } from '../locks/row-locks.ts';
import { noteNewKey } from '../serializable.ts';
import { isError, sqlError } from '../sql/errors.ts';
import type { Constraint, Values } from '../sql/syntax.ts';
import type { Table, Version } from '../state.ts';
import { watchedOf } from '../transactions/transactions.ts';
import { isKeyOpen, isOwn, statusOf } from '../versions.ts';
import { bind } from '../expressions/bind.ts';
import type { Place } from '../expressions/bound.ts';
import type { Execution } from '../query/execution.ts';
import { envOf, isStop, plainTuple, Scope, type Stop, waits } from '../expressions/scope.ts';

type Unique = Extract<Constraint, { type: 'primary key' | 'unique' }>;
export type Reference = Extract<Constraint, { type: 'references' }>;

export function uniqueKeys({ constraints }: Table): Unique[] {
  return constraints.filter(
    (one): one is Unique => one.type === 'primary key' || one.type === 'unique',
  );
}

/** The columns of the primary key; none without one. */
export function primaryColumns(constraints: Table['constraints']): readonly string[] {
  return constraints.find((one) => one.type === 'primary key')?.columns ?? [];
}

/** The columns of another table that a constraint refers to. */
export function referredKeys({ keys }: Reference, { constraints }: Table): readonly string[] {
  return keys.length > 0 ? keys : primaryColumns(constraints);
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
  const keys = primaryColumns(constraints);
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
    const value = bound.value(envOf([plainTuple(row)]));
    if (isStop(value)) return value;
    if (value !== false) continue;
    const what = `new row for relation "${name}" violates check constraint "${constraint.name}"`;
    return sqlError('23514', what);
  }
  return undefined;
}

// Unique keys

/** The other row that has a key, or a running transaction that may keep it. */
type Rival =
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
