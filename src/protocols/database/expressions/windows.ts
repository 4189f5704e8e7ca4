/** Window functions: how their calls are bound, and their values for all rows of a query. */
// A window has the default frame: without ORDER BY the whole partition; with it, the rows from the
// beginning of the partition to the last one that equals the current row (PostgreSQL, 4.2.8).
import { isError, notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Call, Over, Value } from '../sql/syntax.ts';
import { aggregateOf, total } from './aggregates.ts';
import {
  aggregates, type Bind, bindArguments, type Bound, coerced, compareKeys, evaluated, made,
  orderFault, type OrderKey, type Place, unified, type WindowCall,
} from './bound.ts';
import { isFunction, windowFunctions } from './functions.ts';
import { noFunction } from './operators.ts';
import { type Env, isStop, type Stop } from './scope.ts';
import type { Type } from './values.ts';

export function isWindowFunction(name: string): boolean {
  return windowFunctions.includes(name);
}

export function bindWindow(call: Call, over: Over, place: Place, bind: Bind): Bound | SqlError {
  const { windows, clause } = place;
  const { name } = call;
  if (windows === null) {
    if (clause === insideWindow) return sqlError('42P20', 'window function calls cannot be nested');
    return sqlError('42P20', `window functions are not allowed in ${clause}`);
  }
  const inner: Place = { ...place, windows: null, clause: insideWindow };
  const aggregate = aggregates.find((one) => one === name);
  if (aggregate === undefined && !isWindowFunction(name)) {
    if (!isFunction(name)) return notModelled(`the function ${name}`);
    const what = 'is not a window function nor an aggregate function';
    return sqlError('42809', `OVER specified, but ${name} ${what}`);
  }
  if (call.distinct) return sqlError('0A000', 'DISTINCT is not implemented for window functions');
  if (call.filter !== null && aggregate === undefined) {
    return sqlError('0A000', 'FILTER is not implemented for non-aggregate window functions');
  }
  const totals = aggregate === undefined ? null : aggregateOf(aggregate, call, inner, bind);
  if (isError(totals)) return totals;
  const args = aggregate === undefined ? bindArguments(call.args, inner, bind) : [];
  if (isError(args)) return args;
  const shape = totals ?? shapeOf(name, args);
  if (isError(shape)) return shape;
  const window = bindOver(over, inner, bind);
  if (isError(window)) return window;
  const converted = 'args' in shape ? shape.args : [];
  const index = windows.push({ name, args: converted, aggregate: totals, ...window }) - 1;
  return made(shape.type, (env) => env.windows[index]);
}

const insideWindow = 'window function calls';

function bindOver(
  { partition, order }: Over,
  place: Place,
  bind: Bind,
): Pick<WindowCall, 'partition' | 'order'> | SqlError {
  const parts = bindArguments(partition, { ...place, clause: 'window definitions' }, bind);
  if (isError(parts)) return parts;
  const keys: OrderKey[] = [];
  for (const { of, descending, nullsFirst } of order) {
    const bound = bind(of, { ...place, clause: 'window definitions' });
    if (isError(bound)) return bound;
    keys.push({ bound, descending, nullsFirst });
  }
  for (const { type } of [...parts, ...keys.map(({ bound }) => bound)]) {
    const fault = orderFault(type);
    if (fault !== undefined) return fault;
  }
  return { partition: parts, order: keys };
}

interface Shape {
  readonly type: Type;
  readonly args: readonly Bound[];
}

/** The type of the result, with the arguments converted. */
function shapeOf(name: string, args: readonly Bound[]): Shape | SqlError {
  const [value, offset, otherwise] = args;
  const plainType = (type: Type) => (type === 'unknown' ? 'text' : type);
  switch (name) {
    case 'lag':
    case 'lead': {
      if (value === undefined || args.length > 3) return noFunction(name, args);
      const by = offset === undefined ? [] : [coerced(offset, 'integer')];
      if (isError(by[0])) return by[0];
      if (otherwise === undefined) {
        return { type: plainType(value.type), args: [value, ...(by as Bound[])] };
      }
      const both = unified(name.toUpperCase(), [value, otherwise]);
      if (isError(both)) return both.code === '42804' ? noFunction(name, args) : both;
      return { type: both[0].type, args: [both[0], by[0] as Bound, both[1]] };
    }
    case 'first_value':
    case 'last_value':
      if (args.length !== 1) return noFunction(name, args);
      return { type: plainType(value.type), args };
    default:
      if (args.length === 0) return { type: 'bigint', args };
      if (name === 'row_number') return noFunction(name, args);
      return sqlError('42809', `WITHIN GROUP is required for ordered-set aggregate ${name}`);
  }
}

