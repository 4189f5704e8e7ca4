/** What queries and their expressions are bound in. */
import { bind } from '../expressions/bind.ts';
import { type Bound, coerced, type Place } from '../expressions/bound.ts';
import { type Env, isStop, Scope, type Stop } from '../expressions/scope.ts';
import { isError, type SqlError, sqlError } from '../sql/errors.ts';
import type { Expression, Value } from '../sql/syntax.ts';
import type { Rows } from './execution.ts';
import type { Surroundings } from './sources.ts';

/** What a query is bound in. */
export interface Surrounding extends Surroundings {
  /** Called with the rows of the tables that make a row of the final result. */
  readonly observe?: (env: Env, scope: Scope) => void;
}

export function placeOf(scope: Scope, clause: string, around: Surrounding): Place {
  return {
    scope, clause, totals: null, windows: null,
    bindSelect(select, outer) {
      const query = around.bindQuery(select, outer);
      if (isError(query)) return query;
      const { types } = query;
      return {
        types,
        get isCorrelated() {
          return query.isCorrelated;
        },
        rows: (env, max) => someRows(query.open(env), max),
      };
    },
    perform: (name, args) => around.execution.perform(name, args),
  };
}

function someRows(next: Rows, max: number): (readonly Value[])[] | Stop {
  const found: (readonly Value[])[] = [];
  while (found.length < max) {
    const row = next();
    if (isStop(row)) return row;
    if (row === null) break;
    found.push(row);
  }
  return found;
}

export function bindCount(
  of: Expression | null,
  clause: string,
  around: Surrounding,
  outer: Scope | null,
): Bound | null | SqlError {
  if (of === null) return null;
  const bound = bind(of, placeOf(new Scope(outer), clause, around));
  if (isError(bound)) {
    if (bound.code !== '42703') return bound;
    return sqlError('42P10', `argument of ${clause} must not contain variables`);
  }
  if (bound.type === 'text' || bound.type === 'boolean') {
    return sqlError('42804', `argument of ${clause} must be type bigint, not type ${bound.type}`);
  }
  return coerced(bound, 'bigint');
}
