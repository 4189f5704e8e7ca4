/** Subqueries in expressions. */
import { isError, type SqlError, sqlError } from '../sql/errors.ts';
import type { Expression, Value } from '../sql/syntax.ts';
import { type Bound, type BoundQuery, made, type Place } from './bound.ts';
import { compare } from './operators.ts';
import { type Env, isStop, type Stop } from './scope.ts';

export function subquery(
  { type, select }: Extract<Expression, { type: 'exists' | 'subquery' }>,
  place: Place,
): Bound | SqlError {
  const query = place.bindSelect(select, place.scope);
  if (isError(query)) return query;
  const isTest = type === 'exists';
  if (!isTest && query.types.length !== 1) {
    return sqlError('42601', 'subquery must return only one column');
  }
  const rowsOf = cached(query, isTest ? 1 : 2);
  return made(isTest ? 'boolean' : query.types[0], (env) => {
    const rows = rowsOf(env);
    if (isStop(rows)) return rows;
    if (isTest) return rows.length > 0;
    if (rows.length > 1) {
      return sqlError('21000', 'more than one row returned by a subquery used as an expression');
    }
    return rows.length === 0 ? null : rows[0][0];
  });
}

/** A query that reads nothing of the row around it is executed once. */
function cached(
  query: BoundQuery,
  max: number,
): (env: Env) => readonly (readonly Value[])[] | Stop {
  let known: readonly (readonly Value[])[] | undefined;
  return (env) => {
    if (known !== undefined) return known;
    const rows = query.rows(env, max);
    if (!isStop(rows) && !query.isCorrelated) known = rows;
    return rows;
  };
}

export function comparedSelect(
  { operator, quantifier, select }: Extract<Expression, { type: 'compared select' }>,
  left: Bound,
  place: Place,
): Bound | SqlError {
  const query = place.bindSelect(select, place.scope);
  if (isError(query)) return query;
  if (query.types.length !== 1) return sqlError('42601', 'subquery has too many columns');
  // The value of the subquery's current row.
  let current: Value = null;
  const right = made(query.types[0], () => current);
  const test = compare(operator, left, right);
  if (isError(test)) return test;
  const rowsOf = cached(query, Infinity);
  return made('boolean', (env) => {
    const rows = rowsOf(env);
    if (isStop(rows)) return rows;
    return quantified(rows, quantifier, ([value]) => {
      current = value;
      return test.value(env);
    });
  });
}

/** ANY or ALL of some items: one that decides is enough, and one that is null leaves it open. */
export function quantified<T>(
  items: readonly T[],
  quantifier: 'any' | 'all',
  test: (item: T) => Value | Stop,
): Value | Stop {
  const decides = quantifier === 'any';
  let result: Value = !decides;
  for (const item of items) {
    const isTrue = test(item);
    if (isStop(isTrue) || isTrue === decides) return isTrue;
    if (isTrue === null) result = null;
  }
  return result;
}
