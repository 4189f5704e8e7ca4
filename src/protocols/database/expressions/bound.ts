/** Bound expressions: what is ready to be evaluated, and conversions of it. */
import { isError, type Select, type SqlError, sqlError, type Value } from '../sql/syntax.ts';
import { type Env, isStop, type Scope, type Stop } from './scope.ts';
import { commonType, convert, type Type, typeName } from './values.ts';

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
  bindSelect(select: Select, outer: Scope): BoundQuery | SqlError;
  /** Performs a function with an effect or a result of its own each time. */
  perform(name: string, args: readonly Value[]): Value | Stop;
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
