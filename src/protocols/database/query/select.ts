/** SELECT: binds a query to its tables, and finds its errors. */
import { bind, bindBoolean } from '../expressions/bind.ts';
import {
  type Aggregate, type Bound, orderFault, type Place, type WindowCall,
} from '../expressions/bound.ts';
import { Scope } from '../expressions/scope.ts';
import { isError, type SqlError, sqlError } from '../sql/errors.ts';
import type { Expression, Select } from '../sql/syntax.ts';
import { bindItems, type Column, columnFor, columnSyntax, sameSyntax } from './columns.ts';
import { bindCombined, bindValues } from './combined.ts';
import { bindLocks } from './locking.ts';
import { bindCount, placeOf, type Surrounding } from './places.ts';
import { openPlan, type Plan } from './rows.ts';
import { bindConditions, bindSource, type OpenQuery, type Origin } from './sources.ts';

export function bindSelect(
  select: Select,
  outer: Scope | null,
  around: Surrounding,
): OpenQuery | SqlError {
  if (select.values !== null) return bindValues(select, select.values, outer, around);
  if (select.combined !== null) return bindCombined(select, select.combined, outer, around);
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

// Columns

/** What a SELECT makes of the rows of its sources. */
type Shape = Omit<
  Plan,
  'origins' | 'where' | 'width' | 'ordered' | 'locks' | 'scope' | 'execution'
>;

/** ORDER BY the primary key is the order of its index, so that nothing needs to be sorted. */
function indexOrder(
  { order, isGrouped, windows }: Shape,
  origins: readonly Origin[],
  scope: Scope,
): Plan['ordered'] {
  const [first] = order;
  const [origin] = origins;
  if (first === undefined || isGrouped || windows.length > 0 || origins.length !== 1) return null;
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
  const windows: WindowCall[] = [];
  const place: Place = { ...placeOf(scope, 'SELECT', around), totals: { list }, windows };
  scope.plain = [];
  const items = bindItems(select.items, place);
  if (isError(items)) return items;
  const havingPlace = { ...place, windows: null, clause: 'HAVING' };
  const having = select.having === null ? null : bindBoolean(select.having, havingPlace, 'HAVING');
  if (isError(having)) return having;
  const ordering = bindOrder(select, items, place);
  if (isError(ordering)) return ordering;
  const distinctOn = bindDistinctOn(select, items, place);
  if (isError(distinctOn)) return distinctOn;
  const { plain } = scope;
  const groupPlace = { ...place, totals: null, windows: null, clause: 'GROUP BY' };
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
    distinctOn, windows,
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
    const fault = orderFault(bound.type);
    if (fault !== undefined) return fault;
    if (select.distinct && select.distinctOn.length === 0 && !isListed) {
      const what = 'for SELECT DISTINCT, ORDER BY expressions must appear in select list';
      return sqlError('42P10', what);
    }
    found.push({ ...one, bound });
  }
  return found;
}

/** The expressions of DISTINCT ON, which must be the first of ORDER BY. */
function bindDistinctOn(
  { distinctOn, order }: Select,
  items: readonly Column[],
  place: Place,
): Bound[] | SqlError {
  const found: Bound[] = [];
  for (const one of distinctOn) {
    const inner = { ...place, clause: 'DISTINCT ON' };
    const bound = columnFor(one, items, 'ORDER BY', 'DISTINCT ON') ?? bind(one, inner);
    if (isError(bound)) return bound;
    found.push(bound);
  }
  const syntaxOf = (one: Expression) => columnSyntax(one, items);
  const wanted = distinctOn.map(syntaxOf);
  const isAmong = (of: Expression, list: readonly (Expression | null)[]) =>
    list.some((one) => sameSyntax(one, syntaxOf(of)));
  const leading = order.findIndex(({ of }) => !isAmong(of, wanted));
  const before = leading < 0 ? order : order.slice(0, leading);
  const sorted = before.map(({ of }) => syntaxOf(of));
  if (leading < 0 || distinctOn.every((one) => isAmong(one, sorted))) return found;
  const what = 'SELECT DISTINCT ON expressions must match initial ORDER BY expressions';
  return sqlError('42P10', what);
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

function lockFault({ locking }: Select, shape: Shape): SqlError | undefined {
  if (locking.length === 0) return undefined;
  const name = `FOR ${locking[0].strength.toUpperCase()}`;
  const what = shape.distinct
    ? 'DISTINCT clause'
    : shape.groups.length > 0
      ? 'GROUP BY clause'
      : shape.having !== null
        ? 'HAVING clause'
        : shape.totals.length > 0
          ? 'aggregate functions'
          : shape.windows.length > 0 ? 'window functions' : undefined;
  if (what === undefined) return undefined;
  return sqlError('0A000', `${name} is not allowed with ${what}`);
}
