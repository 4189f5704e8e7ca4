/** UPDATE and DELETE: change the rows that WHERE selects, in the order in which it finds them. */
import { isError, type SqlError } from '../sql/errors.ts';
import type { Delete, Update } from '../sql/syntax.ts';
import type { Version } from '../state.ts';
import { versionAt } from '../versions.ts';
import { type Bound, evaluated, type Place } from '../expressions/bound.ts';
import { bindItems, type Column, columnsOf } from '../query/columns.ts';
import type { BoundChange, Changed } from './changed.ts';
import type { Execution } from '../query/execution.ts';
import { testedAgain } from '../query/locking.ts';
import { type Change, checkReferences, followReferences } from './references.ts';
import { openEnvs } from '../query/rows.ts';
import { tupleOf } from '../query/scan.ts';
import { type Env, isStop, Scope, type Stop } from '../expressions/scope.ts';
import { placeOf, type Surrounding } from '../query/places.ts';
import { bindConditions, bindSource, type Origin } from '../query/sources.ts';
import { bindSet, newValues, type SetColumn, takeRow, writeRow } from './write.ts';

interface Plan {
  readonly execution: Execution;
  readonly name: string;
  readonly place: Place;
  /** What SET assigns; null if the statement deletes. */
  readonly set: readonly SetColumn[] | null;
  readonly returning: readonly Column[] | null;
  readonly conditions: readonly Bound[];
}

export function bindChange(
  statement: Update | Delete,
  around: Surrounding,
): BoundChange | SqlError {
  const { execution } = around;
  const { table: name, alias, returning } = statement;
  const scope = new Scope(null);
  const place = placeOf(scope, statement.type.toUpperCase(), around);
  const origins: Origin[] = [];
  for (const source of [{ type: 'table', name, alias } as const, ...statement.from]) {
    // The target is always a table, even if a CTE has the same name.
    const inner = origins.length === 0 ? { ...around, commons: new Map() } : around;
    const origin = bindSource(source, scope, inner, place);
    if (isError(origin)) return origin;
    origins.push(origin);
  }
  const where = bindConditions(statement.where, { ...place, clause: 'WHERE' }, 'WHERE');
  if (isError(where)) return where;
  const set = statement.type === 'delete' ? null : bindSet(name, statement.set, execution, place);
  if (isError(set)) return set;
  const items =
    returning === null ? null : bindItems(returning, { ...place, clause: 'RETURNING' });
  if (isError(items)) return items;
  const conditions = where.map(({ bound }) => bound);
  const plan: Plan = { execution, name, place, set, returning: items, conditions };
  const search = { execution, origins, where, width: scope.entries.length, ordered: null };
  return { columns: columnsOf(items), run: () => change(plan, openEnvs(search, null)) };
}

function change(plan: Plan, envs: () => Env | null | Stop): Changed | Stop {
  const { execution, name, place } = plan;
  const rows: Changed['rows'][number][] = [];
  const written: number[] = [];
  const changes: Change[] = [];
  for (;;) {
    const env = envs();
    if (isStop(env)) return env;
    if (env === null) break;
    const done = changeRow(plan, env);
    if (isStop(done)) return done;
    if (done === 'left out') continue;
    changes.push({ from: done.from.values, to: done.to?.values ?? null });
    if (done.to !== null) written.push(done.to.position);
    const row = returned(plan, done);
    if (isStop(row)) return row;
    rows.push(row);
  }
  const checked = checkReferences(execution, name, written);
  if (isStop(checked)) return checked;
  const followed = followReferences(execution, name, changes, place);
  return isStop(followed) ? followed : { count: rows.length, rows };
}

interface ChangedRow {
  readonly env: Env;
  readonly from: Version;
  readonly to: Version | null;
}

function returned(
  { execution, name, returning }: Plan,
  done: ChangedRow,
): Changed['rows'][number] | Stop {
  if (returning === null) return [];
  const table = execution.table(name)!;
  const tuple = done.to === null ? tupleOf(table, done.from) : tupleOf(table, done.to, 0);
  const env = { ...done.env, rows: done.env.rows.with(0, tuple) };
  return evaluated(returning.map(({ bound }) => bound), env);
}

/** Gets a row, tests it again if it has changed since the snapshot, and writes it. */
function changeRow(plan: Plan, first: Env): ChangedRow | 'left out' | Stop {
  const { execution, name, set, place, conditions } = plan;
  let env = first;
  for (;;) {
    const seen = env.rows[0]!.version!;
    const values = set === null ? null : newValues(execution, name, set, env, place);
    if (isStop(values)) return values;
    const found = execution.once(() => takeRow(execution, name, seen, values));
    if (isStop(found) || found === 'left out') return found;
    if (found === seen.position) {
      const to = writeRow(execution, name, seen, values, set ?? []);
      return isStop(to) ? to : { env, from: seen, to };
    }
    const table = execution.table(name)!;
    const rows = env.rows.with(0, tupleOf(table, versionAt(table, found)));
    const again = testedAgain(execution, { ...env, rows }, { table: name, entry: 0 }, conditions);
    if (isStop(again) || again === 'left out') return again;
    env = again;
  }
}
