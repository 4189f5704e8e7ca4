/** Writes rows: what SET assigns, the values of a new version, and the version itself. */
import {
  claim, inheritLockers, lockRow, replaceVersion, writeStrength,
} from '../locks/row-locks.ts';
import { noteWrite } from '../serializable.ts';
import { isError, type SqlError, sqlError } from '../sql/errors.ts';
import type { Assignment, Column, Expression, Value, Values } from '../sql/syntax.ts';
import type { Table, Version } from '../state.ts';
import { watchedOf } from '../transactions/transactions.ts';
import { addVersion, assignXid, rowName, versionAt } from '../versions.ts';
import { bind } from '../expressions/bind.ts';
import { type Bound, coerced, made, type Place } from '../expressions/bound.ts';
import { checkKeys, rowFault, uniqueKeys } from './constraints.ts';
import type { Execution } from '../query/execution.ts';
import { remember, reportLoss } from './lost-updates.ts';
import { type Env, isStop, Scope, type Stop, waits } from '../expressions/scope.ts';
import { canAssign, fitted, typeName } from '../expressions/values.ts';

/** A column that a statement sets. */
export interface SetColumn {
  readonly column: string;
  readonly bound: Bound;
  /** As written; null for DEFAULT. */
  readonly syntax: Expression | null;
}

export function bindSet(
  name: string,
  set: readonly Assignment[],
  execution: Execution,
  place: Place,
): SetColumn[] | SqlError {
  const table = execution.table(name)!;
  const found: SetColumn[] = [];
  for (const { column, value } of set) {
    const target = table.columns.find((one) => one.name === column);
    if (target === undefined) return noColumn(name, column);
    if (found.some((one) => one.column === column)) {
      return sqlError('42601', `multiple assignments to same column "${column}"`);
    }
    const bound =
      value === 'default'
        ? bindDefault(execution, name, column, place)
        : bindAssigned(target, value, place);
    if (isError(bound)) return bound;
    found.push({ column, bound, syntax: value === 'default' ? null : value });
  }
  return found;
}

export function noColumn(table: string, column: string): SqlError {
  return sqlError('42703', `column "${column}" of relation "${table}" does not exist`);
}

/** Binds an expression whose value is stored in a column. */
export function bindAssigned(
  column: Column,
  value: Expression,
  place: Place,
): Bound | SqlError {
  const bound = bind(value, place);
  return isError(bound) ? bound : assigned(column, bound);
}

export function assigned(
  { name, type, size }: Column,
  bound: Bound,
  what = 'expression',
): Bound | SqlError {
  if (!canAssign(bound.type, type)) {
    const types = `type ${typeName(type)} but ${what} is of type ${typeName(bound.type)}`;
    return sqlError('42804', `column "${name}" is of ${types}`);
  }
  const plain = coerced(bound, type);
  if (size === undefined || isError(plain)) return plain;
  return made(type, (env) => {
    const value = plain.value(env);
    return isStop(value) ? value : fitted(value, type, size);
  });
}

/** The default of a column: an expression, the next number of a sequence, or null. */
export function bindDefault(
  execution: Execution,
  name: string,
  column: string,
  place: Place,
): Bound | SqlError {
  const table = execution.table(name)!;
  const target = table.columns.find((one) => one.name === column)!;
  if (target.serial === true) {
    return { type: target.type, value: () => next(execution, name, column) };
  }
  if (target.default === undefined) return { type: target.type, value: () => null };
  const scope = new Scope(null);
  return bindAssigned(target, target.default, { ...place, scope, clause: 'DEFAULT' });
}

/** Sequences do not roll back: a number that was drawn is not drawn again. */
function next(execution: Execution, name: string, column: string): Value | Stop {
  return execution.once(() => {
    const { sequences } = execution.table(name)!;
    const number = (sequences[column] ?? 0) + 1;
    sequences[column] = number;
    return number;
  });
}

