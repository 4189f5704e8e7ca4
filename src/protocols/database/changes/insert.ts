/** INSERT, with ON CONFLICT: adds rows one by one, and does what is said about those that exist. */
import { changedSince, claim, isInSnapshot, lockRow, waitForKey } from '../locks/row-locks.ts';
import { isError, type SqlError, sqlError } from '../sql/errors.ts';
import type { Conflict, Insert, Value, Values } from '../sql/syntax.ts';
import type { Table, Version } from '../state.ts';
import { isOwn, versionAt } from '../versions.ts';
import { type Bound, evaluated, made, type Place } from '../expressions/bound.ts';
import { bindItems, type Column, columnsOf } from '../query/columns.ts';
import type { BoundChange, Changed } from './changed.ts';
import { checkKeys, rivalOf, rowFault, uniqueKeys } from './constraints.ts';
import { type Change, checkReferences, followReferences } from './references.ts';
import type { Execution, Rows } from '../query/execution.ts';
import { test, tupleOf } from '../query/scan.ts';
import { envOf, isStop, plainTuple, Scope, type Stop, waits } from '../expressions/scope.ts';
import { placeOf, type Surrounding } from '../query/places.ts';
import { bindConditions } from '../query/sources.ts';
import {
  addRow, assigned, bindAssigned, bindDefault, bindSet, newValues, noColumn, type SetColumn,
  writeRow,
} from './write.ts';

interface Plan {
  readonly execution: Execution;
  readonly name: string;
  readonly place: Place;
  /** The values of the new rows, in the order of the table's columns. */
  readonly open: () => Rows;
  readonly conflict: BoundConflict | null;
  readonly returning: readonly Column[] | null;
}

interface BoundConflict {
  /** The columns of the unique keys that count. */
  readonly keys: readonly (readonly string[])[];
  readonly set: readonly SetColumn[] | null;
  readonly where: readonly Bound[];
}

// Binding

export function bindInsert(statement: Insert, around: Surrounding): BoundChange | SqlError {
  const { execution } = around;
  const { table: name, alias, returning } = statement;
  const table = execution.table(name);
  if (table === undefined) return sqlError('42P01', `relation "${name}" does not exist`);
  const scope = new Scope(null);
  scope.add({ name: alias ?? name, table: name, columns: table.columns, index: 0 });
  const place = placeOf(scope, 'RETURNING', around);
  const open = bindNewRows(statement, table, around);
  if (isError(open)) return open;
  const conflict = bindConflict(statement, table, around);
  if (isError(conflict)) return conflict;
  const items = returning === null ? null : bindItems(returning, place);
  if (isError(items)) return items;
  const plan: Plan = { execution, name, place, open, conflict, returning: items };
  return { columns: columnsOf(items), run: () => insert(plan) };
}

function bindNewRows(
  statement: Insert,
  table: Table,
  around: Surrounding,
): (() => Rows) | SqlError {
  const { table: name, columns, source } = statement;
  const named = columns ?? table.columns.map((column) => column.name);
  for (const [i, column] of named.entries()) {
    if (!table.columns.some((one) => one.name === column)) return noColumn(name, column);
    if (named.indexOf(column) < i) {
      return sqlError('42701', `column "${column}" specified more than once`);
    }
  }
  return source.type === 'values'
    ? bindValueRows(statement, named, table, source.rows, around)
    : bindSelectRows(statement, named, table, source.select, around);
}

function lengthFault(given: number, wanted: number, isNamed: boolean): SqlError | undefined {
  if (given > wanted) return sqlError('42601', 'INSERT has more expressions than target columns');
  if (given === wanted || !isNamed) return undefined;
  return sqlError('42601', 'INSERT has more target columns than expressions');
}

type ValueRows = Extract<Insert['source'], { type: 'values' }>['rows'];

