/** Partial indexes: the condition that a row must meet to be in an index. */
import { bindBoolean } from '../expressions/bind.ts';
import type { Place } from '../expressions/bound.ts';
import { envOf, isStop, plainTuple, Scope } from '../expressions/scope.ts';
import { isError, type SqlError, sqlError } from '../sql/errors.ts';
import type { Expression, Values } from '../sql/syntax.ts';
import type { Table } from '../state.ts';

/** Tells whether a row with these values is in the index. */
export type Covers = (values: Values) => boolean | SqlError;

/** Binds the condition of an index to the columns of its table; without one, all rows are in it. */
export function bindPredicate(
  name: string,
  { columns }: Pick<Table, 'columns'>,
  condition: Expression | undefined,
): Covers | SqlError {
  if (condition === undefined) return () => true;
  const scope = new Scope(null);
  scope.add({ name, table: name, columns, index: 0 });
  const bound = bindBoolean(condition, placeOf(scope), 'WHERE');
  if (isError(bound)) return bound;
  return (values) => {
    const value = bound.value(envOf([plainTuple(columns.map((one) => values[one.name]))]));
    // Such a condition cannot wait: it calls no function that acts on the session.
    return isStop(value) ? (isError(value) ? value : false) : value === true;
  };
}

function placeOf(scope: Scope): Place {
  return {
    scope, clause: 'index predicates', totals: null, windows: null,
    bindSelect: () => sqlError('0A000', 'cannot use subquery in index predicate'),
    perform: () => sqlError('42P17', 'functions in index predicate must be marked IMMUTABLE'),
  };
}