/** The values of a row after SET, if the table can store them. */
export function newValues(
  execution: Execution,
  name: string,
  set: readonly SetColumn[],
  env: Env,
  place: Place,
): Values | Stop {
  const table = execution.table(name)!;
  const row = env.rows[0]!;
  const values: Record<string, Value> = {};
  table.columns.forEach((column, i) => (values[column.name] = row.values[i]));
  for (const { column, bound } of set) {
    const value = bound.value(env);
    if (isStop(value)) return value;
    values[column] = value;
  }
  const fault = rowFault(name, table, values, (scope) => ({ ...place, scope }));
  return fault ?? values;
}

/** Whether a write deletes the row or changes one of its keys, to which other rows may refer. */
function changesKey(table: Table, from: Values, to: Values | null): boolean {
  return to === null || changedKeys(table, from, to).length > 0;
}

function changedKeys(table: Table, from: Values, to: Values): ReturnType<typeof uniqueKeys> {
  return uniqueKeys(table).filter(({ columns }) => columns.some((one) => from[one] !== to[one]));
}

/** Gets a row to write; returns the position of its version, a newer one if it has changed. */
export function takeRow(
  execution: Execution,
  name: string,
  seen: Version,
  values: Values | null,
): number | 'left out' | Stop {
  const { context } = execution;
  const strength = writeStrength(changesKey(execution.table(name)!, seen.values, values));
  const claimed = claim(context, { table: name, seen, strength, blocked: 'wait', changes: true });
  if (claimed === 'waits') return waits;
  if (isError(claimed)) return claimed;
  if (claimed.type !== 'free') return 'left out';
  // The current version stays locked, whether WHERE still selects it or not.
  if (claimed.moved) lockRow(context, name, claimed.version, strength);
  return claimed.version.position;
}

/**
 * Replaces a version that the transaction may write, or deletes it; returns the new version. `null`
 * instead of values deletes the row.
 */
export function writeRow(
  execution: Execution,
  name: string,
  seen: Version,
  values: Values | null,
  set: readonly SetColumn[],
): Version | null | Stop {
  const table = execution.table(name)!;
  const position = execution.once(() => replace(execution, name, seen, values, set));
  if (isStop(position)) return position;
  if (position === 0) return null;
  const made = versionAt(table, position);
  const keys = changedKeys(table, seen.values, made.values);
  if (keys.length === 0) return made;
  const checked = execution.once(() => checkKeys(execution, name, made, keys));
  return isStop(checked) ? checked : made;
}

/** Returns the position of the new version; 0 if the row is deleted. */
function replace(
  execution: Execution,
  name: string,
  version: Version,
  values: Values | null,
  set: readonly SetColumn[],
): number | Stop {
  const { context } = execution;
  const { node, session, transaction } = context;
  const table = execution.table(name)!;
  const watched = watchedOf(node, transaction);
  const failed = watched && noteWrite(node, watched, name, version);
  if (failed !== undefined) return failed;
  if (values !== null) reportLoss(context, name, version, values, set);
  replaceVersion(context, version, changesKey(table, version.values, values));
  const row = rowName(table, version);
  const { client } = node.state.sessions[session];
  node.event('RowWritten', {
    session: client, table: name, row, from: version.values, to: values ?? {},
  });
  if (values === null) return 0;
  const xid = assignXid(node.state, transaction);
  const made = addVersion(table, values, xid, transaction.command, version);
  inheritLockers(node.state, version, made);
  remember(context, name, made, made.values);
  return made.position;
}

/** Adds a new row; returns the position of its version. */
export function addRow(execution: Execution, name: string, values: Values): number | Stop {
  const { context } = execution;
  const { node, session, transaction } = context;
  const table = execution.table(name)!;
  const xid = assignXid(node.state, transaction);
  const watched = watchedOf(node, transaction);
  const failed = watched && noteWrite(node, watched, name);
  if (failed !== undefined) return failed;
  const version = addVersion(table, values, xid, transaction.command);
  remember(context, name, version, values);
  const row = rowName(table, version);
  const { client } = node.state.sessions[session];
  node.event('RowWritten', { session: client, table: name, row, from: {}, to: values });
  return version.position;
}
