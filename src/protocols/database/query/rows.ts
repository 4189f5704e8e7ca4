/** The rows of a query: selected, grouped, sorted, locked and limited, one after the other. */
import { total } from '../expressions/aggregates.ts';
import {
  type Aggregate, type Bound, compareKeys, evaluated, type OrderKey, type WindowCall,
} from '../expressions/bound.ts';
import { type Env, envOf, isStop, type Scope, type Stop } from '../expressions/scope.ts';
import { withWindows } from '../expressions/windows.ts';
import { sqlError } from '../sql/errors.ts';
import type { Expression, Value } from '../sql/syntax.ts';
import type { Column } from './columns.ts';
import { allRows, type Execution, oneByOne, type Rows } from './execution.ts';
import { type Lock, locked } from './locking.ts';
import { test } from './scan.ts';
import { isOwnCondition, joined, openOrigin } from './joins.ts';
import type { Condition, Origin } from './sources.ts';

/** The rows for which the expressions of a query are evaluated; null after the last. */
type Envs = () => Env | null | Stop;

/** The sources of a statement, and which of their rows it wants. */
interface Selection {
  readonly execution: Execution;
  readonly origins: readonly Origin[];
  readonly where: readonly Condition[];
  /** The number of sources. */
  readonly width: number;
  /** The source whose index gives the order of the rows, if there is one. */
  readonly ordered: { readonly entry: number; readonly descending: boolean } | null;
}

/** A bound SELECT. */
export interface Plan extends Selection {
  readonly items: readonly Column[];
  readonly isGrouped: boolean;
  readonly groups: readonly Bound[];
  readonly having: Bound | null;
  readonly totals: readonly Aggregate[];
  readonly order: readonly (OrderKey & { readonly of: Expression })[];
  readonly limit: Bound | null;
  readonly offset: Bound | null;
  readonly distinct: boolean;
  /** The expressions of DISTINCT ON. */
  readonly distinctOn: readonly Bound[];
  readonly windows: readonly WindowCall[];
  readonly locks: readonly Lock[];
  readonly scope: Scope;
  /** Called with the rows of the tables that make a row of the final result. */
  readonly observe?: (env: Env, scope: Scope) => void;
}

export function openPlan(plan: Plan, outer: Env | null): Rows {
  const { items, distinct, observe, scope } = plan;
  const envs = limited(plan, outer, distinct ? distinctEnvs(plan, outer) : ordered(plan, outer));
  const bounds = items.map(({ bound }) => bound);
  return () => {
    const env = envs();
    if (env === null || isStop(env)) return env;
    const values = evaluated(bounds, env);
    if (!isStop(values)) observe?.(env, scope);
    return values;
  };
}

/** The rows that WHERE selects. */
export function openEnvs(selection: Selection, outer: Env | null): Envs {
  const { origins, where, width, ordered, execution } = selection;
  const rest = where
    .filter((one) => !origins.some((origin) => isTestedIn(origin, one)))
    .map(({ bound }) => bound);
  const rows =
    origins.length === 0
      ? oneRow()
      : openOrigin(joined(origins), { execution, width, conditions: where, ordered }, outer);
  return () => {
    for (;;) {
      const next = rows();
      if (next === null || isStop(next)) return next;
      const env = envOf(next, outer);
      const isTrue = test(rest, env);
      if (isStop(isTrue)) return isTrue;
      if (isTrue) return env;
    }
  };
}

/** A query without FROM has one row. */
function oneRow(): () => readonly [] | null {
  let isOver = false;
  return () => {
    if (isOver) return null;
    isOver = true;
    return [];
  };
}

function isTestedIn(origin: Origin, condition: Condition): boolean {
  if (origin.type === 'one') return isOwnCondition(origin, condition);
  return isTestedIn(origin.left, condition) || isTestedIn(origin.right, condition);
}

/** The rows that are sorted: grouped if there are groups, with the values of windows. */
function sourceOf(plan: Plan, outer: Env | null): Envs {
  const rows = plan.isGrouped ? grouped(plan, outer) : openEnvs(plan, outer);
  if (plan.windows.length === 0) return rows;
  return oneByOne(() => {
    const all = allRows(rows);
    return isStop(all) ? all : withWindows(all, plan.windows);
  });
}

function ordered(plan: Plan, outer: Env | null): Envs {
  const { order: orders, isGrouped, locks, execution } = plan;
  const source = sourceOf(plan, outer);
  const isInOrder = orders.length === 0 || (!isGrouped && plan.ordered !== null);
  const rows = isInOrder ? source : sortedEnvs(source, orders);
  return locks.length === 0 ? rows : locked(execution, rows, locks, conditionsOf(plan));
}

