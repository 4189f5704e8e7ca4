/** Aggregates: how their calls are bound, and how they are computed over the rows of a group. */
import { isError, type SqlError, sqlError } from '../sql/errors.ts';
import type { Call, Value } from '../sql/syntax.ts';
import {
  type Aggregate, asBoolean, type Bind, bindArguments, type Bound, made, type Place,
} from './bound.ts';
import { addIntervals } from './intervals.ts';
import { addNumeric, divideNumeric } from './numeric.ts';
import { noFunction } from './operators.ts';
import { type Env, isStop, type Stop } from './scope.ts';
import { isJson, order, type Type } from './values.ts';

export function bindAggregate(
  name: Aggregate['name'],
  call: Call,
  place: Place,
  bind: Bind,
): Bound | SqlError {
  const { totals, scope, clause } = place;
  if (totals === null) {
    return sqlError('42803', `aggregate functions are not allowed in ${clause}`);
  }
  // Columns inside an aggregate need not be grouped.
  const { plain: outside } = scope;
  scope.plain = [];
  const inner = { ...place, totals: null, windows: null, clause: 'aggregate function calls' };
  const found = aggregateOf(name, call, inner, bind);
  scope.plain = outside;
  if (isError(found)) return nested(found);
  const index = totals.list.push(found) - 1;
  return made(found.type, (env) => env.totals[index]);
}

/** The aggregate of a call, with its arguments bound in this place. */
export function aggregateOf(
  name: Aggregate['name'],
  { args, star, distinct, filter }: Call,
  place: Place,
  bind: Bind,
): Aggregate | SqlError {
  if (args.length !== (star ? 0 : 1) || (star && name !== 'count')) {
    return noAggregate(name, args, place, bind);
  }
  const of = star ? null : bind(args[0], place);
  if (isError(of)) return of;
  const test = filter === null ? null : bind(filter, place);
  const condition = test === null || isError(test) ? test : asBoolean(test, 'FILTER');
  if (isError(condition)) return condition;
  const type = totalType(name, of?.type ?? 'integer');
  if (type === undefined) return noFunction(name, [of!]);
  return { name, type, of, distinct, filter: condition };
}

/** Why an aggregate cannot have this number of arguments. */
function noAggregate(
  name: Aggregate['name'],
  args: Call['args'],
  place: Place,
  bind: Bind,
): SqlError {
  if (name === 'count' && args.length === 0) {
    return sqlError('42809', 'count(*) must be used to call a parameterless aggregate function');
  }
  const found = bindArguments(args, place, bind);
  return isError(found) ? found : noFunction(name, found);
}

function nested(error: SqlError): SqlError {
  if (!error.message.endsWith('not allowed in aggregate function calls')) return error;
  if (error.code === '42P20') {
    return sqlError('42803', 'aggregate function calls cannot contain window function calls');
  }
  return sqlError('42803', 'aggregate function calls cannot be nested');
}

function totalType(name: Aggregate['name'], type: Type): Type | undefined {
  switch (name) {
    case 'count':
      return 'bigint';
    case 'sum':
      if (type === 'integer') return 'bigint';
      if (type === 'bigint') return 'numeric';
      return type === 'numeric' || type === 'interval' ? type : undefined;
    case 'avg':
      return type === 'integer' || type === 'bigint' || type === 'numeric' ? 'numeric' : undefined;
    case 'bool_and':
    case 'bool_or':
      return type === 'boolean' ? type : undefined;
    default:
      if (type === 'boolean' || type === 'void' || isJson(type)) return undefined;
      return type === 'unknown' ? 'text' : type;
  }
}

/** Computes an aggregate over the rows of a group. */
export function total(
  { name, type, of, distinct, filter }: Aggregate,
  group: readonly Env[],
): Value | Stop {
  let values: NonNullable<Value>[] = [];
  for (const env of group) {
    const isCounted = filter === null ? true : filter.value(env);
    if (isStop(isCounted)) return isCounted;
    if (isCounted !== true) continue;
    const value = of === null ? true : of.value(env);
    if (isStop(value)) return value;
    if (value !== null) values.push(value);
  }
  if (distinct) values = [...new Set(values)];
  if (name === 'count') return values.length;
  if (values.length === 0) return null;
  const itemType = of?.type ?? type;
  switch (name) {
    case 'sum':
      return sum(values, type);
    case 'avg':
      return divideNumeric(sum(values, 'numeric') as string, String(values.length));
    case 'bool_and':
      return values.every((value) => value === true);
    case 'bool_or':
      return values.some((value) => value === true);
    default: {
      const sign = name === 'min' ? 1 : -1;
      return values.reduce((a, b) => (sign * order(itemType, b, a) < 0 ? b : a));
    }
  }
}

function sum(values: readonly NonNullable<Value>[], type: Type): Value | SqlError {
  if (type === 'numeric') return values.map(String).reduce(addNumeric);
  if (type === 'interval') {
    return values.reduce<Value | SqlError>(
      (all, one) => (isError(all) ? all : addIntervals(all, one)),
      0,
    );
  }
  return values.reduce<number>((all, value) => all + Number(value), 0);
}
