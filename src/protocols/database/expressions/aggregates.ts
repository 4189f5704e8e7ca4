/** Aggregates: how their calls are bound, and how they are computed over the rows of a group. */
import { isError, notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Call, Value } from '../sql/syntax.ts';
import {
  type Aggregate, asBoolean, type Bind, bindArguments, type Bound, coerced, compareKeys, evaluated,
  made, orderFault, type OrderKey, type Place,
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
  { args, star, distinct, order, filter }: Call,
  place: Place,
  bind: Bind,
): Aggregate | SqlError {
  const count = star ? 0 : name === 'string_agg' ? 2 : 1;
  if (args.length !== count || (star && name !== 'count')) {
    return noAggregate(name, args, place, bind);
  }
  const found = bindArguments(args, place, bind);
  if (isError(found)) return found;
  const given = name === 'string_agg' ? asTexts(found) : found;
  if (isError(given)) return given;
  const [of = null, separator = null] = given;
  const keys = bindKeys(order, args, distinct, place, bind);
  if (isError(keys)) return keys;
  const test = filter === null ? null : bind(filter, place);
  const condition = test === null || isError(test) ? test : asBoolean(test, 'FILTER');
  if (isError(condition)) return condition;
  const type = totalType(name, of?.type ?? 'integer');
  if (type === undefined) return noFunction(name, [of!]);
  if (isError(type)) return type;
  return { name, type, of, distinct, order: keys, separator, filter: condition };
}

function asTexts(args: readonly Bound[]): readonly Bound[] | SqlError {
  if (args.some(({ type }) => type !== 'text' && type !== 'unknown')) {
    return noFunction('string_agg', args);
  }
  const found: Bound[] = [];
  for (const one of args) {
    const text = coerced(one, 'text');
    if (isError(text)) return text;
    found.push(text);
  }
  return found;
}

/** The keys of ORDER BY in an aggregate. With DISTINCT, only its argument may be one. */
function bindKeys(
  orders: Call['order'],
  args: Call['args'],
  distinct: boolean,
  place: Place,
  bind: Bind,
): OrderKey[] | SqlError {
  const found: OrderKey[] = [];
  for (const { of, descending, nullsFirst } of orders) {
    const bound = bind(of, place);
    if (isError(bound)) return bound;
    const fault = orderFault(bound.type);
    if (fault !== undefined) return fault;
    if (distinct && JSON.stringify(of) !== JSON.stringify(args[0])) {
      const what = 'in an aggregate with DISTINCT, ORDER BY expressions must appear in';
      return sqlError('42P10', `${what} argument list`);
    }
    found.push({ bound, descending, nullsFirst });
  }
  return found;
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

function totalType(name: Aggregate['name'], type: Type): Type | SqlError | undefined {
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
    case 'every':
      return type === 'boolean' ? type : undefined;
    case 'string_agg':
      return 'text';
    case 'array_agg':
      return type === 'integer' ? 'integer[]' : notModelled('arrays of anything but integers');
    default:
      if (type === 'boolean' || type === 'void' || isJson(type)) return undefined;
      return type === 'unknown' ? 'text' : type;
  }
}

interface Item {
  readonly value: Value;
  /** What `string_agg` writes before it. */
  readonly before: Value;
  readonly keys: readonly Value[];
}

/** The values that an aggregate takes, in their order. */
function itemsOf(
  { of, distinct, order: orders, separator, filter }: Aggregate,
  group: readonly Env[],
): Item[] | Stop {
  const found: Item[] = [];
  const values = of === null ? [] : [of];
  for (const env of group) {
    const isCounted = filter === null ? true : filter.value(env);
    if (isStop(isCounted)) return isCounted;
    if (isCounted !== true) continue;
    const parts = evaluated([...values, ...orders.map(({ bound }) => bound)], env);
    if (isStop(parts)) return parts;
    const before = separator === null ? null : separator.value(env);
    if (isStop(before)) return before;
    const [value, keys] = of === null ? [true, parts] : [parts[0], parts.slice(1)];
    found.push({ value, before: before ?? '', keys });
  }
  if (!distinct) return found.sort((a, b) => compareKeys(orders, a.keys, b.keys));
  const { type } = of!;
  const sign = orders[0]?.descending ? -1 : 1;
  return [...new Map(found.map((one) => [one.value, one])).values()].sort((a, b) =>
    a.value === null || b.value === null
      ? Number(a.value === null) - Number(b.value === null)
      : sign * order(type, a.value, b.value),
  );
}

/** Computes an aggregate over the rows of a group. */
export function total(
  aggregate: Aggregate,
  group: readonly Env[],
): Value | Stop {
  const { name, type, of } = aggregate;
  const items = itemsOf(aggregate, group);
  if (isStop(items)) return items;
  if (name === 'array_agg' && items.some(({ value }) => value === null)) {
    return notModelled('nulls in arrays');
  }
  const filled = items.filter(({ value }) => value !== null);
  const values = filled.map(({ value }) => value!);
  if (name === 'count') return values.length;
  if (values.length === 0) return null;
  const itemType = of?.type ?? type;
  switch (name) {
    case 'sum':
      return sum(values, type);
    case 'avg':
      return divideNumeric(sum(values, 'numeric') as string, String(values.length));
    case 'string_agg':
      return filled.map(({ value, before }, i) => `${i === 0 ? '' : before}${value}`).join('');
    case 'array_agg':
      return `{${values.join(',')}}`;
    case 'bool_and':
    case 'every':
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
