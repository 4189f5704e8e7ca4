/** Bound expressions: what is ready to be evaluated, and conversions of it. */
import { isError, notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Expression, Select, Value } from '../sql/syntax.ts';
import { type Env, isStop, type Scope, type Stop } from './scope.ts';
import { commonType, convert, order, type Type, typeName } from './values.ts';

/** An expression that is ready to be evaluated. */
export interface Bound {
  readonly type: Type;
  value(env: Env): Value | Stop;
  /** Its value, if it is a literal. */
  readonly literal?: Value;
}

/** The rows of a subquery, of which each is a list of values. */
export interface BoundQuery {
  readonly types: readonly Type[];
  readonly isCorrelated: boolean;
  /** Returns at most this many rows. */
  rows(outer: Env | null, max: number): (readonly Value[])[] | Stop;
}

export const aggregates = ['count', 'sum', 'min', 'max', 'avg', 'bool_and', 'bool_or'] as const;

/** An aggregate of a query. */
export interface Aggregate {
  readonly name: (typeof aggregates)[number];
  readonly type: Type;
  /** `null` in `count(*)`. */
  readonly of: Bound | null;
  readonly distinct: boolean;
  readonly filter: Bound | null;
}

/** What rows are sorted by. */
export interface OrderKey {
  readonly bound: Bound;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** A call of a window function, or of an aggregate over a window. */
export interface WindowCall {
  readonly name: string;
  /** Its arguments, if it is not an aggregate. */
  readonly args: readonly Bound[];
  readonly aggregate: Aggregate | null;
  readonly partition: readonly Bound[];
  readonly order: readonly OrderKey[];
}

/** Collects the aggregates of a query. */
interface Totals {
  readonly list: Aggregate[];
}

/** What an expression is bound in. */
export interface Place {
  readonly scope: Scope;
  /** The clause, for the message that aggregates are not allowed in it. */
  readonly clause: string;
  /** Collects the aggregates; null where they are not allowed. */
  readonly totals: Totals | null;
  /** Collects the window functions; null where they are not allowed. */
  readonly windows: WindowCall[] | null;
  bindSelect(select: Select, outer: Scope): BoundQuery | SqlError;
  /** Performs a function with an effect or a result of its own each time. */
  perform(name: string, args: readonly Value[]): Value | Stop;
}

/** Binds an expression: expressions contain calls, and calls expressions. */
export type Bind = (expression: Expression, place: Place) => Bound | SqlError;

export function bindArguments(
  args: readonly Expression[],
  place: Place,
  bind: Bind,
): Bound[] | SqlError {
  const found: Bound[] = [];
  for (const arg of args) {
    const bound = bind(arg, place);
    if (isError(bound)) return bound;
    found.push(bound);
  }
  return found;
}

export function made(type: Type, value: Bound['value']): Bound {
  return { type, value };
}

/** The expression as a condition, as of WHERE. */
export function asBoolean(bound: Bound, word: string): Bound | SqlError {
  if (bound.type === 'boolean') return bound;
  if (bound.type === 'unknown') return coerced(bound, 'boolean');
  const type = typeName(bound.type);
  return sqlError('42804', `argument of ${word} must be type boolean, not type ${type}`);
}

/** The expression as a value of another type, to which it can be converted without a cast. */
export function coerced(bound: Bound, type: Type): Bound | SqlError {
  const { type: from, literal: given } = bound;
  if (from === type || type === 'unknown') return bound;
  if (given !== undefined) {
    const value = convert(given, from, type);
    return isError(value) ? value : { type, literal: value, value: () => value };
  }
  return made(type, (env) => {
    const value = bound.value(env);
    return isStop(value) ? value : convert(value, from, type);
  });
}

/** The common type of the values of CASE, COALESCE and the like, with the values as that type. */
export function unified(word: string, values: readonly Bound[]): Bound[] | SqlError {
  let type: Type = 'unknown';
  for (const value of values) {
    const common = commonType(type, value.type);
    if (common === undefined) {
      const types = `${typeName(type)} and ${typeName(value.type)}`;
      return sqlError('42804', `${word} types ${types} cannot be matched`);
    }
    type = common;
  }
  const found: Bound[] = [];
  for (const value of values) {
    const one = coerced(value, type === 'unknown' ? 'text' : type);
    if (isError(one)) return one;
    found.push(one);
  }
  return found;
}

/** The order of two rows by the values of their keys. */
export function compareKeys(
  orders: readonly OrderKey[],
  a: readonly Value[],
  b: readonly Value[],
): number {
  for (let i = 0; i < orders.length; i++) {
    const { bound, descending, nullsFirst } = orders[i];
    const [x, y] = [a[i], b[i]];
    if (x === null && y === null) continue;
    if (x === null || y === null) return (x === null) === nullsFirst ? -1 : 1;
    const difference = order(bound.type, x, y);
    if (difference !== 0) return descending ? -difference : difference;
  }
  return 0;
}

/** Why values of this type cannot be sorted. */
export function orderFault(type: Type): SqlError | undefined {
  if (type === 'jsonb') return notModelled('the order of jsonb values');
  if (type !== 'json' && type !== 'void') return undefined;
  return sqlError('42883', `could not identify an ordering operator for type ${typeName(type)}`);
}

/** The values of some expressions for one row. */
export function evaluated(list: readonly Bound[], env: Env): readonly Value[] | Stop {
  const values: Value[] = [];
  for (const one of list) {
    const value = one.value(env);
    if (isStop(value)) return value;
    values.push(value);
  }
  return values;
}
