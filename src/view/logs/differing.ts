/**
 * At which indexes logs differ, over all that they hold: what the last look at them found, and what
 * has changed since then. A stop costs the entries that changed, not the length of the logs.
 */
import { lastSame } from './change.ts';
import { differentAt } from './conflicts.ts';
import type { Log, LogNode } from './entries.ts';

/** The newest indexes that are searched: when the panel opens, all of them are read once. */
export const searchedMost = 20_000;

interface Searched {
  readonly logs: ReadonlyMap<string, Log>;
  /** The first index that was searched. */
  readonly first: number;
  /** In ascending order. */
  readonly indexes: readonly number[];
}

/** Keeps the logs of the last moment. That moment must stay as it was. */
export class Differing {
  private readonly groups = new Map<string, Searched>();

  /** In ascending order. `first` is the index from which they were searched. */
  of(name: string, members: readonly LogNode[]): { first: number; indexes: readonly number[] } {
    const last = Math.max(...members.map(({ log }) => log.last));
    const lowest = Math.min(...members.map(({ log }) => log.first));
    const first = Math.max(lowest, last - searchedMost + 1);
    const known = this.groups.get(name);
    const isSame = known?.logs.size === members.length &&
      members.every(({ node }) => known.logs.has(node.id));
    const before = isSame ? known : undefined;
    const logs = new Map(members.map(({ node, log }) => [node.id, log]));
    const indexes = before
      ? updated(before, members, first, last)
      : search(members, first, last);
    this.groups.set(name, { logs, first, indexes });
    return { first, indexes };
  }
}

function updated(before: Searched, members: readonly LogNode[], first: number, last: number) {
  const pairs = members.map(({ node, log }) => ({ log, old: before.logs.get(node.id)! }));
  const from = Math.max(first, Math.min(last + 1, ...pairs.map(firstChanged)));
  const isShorter = pairs.some(({ log, old }) => log.first > old.first);
  // What a snapshot took over no longer differs; when it is undone, entries are there again.
  const kept = before.indexes.filter((index) =>
    index >= first && index < from && (!isShorter || differentAt(members, index).length > 1));
  const again = pairs.flatMap(({ log, old }) =>
    log.first < old.first ? [[log.first, old.first - 1] as const] : []);
  // When logs become shorter, what is searched begins earlier.
  const unsearched = [[first, before.first - 1] as const, ...again].flatMap(([start, end]) =>
    search(members, Math.max(first, start), Math.min(from - 1, end)));
  const settled = [...new Set([...unsearched, ...kept])].sort((one, other) => one - other);
  return [...settled, ...search(members, from, last)];
}

/** Entries that are committed stay as they are; others may change before the end of a log. */
function firstChanged({ log, old }: { readonly log: Log; readonly old: Log }): number {
  if (old === log) return Infinity;
  const same = lastSame(log, old, searchedMost);
  const settled = Math.min(same, old.committed, log.committed);
  const isEqual = same === log.last && same === old.last;
  return isEqual && settled >= same ? Infinity : settled + 1;
}

function search(members: readonly LogNode[], from: number, to: number): number[] {
  const found: number[] = [];
  for (let index = from; index <= to; index++) {
    if (differentAt(members, index).length > 1) found.push(index);
  }
  return found;
}
