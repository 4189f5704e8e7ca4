/** Executes SELECT, INSERT, UPDATE and DELETE with their CTEs, to the end or until they wait. */
import { lockTable, mayExist } from '../locks/table-locks.ts';
import { isError, type SqlError, sqlError } from '../sql/errors.ts';
import type { RowStatement, Select } from '../sql/syntax.ts';
import type { Context, Result } from '../state.ts';
import { bindChange } from '../changes/change.ts';
import type { BoundChange, Changed } from '../changes/changed.ts';
import {
  allRows, type CommonTable, Execution, type PerformFunction, type Rows,
} from './execution.ts';
import { bindInsert } from '../changes/insert.ts';
import { remember } from '../changes/lost-updates.ts';
import { tablesOf } from './relations.ts';
import { type Env, isStop, type Scope, type Stop } from '../expressions/scope.ts';
import type { Surrounding } from './places.ts';
import { bindSelect } from './select.ts';
import { type OpenQuery, tooManyNames } from './sources.ts';
import { shown, type Type } from '../expressions/values.ts';

/** Begins a statement, or continues it after a wait. */
export function executeRows(
  context: Context,
  statement: RowStatement,
  performFunction: PerformFunction,
): Result | 'waits' {
  const { node, session } = context;
  const own = node.state.sessions[session];
  if (own.running === null) {
    const locked = lockTables(context, statement);
    if (locked !== 'locked') return locked;
    own.running = { statement, journal: [], began: node.now() };
  }
  const execution = new Execution(context, own.running, performFunction);
  const result = run(execution, statement);
  if (!isStop(result)) return result;
  return isError(result) ? result : 'waits';
}

/** Locks the tables of the statement, in the order in which it names them. */
function lockTables(context: Context, statement: RowStatement): 'locked' | 'waits' | SqlError {
  for (const { table, mode } of tablesOf(statement)) {
    if (!mayExist(context, table)) continue;
    const locked = lockTable(context, table, mode);
    if (locked !== 'locked') return locked;
  }
  return 'locked';
}

function run(execution: Execution, statement: RowStatement): Result | Stop {
  const unfinished: (() => Changed | Stop)[] = [];
  const around = surrounding(execution, new Map());
  const inner = withCommons(statement, around, unfinished);
  if (isError(inner)) return inner;
  const result = statement.type === 'select' ? select(statement, inner) : change(statement, inner);
  if (isStop(result)) return result;
  // A CTE that changes rows runs to its end, whether the statement reads its rows or not.
  for (const finish of unfinished) {
    const finished = finish();
    if (isStop(finished)) return finished;
  }
  return result;
}

function select(statement: Select, around: Surrounding): Result | Stop {
  const query = bindSelect(statement, null, { ...around, observe: noteSeen(around) });
  if (isError(query)) return query;
  const rows = allRows(query.open(null));
  if (isStop(rows)) return rows;
  return rowsResult(`SELECT ${rows.length}`, query.names, query.types, rows);
}

/** Notes what the client sees of the rows of tables. */
function noteSeen({ execution }: Surrounding): (env: Env, scope: Scope) => void {
  return ({ rows }, { entries }) => {
    for (const { table, index } of entries) {
      const version = rows[index]?.version ?? null;
      if (table === null || version === null) continue;
      remember(execution.context, table, version, version.values);
    }
  };
}

function change(statement: Exclude<RowStatement, Select>, around: Surrounding): Result | Stop {
  const bound = bindWriting(statement, around);
  if (isError(bound)) return bound;
  const done = bound.run();
  if (isStop(done)) return done;
  const { count, rows } = done;
  const word = statement.type.toUpperCase();
  const tag = statement.type === 'insert' ? `INSERT 0 ${count}` : `${word} ${count}`;
  const { columns } = bound;
  if (columns === null) return { type: 'done', tag, count };
  const names = columns.map(({ name }) => name);
  return rowsResult(tag, names, columns.map(({ type }) => type), rows, count);
}

function bindWriting(
  statement: Exclude<RowStatement, Select>,
  around: Surrounding,
): BoundChange | SqlError {
  if (statement.type === 'insert') return bindInsert(statement, around);
  return bindChange(statement, around);
}

function rowsResult(
  tag: string,
  columns: readonly string[],
  types: readonly Type[],
  rows: readonly (readonly Parameters<typeof shown>[0][])[],
  count = rows.length,
): Result {
  const all = rows.map((row) => row.map((value, i) => shown(value, types[i])));
  return { type: 'rows', tag, count, columns, rows: all };
}

// CTEs

function surrounding(
  execution: Execution,
  commons: Surrounding['commons'],
): Surrounding {
  return {
    execution, commons,
    bindQuery(select, outer) {
      const inner = withCommons(select, surrounding(execution, commons));
      return isError(inner) ? inner : bindSelect(select, outer, inner);
    },
  };
}

/** Adds the CTEs of a statement; `unfinished` collects those that change rows. */
function withCommons(
  statement: RowStatement,
  { execution, commons }: Surrounding,
  unfinished?: (() => Changed | Stop)[],
): Surrounding | SqlError {
  const all = new Map(commons);
  for (const one of statement.with) {
    if (statement.with.some((other) => other !== one && other.name === one.name)) {
      return sqlError('42712', `WITH query name "${one.name}" specified more than once`);
    }
    const around = surrounding(execution, new Map(all));
    const inner = withCommons(one.statement, around);
    if (isError(inner)) return inner;
    const table =
      one.statement.type === 'select'
        ? commonQuery(bindSelect(one.statement, null, inner))
        : commonChange(one.name, bindWriting(one.statement, inner), unfinished);
    if (isError(table)) return table;
    const named = one.columns.length;
    if (named > table.names.length) return tooManyNames(`WITH query "${one.name}"`, table, named);
    const names = table.names.map((name, i) => one.columns[i] ?? name);
    all.set(one.name, { ...table, names });
  }
  return surrounding(execution, all);
}

/** A CTE is executed once, as far as the statement reads its rows. */
function commonQuery(query: OpenQuery | SqlError): CommonTable | SqlError {
  if (isError(query)) return query;
  const { names, types } = query;
  const known: ReturnType<Rows>[] = [];
  let source: Rows | undefined;
  const open = (): Rows => {
    let at = 0;
    return () => {
      if (at === known.length) {
        source ??= query.open(null);
        const row = source();
        if (isStop(row)) return row;
        known.push(row);
      }
      const row = known[at];
      if (row !== null) at++;
      return row;
    };
  };
  return { names, types, open };
}

function commonChange(
  name: string,
  bound: BoundChange | SqlError,
  unfinished: (() => Changed | Stop)[] | undefined,
): CommonTable | SqlError {
  if (isError(bound)) return bound;
  if (unfinished === undefined) {
    const what = 'WITH clause containing a data-modifying statement must be at the top level';
    return sqlError('0A000', what);
  }
  let known: Changed | undefined;
  const all = (): Changed | Stop => {
    if (known !== undefined) return known;
    const done = bound.run();
    if (!isStop(done)) known = done;
    return done;
  };
  unfinished.push(all);
  const { columns } = bound;
  const open = (): Rows => {
    let at = 0;
    return () => {
      if (columns === null) {
        return sqlError('0A000', `WITH query "${name}" does not have a RETURNING clause`);
      }
      const done = all();
      if (isStop(done)) return done;
      return at < done.rows.length ? done.rows[at++] : null;
    };
  };
  const names = columns?.map((one) => one.name) ?? [];
  return { names, types: columns?.map(({ type }) => type) ?? [], open };
}