/** All conditions, which are tested again for a row that has changed during a wait. */
function conditionsOf({ where, origins }: Plan): Bound[] {
  const inJoins = (origin: Origin): readonly Condition[] =>
    origin.type === 'one' || origin.kind !== 'inner'
      ? []
      : [...inJoins(origin.left), ...inJoins(origin.right), ...origin.on];
  return [...origins.flatMap(inJoins), ...where].map(({ bound }) => bound);
}

function sortedEnvs(source: Envs, orders: readonly OrderKey[]): Envs {
  const bounds = orders.map(({ bound }) => bound);
  return oneByOne(() => {
    const all = allRows(source);
    if (isStop(all)) return all;
    const keyed: { env: Env; keys: readonly Value[] }[] = [];
    for (const env of all) {
      const keys = evaluated(bounds, env);
      if (isStop(keys)) return keys;
      keyed.push({ env, keys });
    }
    return keyed.toSorted((a, b) => compareKeys(orders, a.keys, b.keys)).map(({ env }) => env);
  });
}

function grouped(plan: Plan, outer: Env | null): Envs {
  return oneByOne(() => groupsOf(plan, outer));
}

/** One row for each group, in the order of their keys, with the values of the aggregates. */
function groupsOf(plan: Plan, outer: Env | null): Env[] | Stop {
  const { groups, totals, having } = plan;
  const all = allRows(openEnvs(plan, outer));
  if (isStop(all)) return all;
  const byKey = new Map<string, { keys: readonly Value[]; envs: Env[] }>();
  for (const env of all) {
    const keys = evaluated(groups, env);
    if (isStop(keys)) return keys;
    const name = JSON.stringify(keys);
    const group = byKey.get(name);
    if (group === undefined) byKey.set(name, { keys, envs: [env] });
    else group.envs.push(env);
  }
  // Without GROUP BY all rows are one group, even if there are none.
  if (groups.length === 0 && all.length === 0) byKey.set('', { keys: [], envs: [] });
  const orders = groups.map((bound) => ({ bound, descending: false, nullsFirst: false }));
  const found: Env[] = [];
  const sorted = [...byKey.values()].sort((a, b) => compareKeys(orders, a.keys, b.keys));
  for (const { envs } of sorted) {
    const values: Value[] = [];
    for (const one of totals) {
      const value = total(one, envs);
      if (isStop(value)) return value;
      values.push(value);
    }
    const env: Env = { rows: envs[0]?.rows ?? [], outer, totals: values, windows: [] };
    const isSelected = having === null ? true : having.value(env);
    if (isStop(isSelected)) return isSelected;
    if (isSelected === true) found.push(env);
  }
  return found;
}

/** The first row of each that has the same values, in the order of ORDER BY, else of the values. */
function distinctEnvs(plan: Plan, outer: Env | null): Envs {
  const { items, order: orders, distinctOn } = plan;
  const source = sourceOf(plan, outer);
  const bounds = distinctOn.length > 0 ? distinctOn : items.map(({ bound }) => bound);
  const byValue = bounds.map((bound) => ({ bound, descending: false, nullsFirst: false }));
  const sorted = sortedEnvs(source, [...orders, ...byValue]);
  const seen = new Set<string>();
  return () => {
    for (;;) {
      const env = sorted();
      if (env === null || isStop(env)) return env;
      const values = evaluated(bounds, env);
      if (isStop(values)) return values;
      const name = JSON.stringify(values);
      if (seen.has(name)) continue;
      seen.add(name);
      return env;
    }
  };
}

/** The rows after the first OFFSET, at most LIMIT of them. */
export function limited<T>(
  { limit, offset }: Pick<Plan, 'limit' | 'offset'>,
  outer: Env | null,
  rows: () => T | null | Stop,
): () => T | null | Stop {
  let left: number | undefined;
  let toSkip = 0;
  return () => {
    if (left === undefined) {
      const env = envOf([], outer);
      const from = countOf(offset, env, 0, '2201X', 'OFFSET');
      if (isStop(from)) return from;
      const count = countOf(limit, env, Infinity, '2201W', 'LIMIT');
      if (isStop(count)) return count;
      [toSkip, left] = [from, count];
    }
    if (left === 0) return null;
    for (; toSkip > 0; toSkip--) {
      const skipped = rows();
      if (skipped === null || isStop(skipped)) return skipped;
    }
    left--;
    return rows();
  };
}

function countOf(
  of: Bound | null,
  env: Env,
  otherwise: number,
  code: string,
  clause: string,
): number | Stop {
  const value = of === null ? null : of.value(env);
  if (isStop(value)) return value;
  if (value === null) return otherwise;
  if (Number(value) < 0) return sqlError(code, `${clause} must not be negative`);
  return Number(value);
}
