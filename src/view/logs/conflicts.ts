/** Where the logs of a group differ: entries of one index that are not the same. */
import { equal } from '../../kernel/data/plain.ts';
import type { LogConflict } from './logs-view.ts';
import { entryAt, type LogNode, type RawEntry, shown } from './entries.ts';

export function conflictsOf(members: readonly LogNode[], from: number, to: number): LogConflict[] {
  const found: LogConflict[] = [];
  if (members.length < 2) return found;
  for (let index = from; index <= to; index++) {
    const different = differentAt(members, index);
    if (different.length < 2) continue;
    found.push({
      index,
      entries: different.map(({ entry, by }) => ({
        nodes: by.map(({ node }) => node.id),
        ...shown(entry),
        committed: by.some(({ log }) => index <= log.committed),
      })),
    });
  }
  return found;
}

interface Different {
  readonly entry: RawEntry;
  readonly by: LogNode[];
}

/** The different entries of an index, each with the nodes that have it. */
export function differentAt(members: readonly LogNode[], index: number): Different[] {
  const different: Different[] = [];
  if (members.length < 2) return different;
  for (const one of members) {
    const entry = entryAt(one.log, index);
    if (entry === undefined) continue;
    const same = different.find(({ entry: other }) => isSame(other, entry, one.log));
    if (same) same.by.push(one);
    else different.push({ entry, by: [one] });
  }
  return different;
}

function isSame(one: RawEntry, other: RawEntry, log: LogNode['log']): boolean {
  return equal(one.value, other.value) && (log.epochsMayDiffer || one.epoch === other.epoch);
}
