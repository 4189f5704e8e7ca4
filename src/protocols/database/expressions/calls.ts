/** Calls of functions: aggregates, plain functions, and those that act on the session. */
import { isError, notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Call, Value } from '../sql/syntax.ts';
import { bindAggregate } from './aggregates.ts';
import {
  aggregates, type Bind, bindArguments, type Bound, coerced, made, type Place, unified,
} from './bound.ts';
import { type Function as SqlFunction, functions } from './functions.ts';
import { comparable, noFunction } from './operators.ts';
import { objectText } from './json.ts';
import { isStop } from './scope.ts';
import { commonType, isJson, isNumber, order, read, shown, type Type } from './values.ts';
import { bindWindow, isWindowFunction } from './windows.ts';

export function bindCall(call: Call, place: Place, bind: Bind): Bound | SqlError {
  if (call.over !== null) return bindWindow(call, call.over, place, bind);
  if (isWindowFunction(call.name)) {
    return sqlError('42809', `window function ${call.name} requires an OVER clause`);
  }
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
    case 'jsonb_build_object':
    case 'json_build_object':
      return builtObject(name, args);
    default:
      return undefined;
  }
}

/** `jsonb_build_object('key', value, …)`. */
function builtObject(name: string, args: readonly Bound[]): Bound | SqlError {
  if (args.length % 2 === 1) {
    return sqlError('22023', 'argument list must have even number of elements');
  }
  const type = name.startsWith('jsonb') ? 'jsonb' : 'json';
  return made(type, (env) => {
    const members: [string, string][] = [];
    for (let i = 0; i < args.length; i += 2) {
      const key = args[i].value(env);
      if (isStop(key)) return key;
      const value = args[i + 1].value(env);
      if (isStop(value)) return value;
      if (key === null) {
        const what = type === 'jsonb' ? 'must not be null' : 'cannot be null';
        return sqlError('22023', `argument ${i + 1}: key ${what}`);
      }
      members.push([String(shown(key, args[i].type)), jsonText(value, args[i + 1].type)]);
    }
    return objectText(members, type);
  });
}

/** A value as JSON. */
function jsonText(value: Value, type: Type): string {
  if (value === null) return 'null';
  if (isJson(type) || isNumber(type) || type === 'boolean') return String(value);
  const text = String(shown(value, type));
  const isTime = type === 'timestamp' || type === 'timestamptz';
  return JSON.stringify(isTime ? text.replace(' ', 'T').replace(/\+00$/, '+00:00') : text);
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
  const double = doubleFault(name, args);
  if (double !== undefined) return double;
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

/** A quoted number has the type double precision in these functions. */
const ofDoubles = ['abs', 'round', 'ceil', 'floor', 'pg_sleep'];

function doubleFault(name: string, [first]: readonly Bound[]): SqlError | undefined {
  const literal = first?.type === 'unknown' ? first.literal : undefined;
  if (!ofDoubles.includes(name) || typeof literal !== 'string') return undefined;
  const number = read(literal, 'numeric');
  if (isError(number) && number.code === '22P02') {
    const what = 'invalid input syntax for type double precision';
    return sqlError('22P02', `${what}: "${literal}"`);
  }
  if (name === 'pg_sleep') return undefined;
  return notModelled(`numbers of the type double precision, as in ${name}('${literal}')`);
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