function bindValueRows(
  { table: name, columns }: Insert,
  named: readonly string[],
  table: Table,
  rows: ValueRows,
  around: Surrounding,
): (() => Rows) | SqlError {
  const place = placeOf(new Scope(null), 'VALUES', around);
  const bound: Bound[][] = [];
  for (const row of rows) {
    if (row.length !== rows[0].length) {
      return sqlError('42601', 'VALUES lists must all be the same length');
    }
    const fault = lengthFault(row.length, named.length, columns !== null);
    if (fault !== undefined) return fault;
    const values: Bound[] = [];
    for (const column of table.columns) {
      const at = named.indexOf(column.name);
      const given = at < 0 ? undefined : row[at];
      const value =
        given === undefined || given === 'default'
          ? bindDefault(around.execution, name, column.name, place)
          : bindAssigned(column, given, place);
      if (isError(value)) return value;
      values.push(value);
    }
    bound.push(values);
  }
  const none = envOf([]);
  return () => {
    let at = 0;
    return () => (at === bound.length ? null : evaluated(bound[at++], none));
  };
}

function bindSelectRows(
  { table: name, columns }: Insert,
  named: readonly string[],
  table: Table,
  select: Extract<Insert['source'], { type: 'query' }>['select'],
  around: Surrounding,
): (() => Rows) | SqlError {
  const query = around.bindQuery(select, null);
  if (isError(query)) return query;
  const fault = lengthFault(query.types.length, named.length, columns !== null);
  if (fault !== undefined) return fault;
  const place = placeOf(new Scope(null), 'VALUES', around);
  let current: readonly Value[] = [];
  const targets: Bound[] = [];
  for (const column of table.columns) {
    const at = named.indexOf(column.name);
    const value =
      at < 0 || at >= query.types.length
        ? bindDefault(around.execution, name, column.name, place)
        : assigned(column, made(query.types[at], () => current[at]));
    if (isError(value)) return value;
    targets.push(value);
  }
  return () => {
    const rows = query.open(null);
    return () => {
      const row = rows();
      if (row === null || isStop(row)) return row;
      current = row;
      return evaluated(targets, envOf([]));
    };
  };
}

function bindConflict(
  { table: name, alias, conflict }: Insert,
  table: Table,
  around: Surrounding,
): BoundConflict | null | SqlError {
  if (conflict === null) return null;
  const keys = arbiters(name, table, conflict.target);
  if (isError(keys)) return keys;
  if (conflict.set === null) return { keys, set: null, where: [] };
  const scope = new Scope(null);
  scope.add({ name: alias ?? name, table: name, columns: table.columns, index: 0 });
  scope.add({ name: 'excluded', table: null, columns: table.columns, index: 1 });
  const place = placeOf(scope, 'ON CONFLICT DO UPDATE', around);
  const set = bindSet(name, conflict.set, around.execution, { ...place, clause: 'UPDATE' });
  if (isError(set)) return set;
  const where = bindConditions(conflict.where, { ...place, clause: 'WHERE' }, 'WHERE');
  if (isError(where)) return where;
  return { keys, set, where: where.map(({ bound }) => bound) };
}

function arbiters(
  name: string,
  table: Table,
  target: Conflict['target'],
): (readonly string[])[] | SqlError {
  const keys = uniqueKeys(table);
  if (target === null) return keys.map(({ columns }) => columns);
  if (typeof target === 'string') {
    const found = keys.find((one) => one.name === target);
    if (found !== undefined) return [found.columns];
    return sqlError('42704', `constraint "${target}" for table "${name}" does not exist`);
  }
  const missing = target.find((column) => !table.columns.some((one) => one.name === column));
  if (missing !== undefined) return sqlError('42703', `column "${missing}" does not exist`);
  const found = keys.filter(
    ({ columns }) =>
      columns.length === target.length && columns.every((column) => target.includes(column)),
  );
  if (found.length > 0) return found.map(({ columns }) => columns);
  const what = 'there is no unique or exclusion constraint matching the ON CONFLICT specification';
  return sqlError('42P10', what);
}

// Execution

function insert(plan: Plan): Changed | Stop {
  const { execution, name, place } = plan;
  const next = plan.open();
  const rows: Changed['rows'][number][] = [];
  const written: number[] = [];
  const changes: Change[] = [];
  for (;;) {
    const row = next();
    if (isStop(row)) return row;
    if (row === null) break;
    const done = insertRow(plan, row);
    if (isStop(done)) return done;
    if (done === 'nothing') continue;
    if (done.from !== null) changes.push({ from: done.from.values, to: done.to.values });
    written.push(done.to.position);
    const result = returned(plan, done);
    if (isStop(result)) return result;
    rows.push(result);
  }
  const checked = checkReferences(execution, name, written);
  if (isStop(checked)) return checked;
  const followed = followReferences(execution, name, changes, place);
  return isStop(followed) ? followed : { count: rows.length, rows };
}

