/** The sources of a query: tables, subqueries, CTEs and series, and how they are joined. */
import { isError, notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Expression, JoinKind, Select, Source } from '../sql/syntax.ts';
import { bind, bindBoolean } from '../expressions/bind.ts';
import { type Bound, coerced, type Place } from '../expressions/bound.ts';
import { conjuncts } from '../expressions/conditions.ts';
import type { CommonTable, Execution, Rows } from './execution.ts';
import { series } from './series.ts';
import { scan, test, type Tuples } from './scan.ts';
import {
  type Env, envOf, isStop, plainTuple, rowOf, type Scope, type SourceColumn, type Visible,
} from '../expressions/scope.ts';
import type { Type } from '../expressions/values.ts';
import type { Path } from './path.ts';
import { systemView } from './views.ts';

/** A query with the names and types of its columns. */
export interface OpenQuery {
  readonly names: readonly string[];
  readonly types: readonly Type[];
  readonly isCorrelated: boolean;
  open(outer: Env | null): Rows;
}

/** What the sources of a query are bound in. */
export interface Surroundings {
  readonly execution: Execution;
  readonly commons: ReadonlyMap<string, CommonTable>;
  /** Binds a query with its CTEs. */
  bindQuery(select: Select, outer: Scope | null): OpenQuery | SqlError;
}

/** A bound source, or a join of two. */
export type Origin =
  | {
      readonly type: 'one';
      readonly entry: number;
      readonly open: (outer: Env | null, conditions: Pushed) => Tuples;
      /** The name of the table that can be searched by its primary key. */
      readonly table: string | null;
      readonly alias: string;
      readonly key: string | null;
      /** Whether an outer join may leave it out. */
      readonly nullable: boolean;
    }
  | {
      readonly type: 'join';
      readonly kind: JoinKind;
      readonly left: Origin;
      readonly right: Origin;
      readonly on: readonly Condition[];
    };

/** A conjunct of WHERE or ON, and the sources that it reads. */
export interface Condition {
  readonly syntax: Expression;
  readonly bound: Bound;
  readonly reads: ReadonlySet<number>;
}

/** The conditions that a source tests itself, and the way in which a table is searched. */
export interface Pushed {
  readonly path: Path;
  readonly descending: boolean;
  readonly indexed: readonly Bound[];
  readonly filters: readonly Bound[];
  readonly width: number;
  readonly execution: Execution;
}

// Binding

export function bindSource(
  source: Source,
  scope: Scope,
  around: Surroundings,
  place: Place,
  nullable = false,
): Origin | SqlError {
  switch (source.type) {
    case 'table':
      return bindTable(source.name, source.alias ?? source.name, scope, around, nullable);
    case 'subquery': {
      const query = around.bindQuery(source.select, scope.outer);
      if (isError(query)) return query;
      const { alias, columns } = source;
      if (columns.length > query.names.length) {
        return tooManyNames(`table "${alias}"`, query, columns.length);
      }
      const names = query.names.map((name, i) => columns[i] ?? name);
      const opened = (outer: Env | null) => query.open(outer);
      return addRows(source.alias, columnsOf(names, query.types), opened, scope, nullable);
    }
    case 'series':
      return bindSeries(source, scope, place, nullable);
    case 'join':
      return bindJoin(source, scope, around, place, nullable);
  }
}

export function tooManyNames(
  what: string,
  { names }: { readonly names: readonly string[] },
  named: number,
): SqlError {
  const fault = `${names.length} columns available but ${named} columns specified`;
  return sqlError('42P10', `${what} has ${fault}`);
}

function columnsOf(names: readonly string[], types: readonly Type[]): SourceColumn[] {
  return names.map((name, i) => ({ name, type: types[i] === 'unknown' ? 'text' : types[i] }));
}

function bindTable(
  name: string,
  alias: string,
  scope: Scope,
  around: Surroundings,
  nullable: boolean,
): Origin | SqlError {
  const common = around.commons.get(name);
  if (common !== undefined) {
    const columns = columnsOf(common.names, common.types);
    return addRows(alias, columns, () => common.open(), scope, nullable);
  }
  const { execution } = around;
  const table = execution.table(name);
  if (table === undefined) {
    const view = systemView(execution, name);
    if (view === undefined) return sqlError('42P01', `relation "${name}" does not exist`);
    if (isError(view)) return view;
    return addRows(alias, view.columns, view.open, scope, nullable, view.notModelled);
  }
  const entry = addEntry(scope, alias, name, table.columns);
  if (isError(entry)) return entry;
  const key = table.primaryKey;
  return {
    type: 'one', entry, table: name, alias, key, nullable,
    open: (outer, pushed) => scan(execution, { table: name, entry, ...pushed }, outer),
  };
}

function addEntry(
  scope: Scope,
  name: string,
  table: string | null,
  columns: readonly SourceColumn[],
  absent?: readonly string[],
): number | SqlError {
  if (scope.entries.some((entry) => entry.name === name)) {
    return sqlError('42712', `table name "${name}" specified more than once`);
  }
  const index = scope.entries.length;
  scope.add({ name, table, columns, notModelled: absent, index });
  return index;
}

