/** SELECT: binds a query to its tables, and finds its errors. */
import { bind, bindBoolean } from '../expressions/bind.ts';
import { type Aggregate, type Bound, coerced, type Place, unified } from '../expressions/bound.ts';
import { type Env, envOf, isStop, Scope, type Stop } from '../expressions/scope.ts';
import {
  type Expression, isError, type Select, type SqlError, sqlError, type Value,
} from '../sql/syntax.ts';
import { bindItems, type Column, columnFor, sameSyntax } from './columns.ts';
import type { Rows } from './execution.ts';
import { bindLocks } from './locking.ts';
import { evaluated, openPlan, type Plan } from './rows.ts';
import {
  bindConditions, bindSource, type OpenQuery, type Origin, type Surroundings,
} from './sources.ts';

/** What a query is bound in. */
export interface Surrounding extends Surroundings {
  /** Called with the rows of the tables that make a row of the final result. */
  readonly observe?: (env: Env, scope: Scope) => void;
}

export function bindSelect(
  select: Select,
  outer: Scope | null,
  around: Surrounding,
): OpenQuery | SqlError {
  if (select.values !== null) return bindValues(select.values, outer, around);
  const scope = new Scope(outer);
  const place = placeOf(scope, 'FROM', around);
  const origins: Origin[] = [];
  for (const source of lockedSources(select)) {
    const origin = bindSource(source, scope, around, place);
    if (isError(origin)) return origin;
    origins.push(origin);
  }
  const where = bindConditions(select.where, { ...place, clause: 'WHERE' }, 'WHERE');
  if (isError(where)) return where;
  const shape = bindShape(select, scope, around);
  if (isError(shape)) return shape;
  const locks = bindLocks(select, scope, origins);
  if (isError(locks)) return locks;
  const fault = lockFault(select, shape);
  if (fault !== undefined) return fault;
  const { execution, observe } = around;
  const plan: Plan = {
    ...shape, origins, where, locks, scope, execution, observe,
    width: scope.entries.length,
    ordered: indexOrder(shape, origins, scope),
  };
  return {
    names: shape.items.map(({ name }) => name),
    types: shape.items.map(({ bound }) => bound.type),
    get isCorrelated() {
      return scope.isCorrelated;
    },
    open: (env) => openPlan(plan, env),
  };
}

/** FOR UPDATE of a query also applies to the subqueries in its FROM. */
function lockedSources({ from, locking }: Select): Select['from'] {
  if (locking.length === 0) return from;
  return from.map((source) => {
    if (source.type !== 'subquery') return source;
    const own = locking
      .filter(({ of }) => of.length === 0 || of.includes(source.alias))
      .map((one) => ({ ...one, of: [] }));
    const select = { ...source.select, locking: [...source.select.locking, ...own] };
    return { ...source, select };
  });
}

