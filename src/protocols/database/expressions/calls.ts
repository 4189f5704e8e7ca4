/** Calls of functions: aggregates, plain functions, and those that act on the session. */
import {
  type Call, isError, notModelled, type SqlError, sqlError, type Value,
} from '../sql/syntax.ts';
import {
  type Aggregate, aggregates, asBoolean, type Bound, coerced, made, type Place, unified,
} from './bound.ts';
import { type Function as SqlFunction, functions } from './functions.ts';
import { addIntervals } from './intervals.ts';
import { addNumeric, divideNumeric } from './numeric.ts';
import { comparable } from './operators.ts';
import { type Env, isStop, type Stop } from './scope.ts';
import { commonType, order, shown, type Type, typeName } from './values.ts';

type AggregateName = Aggregate['name'];

type Bind = (expression: Call['args'][number], place: Place) => Bound | SqlError;

export function bindCall(call: Call, place: Place, bind: Bind): Bound | SqlError {
  const name = aggregates.find((one) => one === call.name);
  if (name !== undefined) return bindAggregate(name, call, place, bind);
  if (call.star || call.distinct || call.filter !== null) {
    const what = call.star ? '*' : call.distinct ? 'DISTINCT' : 'FILTER';
    return sqlError('42809', `${what} specified, but ${call.name} is not an aggregate function`);
  }
  const args = bindArguments(call.args, place, bind);
  if (isError(args)) return args;
  return special(call.name, args) ?? plain(call.name, args, place);
}

function bindArguments(args: Call['args'], place: Place, bind: Bind): Bound[] | SqlError {
  const found: Bound[] = [];
  for (const arg of args) {
    const bound = bind(arg, place);
    if (isError(bound)) return bound;
    found.push(bound);
  }
  return found;
}

// Aggregates

function bindAggregate(
  name: AggregateName,
  { args, star, distinct, filter }: Call,
  place: Place,
  bind: Bind,
): Bound | SqlError {
  const { totals, scope, clause } = place;
  if (totals === null) {
    return sqlError('42803', `aggregate functions are not allowed in ${clause}`);
  }
  if (args.length !== (star ? 0 : 1) || (star && name !== 'count')) {
    return noAggregate(name, args, place, bind);
  }
  // Columns inside an aggregate need not be grouped.
  const { plain: outside } = scope;
  scope.plain = [];
  const inner = { ...place, totals: null, clause: 'aggregate function calls' };
  const of = star ? null : bind(args[0], inner);
  const test = filter === null ? null : bind(filter, inner);
  scope.plain = outside;
  const condition = test === null || isError(test) ? test : asBoolean(test, 'FILTER');
  if (isError(of)) return nested(of);
  if (isError(condition)) return condition;
  const type = totalType(name, of?.type ?? 'integer');
  if (type === undefined) return noFunction(name, [of!]);
  const index = totals.list.push({ name, type, of, distinct, filter: condition }) - 1;
  return made(type, (env) => env.totals[index]);
}

/** Why an aggregate cannot have this number of arguments. */
function noAggregate(
  name: AggregateName,
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
  return sqlError('42803', 'aggregate function calls cannot be nested');
}

function totalType(name: AggregateName, type: Type): Type | undefined {
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
      return type === 'boolean' || type === 'void' ? undefined : type === 'unknown' ? 'text' : type;
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

// Functions

/** Forms that look like functions, but evaluate only the arguments they need. */
function special(name: string, args: readonly Bound[]): Bound | SqlError | undefined {
  switch (name) {
    case 'coalesce':
      return coalesce(args);
    case 'greatest':
    case 'least':
      return extreme(name, args);
    case 'nullif':
      return args.length === 2 ? nullIf(args[0], args[1]) : noFunction(name, args);
    default:
      return undefined;
  }
}

function coalesce(args: readonly Bound[]): Bound | SqlError {
  const values = unified('COALESCE', args);
  if (isError(values)) return values;
  return made(values[0].type, (env) => {
    for (const one of values) {
      const value = one.value(env);
      if (value !== null) return value;
    }
    return null;
  });
}

function extreme(name: 'greatest' | 'least', args: readonly Bound[]): Bound | SqlError {
  const values = unified(name.toUpperCase(), args);
  if (isError(values)) return values;
  const [{ type }] = values;
  if (type === 'void') {
    return sqlError('42883', 'could not identify a comparison function for type void');
  }
  const sign = name === 'least' ? 1 : -1;
  return made(type, (env) => {
    let best: Value = null;
    for (const one of values) {
      const value = one.value(env);
      if (isStop(value)) return value;
      if (value !== null && (best === null || sign * order(type, value, best) < 0)) best = value;
    }
    return best;
  });
}

function nullIf(first: Bound, second: Bound): Bound | SqlError {
  const operands = comparable('=', first, second);
  if (isError(operands)) return operands;
  const [a, b, type] = operands;
  return made(type, (env) => {
    const x = a.value(env);
    if (isStop(x) || x === null) return x;
    const y = b.value(env);
    if (isStop(y)) return y;
    return y !== null && order(type, x, y) === 0 ? null : x;
  });
}

function plain(name: string, args: readonly Bound[], place: Place): Bound | SqlError {
  if (!Object.hasOwn(functions, name)) return notModelled(`the function ${name}`);
  const found = functions[name].find((one) => fits(one, args));
  if (found === undefined) return noFunction(name, args);
  const converted: Bound[] = [];
  for (let i = 0; i < args.length; i++) {
    const wanted = found.args[i] ?? found.args.at(-1)!;
    const arg = found.variadic ? shownAs(args[i]) : coerced(args[i], wanted);
    if (isError(arg)) return arg;
    converted.push(arg);
  }
  return made(found.type, (env) => {
    const values: Value[] = [];
    for (const arg of converted) {
      const value = arg.value(env);
      if (isStop(value)) return value;
      values.push(value);
    }
    if (found.strict !== false && values.includes(null)) return null;
    if (found.value === undefined) return place.perform(name, values);
    return found.value(values as NonNullable<Value>[]);
  });
}

/** An argument of any type as the text that a result shows: a boolean as `t` or `f`. */
function shownAs(arg: Bound): Bound {
  return made('text', (env) => {
    const value = arg.value(env);
    if (isStop(value) || value === null) return value;
    return typeof value === 'boolean' ? (value ? 't' : 'f') : String(shown(value, arg.type));
  });
}

function fits({ args, variadic }: SqlFunction, given: readonly Bound[]): boolean {
  if (variadic ? given.length < args.length : given.length !== args.length) return false;
  return given.every(({ type }, i) => {
    const wanted = args[i] ?? args.at(-1)!;
    if (wanted === 'text') return type === 'text' || type === 'unknown' || variadic === true;
    return commonType(type, wanted) === wanted;
  });
}

function noFunction(name: string, args: readonly Bound[]): SqlError {
  const types = args.map(({ type }) => typeName(type)).join(', ');
  return sqlError('42883', `function ${name}(${types}) does not exist`);
}