function addRows(
  alias: string,
  columns: readonly SourceColumn[],
  open: (outer: Env | null) => Rows,
  scope: Scope,
  nullable: boolean,
  notModelled?: readonly string[],
): Origin | SqlError {
  const entry = addEntry(scope, alias, null, columns, notModelled);
  if (isError(entry)) return entry;
  return {
    type: 'one', entry, table: null, alias, key: null, nullable,
    open: (outer, pushed) => filtered(open(outer), entry, pushed, outer),
  };
}

function filtered(rows: Rows, entry: number, pushed: Pushed, outer: Env | null): Tuples {
  const conditions = [...pushed.indexed, ...pushed.filters];
  return () => {
    for (;;) {
      const values = pushed.execution.countRow() ?? rows();
      if (values === null || isStop(values)) return values;
      const tuple = plainTuple(values);
      const isSelected = test(conditions, envOf(rowOf(entry, tuple, pushed.width), outer));
      if (isStop(isSelected)) return isSelected;
      if (isSelected) return tuple;
    }
  };
}

function bindSeries(
  { args, alias, column }: Extract<Source, { type: 'series' }>,
  scope: Scope,
  place: Place,
  nullable: boolean,
): Origin | SqlError {
  if (args.length < 2 || args.length > 3) return notModelled('this form of generate_series');
  const bounds: Bound[] = [];
  for (const arg of args) {
    const bound = bind(arg, place);
    if (isError(bound)) return bound;
    if (bound.type !== 'integer' && bound.type !== 'bigint') {
      return notModelled('generate_series of anything but integers');
    }
    const converted = coerced(bound, 'bigint');
    if (isError(converted)) return converted;
    bounds.push(converted);
  }
  const open = (outer: Env | null) => series(bounds, envOf([], outer));
  return addRows(alias, [{ name: column, type: 'integer' }], open, scope, nullable);
}

function bindJoin(
  { kind, left, right, on, using }: Extract<Source, { type: 'join' }>,
  scope: Scope,
  around: Surroundings,
  place: Place,
  nullable: boolean,
): Origin | SqlError {
  const before = scope.visible.length;
  const [isLeftOptional, isRightOptional] = [kind !== 'inner' && kind !== 'left', kind === 'full'];
  const first = bindSource(left, scope, around, place, nullable || isLeftOptional);
  if (isError(first)) return first;
  const middle = scope.visible.length;
  const isOptional = nullable || isRightOptional || kind === 'left';
  const second = bindSource(right, scope, around, place, isOptional);
  if (isError(second)) return second;
  const conditions: Condition[] = [];
  for (const name of using) {
    const condition = bindUsing(name, scope, before, middle, place);
    if (isError(condition)) return condition;
    conditions.push(condition);
  }
  if (using.length > 0) mergeColumns(scope, using, before, middle, kind);
  const rest = bindConditions(on, { ...place, clause: 'JOIN conditions' }, 'JOIN/ON');
  if (isError(rest)) return rest;
  return { type: 'join', kind, left: first, right: second, on: [...conditions, ...rest] };
}

function bindUsing(
  name: string,
  scope: Scope,
  before: number,
  middle: number,
  place: Place,
): Condition | SqlError {
  const named = ({ entry, column }: Visible) => entry.columns[column].name === name;
  const one = scope.visible.slice(before, middle).find(named);
  const other = scope.visible.slice(middle).find(named);
  for (const [side, found] of [['left', one], ['right', other]] as const) {
    if (found !== undefined) continue;
    const what = `column "${name}" specified in USING clause does not exist in ${side} table`;
    return sqlError('42703', what);
  }
  const column = (found: Visible): Expression => ({
    type: 'column', table: found.entry.name, name,
  });
  const syntax: Expression = {
    type: 'binary', operator: '=', left: column(one!), right: column(other!),
  };
  const [condition] = bindConditions(syntax, place, 'JOIN/ON') as Condition[];
  return condition;
}

/** Behind `*`, the columns of USING come first and once; then the others of both sides. */
function mergeColumns(
  scope: Scope,
  using: readonly string[],
  before: number,
  middle: number,
  kind: JoinKind,
): void {
  const nameOf = ({ entry, column }: Visible) => entry.columns[column].name;
  const left = scope.visible.slice(before, middle);
  const right = scope.visible.slice(middle);
  // The side that is always there has the value.
  const side = kind === 'right' ? right : left;
  const merged = using.map((name) => side.find((one) => nameOf(one) === name)!);
  const rest = [...left, ...right].filter((one) => !using.includes(nameOf(one)));
  scope.visible = [...scope.visible.slice(0, before), ...merged, ...rest];
}

/** Binds the conjuncts of a condition, and notes which sources each reads. */
export function bindConditions(
  condition: Expression | null,
  place: Place,
  word: string,
): Condition[] | SqlError {
  const found: Condition[] = [];
  for (const syntax of conjuncts(condition)) {
    const { scope } = place;
    scope.reads = new Set();
    const bound = bindBoolean(syntax, place, word);
    if (isError(bound)) return bound;
    found.push({ syntax, bound, reads: scope.reads });
  }
  return found;
}