export function placeOf(scope: Scope, clause: string, around: Surrounding): Place {
  return {
    scope, clause, totals: null,
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

// Columns

/** What a SELECT makes of the rows of its sources. */
type Shape = Omit<
  Plan,
  'origins' | 'where' | 'width' | 'ordered' | 'locks' | 'scope' | 'execution'
>;

/** ORDER BY the primary key is the order of its index, so that nothing needs to be sorted. */
function indexOrder(
  { order, isGrouped }: Shape,
  origins: readonly Origin[],
  scope: Scope,
): Plan['ordered'] {
  const [first] = order;
  const [origin] = origins;
  if (first === undefined || isGrouped || origins.length !== 1) return null;
  if (origin.type !== 'one') return null;
  const { of } = first;
  if (of.type !== 'column' || of.name !== origin.key || first.nullsFirst !== first.descending) {
    return null;
  }
  if (of.table !== null && of.table !== scope.entries[origin.entry].name) return null;
  return { entry: origin.entry, descending: first.descending };
}

function bindShape(
  select: Select,
  scope: Scope,
  around: Surrounding,
): Shape | SqlError {
  const list: Aggregate[] = [];
  const place: Place = { ...placeOf(scope, 'SELECT', around), totals: { list } };
  scope.plain = [];
  const items = bindItems(select.items, place);
  if (isError(items)) return items;
  const having = select.having === null ? null : bindBoolean(select.having, place, 'HAVING');
  if (isError(having)) return having;
  const ordering = bindOrder(select, items, place);
  if (isError(ordering)) return ordering;
  const { plain } = scope;
  const groupPlace = { ...place, totals: null, clause: 'GROUP BY' };
  const groups = bindGroups(select.group, items, groupPlace);
  if (isError(groups)) return groups;
  const isGrouped = list.length > 0 || groups.length > 0 || having !== null;
  if (isGrouped) {
    const fault = groupFault(select, items, scope, plain, around);
    if (fault !== undefined) return fault;
  }
  const limit = bindCount(select.limit, 'LIMIT', around, scope.outer);
  if (isError(limit)) return limit;
  const offset = bindCount(select.offset, 'OFFSET', around, scope.outer);
  if (isError(offset)) return offset;
  const { distinct } = select;
  return {
    items, isGrouped, groups, having, totals: list, order: ordering, limit, offset, distinct,
  };
}

type Ordering = Plan['order'][number];

function bindOrder(
  select: Select,
  items: readonly Column[],
  place: Place,
): Ordering[] | SqlError {
  const found: Ordering[] = [];
  for (const one of select.order) {
    const named = columnFor(one.of, items, 'ORDER BY');
    const bound = named ?? bind(one.of, { ...place, clause: 'ORDER BY' });
    if (isError(bound)) return bound;
    const isListed = named !== undefined || items.some(({ syntax }) => sameSyntax(syntax, one.of));
    if (select.distinct && !isListed) {
      const what = 'for SELECT DISTINCT, ORDER BY expressions must appear in select list';
      return sqlError('42P10', what);
    }
    found.push({ ...one, bound });
  }
  return found;
}

function bindGroups(
  group: readonly Expression[],
  items: readonly Column[],
  place: Place,
): Bound[] | SqlError {
  const found: Bound[] = [];
  for (const one of group) {
    const bound = columnFor(one, items, 'GROUP BY') ?? bind(one, place);
    if (isError(bound)) return bound;
    found.push(bound);
  }
  return found;
}

/** Why a column cannot be used outside of an aggregate; undefined if all are grouped. */
function groupFault(
  { group }: Select,
  items: readonly Column[],
  scope: Scope,
  plain: Scope['plain'],
  { execution }: Surrounding,
): SqlError | undefined {
  const grouped = group.map((one) =>
    one.type === 'literal' && typeof one.value === 'number' ? items[one.value - 1].syntax : one,
  );
  const isWhole = items.every(({ syntax }) => grouped.some((one) => sameSyntax(one, syntax)));
  if (isWhole && group.length > 0) return undefined;
  for (const { entry, column } of plain) {
    const name = typeof column === 'number' ? entry.columns[column].name : column;
    const reads = (wanted: string) =>
      grouped.some(
        (one) =>
          one?.type === 'column' &&
          one.name === wanted &&
          (one.table === null || one.table === entry.name),
      );
    const key = entry.table === null ? undefined : execution.table(entry.table)?.primaryKey;
    if (reads(name) || (typeof key === 'string' && reads(key))) continue;
    // An expression that is grouped as a whole.
    if (group.some((one) => one.type !== 'column' && one.type !== 'literal')) continue;
    const what = 'must appear in the GROUP BY clause or be used in an aggregate function';
    return sqlError('42803', `column "${entry.name}.${name}" ${what}`);
  }
  return undefined;
}

function bindCount(
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

function lockFault({ locking }: Select, shape: Shape): SqlError | undefined {
  if (locking.length === 0) return undefined;
  const name = `FOR ${locking[0].strength.toUpperCase()}`;
  const what = shape.distinct
    ? 'DISTINCT clause'
    : shape.groups.length > 0
      ? 'GROUP BY clause'
      : shape.having !== null
        ? 'HAVING clause'
        : shape.totals.length > 0 ? 'aggregate functions' : undefined;
  if (what === undefined) return undefined;
  return sqlError('0A000', `${name} is not allowed with ${what}`);
}

// VALUES

function bindValues(
  rows: NonNullable<Select['values']>,
  outer: Scope | null,
  around: Surrounding,
): OpenQuery | SqlError {
  const width = rows[0].length;
  const scope = new Scope(outer);
  const place = placeOf(scope, 'VALUES', around);
  const columns: Bound[][] = Array.from({ length: width }, () => []);
  for (const row of rows) {
    if (row.length !== width) {
      return sqlError('42601', 'VALUES lists must all be the same length');
    }
    for (const [i, one] of row.entries()) {
      const value = bind(one, place);
      if (isError(value)) return value;
      columns[i].push(value);
    }
  }
  const converted: Bound[][] = [];
  for (const column of columns) {
    const values = unified('VALUES', column);
    if (isError(values)) return values;
    converted.push(values);
  }
  return {
    names: converted.map((_, i) => `column${i + 1}`),
    types: converted.map(([{ type }]) => type),
    isCorrelated: scope.isCorrelated,
    open(env) {
      let at = 0;
      return () => {
        if (at === rows.length) return null;
        const row = converted.map((column) => column[at]);
        at++;
        return evaluated(row, envOf([], env));
      };
    },
  };
}