/** A row that was added, or changed by DO UPDATE. */
interface Inserted {
  readonly from: Version | null;
  readonly to: Version;
}

function returned(
  { execution, name, returning }: Plan,
  { from, to }: Inserted,
): Changed['rows'][number] | Stop {
  if (returning === null) return [];
  // The lock that DO UPDATE had on the old version shows as the xmax of the new one.
  const tuple = tupleOf(execution.table(name)!, to, from === null ? 0 : to.xmin);
  return evaluated(returning.map(({ bound }) => bound), envOf([tuple]));
}

function insertRow(plan: Plan, row: readonly Value[]): Inserted | 'nothing' | Stop {
  const { execution, name, place, conflict } = plan;
  const table = execution.table(name)!;
  const values: Record<string, Value> = {};
  table.columns.forEach((column, i) => (values[column.name] = row[i]));
  const fault = rowFault(name, table, values, (scope) => ({ ...place, scope }));
  if (fault !== undefined) return fault;
  while (conflict !== null) {
    const found = execution.once(() => findConflict(execution, name, conflict.keys, values));
    if (isStop(found)) return found;
    if (found === 0) break;
    const done = solve(plan, conflict, versionAt(table, found), values);
    if (done !== 'again') return done;
  }
  const position = execution.once(() => addRow(execution, name, values));
  if (isStop(position)) return position;
  const to = versionAt(table, position);
  const checked = execution.once(() => checkKeys(execution, name, to, uniqueKeys(table)));
  return isStop(checked) ? checked : { from: null, to };
}

/** The position of the row that has one of the keys; 0 if there is none. */
function findConflict(
  execution: Execution,
  name: string,
  keys: readonly (readonly string[])[],
  values: Values,
): number | Stop {
  for (const columns of keys) {
    const rival = rivalOf(execution, name, columns, values);
    if (rival?.type === 'running') {
      waitForKey(execution.context, name, rival.version, rival.xid);
      return waits;
    }
    if (rival !== undefined) return rival.version.position;
  }
  return 0;
}

/** Does what ON CONFLICT says about a row that exists; `again` if it has changed meanwhile. */
function solve(
  plan: Plan,
  { set, where }: BoundConflict,
  rival: Version,
  values: Values,
): Inserted | 'nothing' | 'again' | Stop {
  const { execution, name, place } = plan;
  if (set === null) {
    const isSeen = execution.once(
      () => isInSnapshot(execution.context, rival) || changedSince('update'),
    );
    return isStop(isSeen) ? isSeen : 'nothing';
  }
  const locked = execution.once(() => lockRival(plan, set, rival));
  if (isStop(locked)) return locked;
  if (!locked) return 'again';
  const table = execution.table(name)!;
  const proposed = table.columns.map((column) => values[column.name]);
  const env = envOf([tupleOf(table, rival), plainTuple(proposed)]);
  const isSelected = test(where, env);
  if (isStop(isSelected)) return isSelected;
  if (!isSelected) return 'nothing';
  const changed = newValues(execution, name, set, env, place);
  if (isStop(changed)) return changed;
  const to = writeRow(execution, name, rival, changed, set);
  if (isStop(to)) return to;
  return { from: rival, to: to! };
}

/** Locks the row that exists; returns false if it has another version by now, or is gone. */
function lockRival(
  { execution, name }: Plan,
  set: readonly SetColumn[],
  rival: Version,
): boolean | Stop {
  const { context } = execution;
  const { transaction } = context;
  if (isOwn(transaction, rival.xmin) && rival.cmin === transaction.command) {
    return sqlError('21000', 'ON CONFLICT DO UPDATE command cannot affect row a second time');
  }
  const keys = uniqueKeys(execution.table(name)!).flatMap(({ columns }) => columns);
  const strength = set.some(({ column }) => keys.includes(column)) ? 'update' : 'no key update';
  const claimed = claim(context, {
    table: name, seen: rival, strength, blocked: 'wait', changes: true,
  });
  if (claimed === 'waits') return waits;
  if (isError(claimed)) return claimed;
  if (claimed.type !== 'free' || claimed.moved) return false;
  if (!isInSnapshot(context, rival)) return changedSince('update');
  lockRow(context, name, rival, strength);
  return true;
}

