/** The rows of the sources of a query, joined. */
import { isEquality, isIndexCondition } from '../expressions/conditions.ts';
import { type Env, envOf, isStop, rowOf, type Stop, type Tuple } from '../expressions/scope.ts';
import { allRows, type Execution } from './execution.ts';
import { test } from './scan.ts';
import type { Condition, Origin, Pushed } from './sources.ts';

/** The rows of the sources, one of each, which satisfy the conditions; null after the last. */
type Joined = () => readonly (Tuple | null)[] | null | Stop;

interface JoinSearch {
  readonly execution: Execution;
  readonly width: number;
  readonly conditions: readonly Condition[];
  /** The source whose index gives the order of the rows, if there is one. */
  readonly ordered: { readonly entry: number; readonly descending: boolean } | null;
}

/** Whether a source tests a condition itself. */
export function isOwnCondition(origin: Origin, { reads }: Condition): boolean {
  return origin.type === 'one' && !origin.nullable && reads.size === 1 && reads.has(origin.entry);
}

export function openOrigin(origin: Origin, search: JoinSearch, outer: Env | null): Joined {
  if (origin.type === 'join') return openJoin(origin, search, outer);
  const own = search.conditions.filter((one) => isOwnCondition(origin, one));
  const tuples = origin.open(outer, pushedTo(origin, search, own));
  return () => {
    const tuple = tuples();
    if (tuple === null || isStop(tuple)) return tuple;
    return rowOf(origin.entry, tuple, search.width);
  };
}

function pushedTo(
  { entry, key, alias }: Extract<Origin, { type: 'one' }>,
  { width, ordered, execution }: JoinSearch,
  own: readonly Condition[],
): Pushed {
  const isIndexed = ({ syntax }: Condition) =>
    key !== null && isIndexCondition(syntax, key, alias);
  const isOrdered = ordered?.entry === entry;
  const isByIndex = isOrdered || own.some(isIndexed);
  const isOneKey = own.some((one) => isIndexed(one) && isEquality(one.syntax));
  const boundOf = ({ bound }: Condition) => bound;
  return {
    path: isByIndex ? (isOrdered || isOneKey ? 'index' : 'bitmap') : 'table',
    descending: isOrdered && ordered.descending,
    indexed: isByIndex ? own.filter(isIndexed).map(boundOf) : [],
    filters: own.filter((one) => !isByIndex || !isIndexed(one)).map(boundOf),
    width, execution,
  };
}

/**
 * Compares each row of one side with each row of the other, which is read once. An outer join also
 * has the rows of a side that have no partner.
 */
function openJoin(
  { kind, left, right, on }: Extract<Origin, { type: 'join' }>,
  search: JoinSearch,
  outer: Env | null,
): Joined {
  const own = kind === 'inner' ? { ...search, conditions: [...search.conditions, ...on] } : search;
  const outside = openOrigin(left, own, outer);
  const inside = openOrigin(right, { ...own, ordered: null }, outer);
  const conditions = on.map(({ bound }) => bound);
  const keepsOutside = kind === 'left' || kind === 'full';
  const keepsInside = kind === 'right' || kind === 'full';
  let inner: (readonly (Tuple | null)[])[] | undefined;
  let current: readonly (Tuple | null)[] | null = null;
  let at = 0;
  let isMatched = false;
  const matched = new Set<number>();
  let alone: number | undefined;
  return () => {
    for (;;) {
      if (alone !== undefined) {
        while (matched.has(alone)) alone++;
        return inner![alone++] ?? null;
      }
      if (current === null) {
        const next = outside();
        if (isStop(next)) return next;
        if (next === null && !keepsInside) return null;
        if (next === null) alone = 0;
        else [current, at, isMatched] = [next, 0, false];
      }
      if (inner === undefined) {
        const all = allRows(inside);
        if (isStop(all)) return all;
        inner = all;
      }
      if (current === null) continue;
      const outerRows: readonly (Tuple | null)[] = current;
      while (at < inner.length) {
        const excess = search.execution.countRow();
        if (excess !== undefined) return excess;
        const rows = merged(outerRows, inner[at++]);
        const isTrue = test(conditions, envOf(rows, outer));
        if (isStop(isTrue)) return isTrue;
        if (!isTrue) continue;
        isMatched = true;
        matched.add(at - 1);
        return rows;
      }
      current = null;
      if (keepsOutside && !isMatched) return outerRows;
    }
  };
}

function merged(
  one: readonly (Tuple | null)[],
  other: readonly (Tuple | null)[],
): readonly (Tuple | null)[] {
  return one.map((tuple, i) => tuple ?? other[i]);
}

/** Comma-separated sources are joined without a condition. */
export function joined(origins: readonly Origin[]): Origin {
  return origins.reduce((left, right) => ({ type: 'join', kind: 'inner', left, right, on: [] }));
}
