/** Searches of tables: which versions a statement finds, in which order, and what it notes. */
import { noteSearch, noteVersion } from '../serializable.ts';
import type { Table, Version } from '../state.ts';
import { watchedOf } from '../transactions/transactions.ts';
import { isKeyOpen, isVisible, versionAt } from '../versions.ts';
import type { Bound } from '../expressions/bound.ts';
import type { Execution } from './execution.ts';
import type { Path } from './path.ts';
import { type Env, envOf, isStop, rowOf, type Stop, type Tuple } from '../expressions/scope.ts';
import { order } from '../expressions/values.ts';

/** A search of a table. */
interface Search {
  readonly table: string;
  readonly path: Path;
  readonly descending: boolean;
  /** The index of the table among the sources of the query. */
  readonly entry: number;
  /** The number of sources. */
  readonly width: number;
  /** The conditions that the index tests, and then the others. */
  readonly indexed: readonly Bound[];
  readonly filters: readonly Bound[];
}

/** The rows of a search, one after the other; null after the last. */
export type Tuples = () => Tuple | null | Stop;

export function tupleOf(table: Table, version: Version, xmax?: number): Tuple {
  const shownXmax = version.xmax || (version.lockers.at(-1)?.xid ?? 0);
  return {
    values: table.columns.map(({ name }) => version.values[name] ?? null),
    version, xmin: version.xmin, xmax: xmax ?? shownXmax,
  };
}

/** Searches a table; `outer` has the rows of the queries around. */
export function scan(execution: Execution, search: Search, outer: Env | null): Tuples {
  const { context } = execution;
  const { node, transaction } = context;
  const { state } = node;
  const table = state.tables[search.table];
  const watched = watchedOf(node, transaction);
  const isSeen = (version: Version) =>
    isVisible(state, version, transaction.snapshot!, transaction);
  const conditions = [...search.indexed, ...search.filters];
  let found: Version[] | undefined;
  let at = 0;
  const begin = (): Version[] | Stop => {
    if (watched === undefined) return candidates(execution, search, table, isSeen).filter(isSeen);
    // Later executions find the same versions, although others may have added some by then.
    const positions = execution.once(() => {
      noteSearch(watched, search.table, table, search.path);
      return candidates(execution, search, table, isSeen).map(({ position }) => position);
    });
    if (isStop(positions)) return positions;
    const versions = positions.map((position) => versionAt(table, position));
    return versions.filter((version) => version !== undefined);
  };
  return () => {
    if (found === undefined) {
      const versions = begin();
      if (isStop(versions)) return versions;
      found = versions;
    }
    while (at < found.length) {
      const excess = execution.countRow();
      if (excess !== undefined) return excess;
      const version = found[at++];
      const tuple = tupleOf(table, version);
      const env = envOf(rowOf(search.entry, tuple, search.width), outer);
      if (watched !== undefined) {
        const isFound = test(search.indexed, env);
        if (isStop(isFound)) return isFound;
        if (!isFound) continue;
        const noted = execution.once(
          () => noteVersion(node, watched, search.table, version, isSeen(version)) ?? true,
        );
        if (isStop(noted)) return noted;
        if (!isSeen(version)) continue;
      }
      const isSelected = test(conditions, env);
      if (isStop(isSelected)) return isSelected;
      if (isSelected) return tuple;
    }
    return null;
  };
}

/** Whether all conditions are true. Unknown (null) counts as false. */
export function test(conditions: readonly Bound[], env: Env): boolean | Stop {
  for (const condition of conditions) {
    const value = condition.value(env);
    if (isStop(value)) return value;
    if (value !== true) return false;
  }
  return true;
}

/** The versions in the order of the search: an index leads no further than to the visible one. */
function candidates(
  { context }: Execution,
  { table: name, path, descending }: Search,
  table: Table,
  isSeen: (version: Version) => boolean,
): Version[] {
  if (path === 'table') return table.versions.slice();
  const key = table.primaryKey!;
  const type = table.columns.find((column) => column.name === key)!.type;
  const last = new Map<string, Version>();
  const found: Version[] = [];
  for (const version of table.versions) {
    if (isKeyOpen(context.node.state, name, version)) continue;
    const place = `${version.row} ${version.values[key]}`;
    const before = last.get(place);
    if (before !== undefined && isSeen(before)) continue;
    last.set(place, version);
    found.push(version);
  }
  if (path === 'bitmap') {
    return found.toSorted((a, b) => rootOf(a) - rootOf(b) || a.position - b.position);
  }
  const sign = descending ? -1 : 1;
  return found.toSorted((a, b) => {
    const difference = order(type, a.values[key]!, b.values[key]!);
    return sign * (difference || a.position - b.position);
  });
}

/** An index leads to the first version of a row that has the key, and from there to the others. */
function rootOf({ root, row }: Version): number {
  return root ?? row;
}