// Values

/** An aggregate over a window with ORDER BY is computed for each row, over all rows before it. */
const windowRowsMax = 5_000;
const tooManyRows = notModelled('window functions over more than 5,000 rows');

/** The rows with the values of the window functions, sorted as the last window sorts them. */
export function withWindows(rows: readonly Env[], windows: readonly WindowCall[]): Env[] | Stop {
  if (rows.length > windowRowsMax) return tooManyRows;
  const values: Value[][] = rows.map(() => []);
  let order = rows.map((_, i) => i);
  for (const window of windows) {
    const sorted = sortedFor(window, rows, order);
    if (isStop(sorted)) return sorted;
    for (const partition of sorted) {
      const own = valuesIn(window, partition);
      if (isStop(own)) return own;
      own.forEach((value, i) => values[partition[i].index].push(value));
    }
    order = sorted.flat().map(({ index }) => index);
  }
  return order.map((i) => ({ ...rows[i], windows: values[i] }));
}

interface Member {
  readonly index: number;
  readonly env: Env;
  readonly partition: readonly Value[];
  readonly keys: readonly Value[];
}

/** The partitions of a window, with their rows in its order. */
function sortedFor(
  { partition, order }: WindowCall,
  rows: readonly Env[],
  before: readonly number[],
): Member[][] | Stop {
  const members: Member[] = [];
  for (const index of before) {
    const parts = evaluated(partition, rows[index]);
    if (isStop(parts)) return parts;
    const keys = evaluated(order.map(({ bound }) => bound), rows[index]);
    if (isStop(keys)) return keys;
    members.push({ index, env: rows[index], partition: parts, keys });
  }
  const byPartition = partition.map((bound) => ({ bound, descending: false, nullsFirst: false }));
  const sorted = members.sort(
    (a, b) =>
      compareKeys(byPartition, a.partition, b.partition) || compareKeys(order, a.keys, b.keys),
  );
  const found: Member[][] = [];
  for (const one of sorted) {
    const last = found.at(-1);
    const isSame = last && compareKeys(byPartition, last[0].partition, one.partition) === 0;
    if (isSame) last.push(one);
    else found.push([one]);
  }
  return found;
}

/** The values of a window function for the rows of a partition. */
function valuesIn(window: WindowCall, rows: readonly Member[]): Value[] | Stop {
  const found: Value[] = [];
  let first = 0;
  let dense = 0;
  let end = 0;
  for (let i = 0; i < rows.length; i++) {
    // The rows from `first` to before `end` are equal in the order of the window.
    if (i === end) {
      first = i;
      dense++;
      const isPeer = (one: Member) => compareKeys(window.order, rows[i].keys, one.keys) === 0;
      while (end < rows.length && isPeer(rows[end])) end++;
    }
    const value = valueAt(window, rows, { at: i, first, dense, end });
    if (isStop(value)) return value;
    found.push(value);
  }
  return found;
}

interface Position {
  readonly at: number;
  readonly first: number;
  readonly dense: number;
  readonly end: number;
}

function valueAt(
  { name, args, aggregate }: WindowCall,
  rows: readonly Member[],
  { at, first, dense, end }: Position,
): Value | Stop {
  if (aggregate !== null) return total(aggregate, rows.slice(0, end).map(({ env }) => env));
  switch (name) {
    case 'row_number':
      return at + 1;
    case 'rank':
      return first + 1;
    case 'dense_rank':
      return dense;
    case 'first_value':
      return args[0].value(rows[0].env);
    case 'last_value':
      return args[0].value(rows[end - 1].env);
    default: {
      const by = args[1] === undefined ? 1 : args[1].value(rows[at].env);
      if (isStop(by) || by === null) return by;
      const other = rows[name === 'lag' ? at - Number(by) : at + Number(by)];
      if (other !== undefined) return args[0].value(other.env);
      return args[2] === undefined ? null : args[2].value(rows[at].env);
    }
  }
}
