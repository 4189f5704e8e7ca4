/** What a step did to a log, as ranges of indexes. */
import { equal } from '../../kernel/data/plain.ts';
import type { LogChange } from './logs-view.ts';
import { entryAt, type Log } from './entries.ts';

/** How many entries are compared, from the end: a step changes no more. */
const comparedMost = 1_000;

export function changeOf(log: Log, old: Log | undefined): LogChange {
  if (old === undefined) return {};
  const same = lastSame(log, old);
  return {
    ...(log.last > same && { appended: { from: Math.max(same + 1, log.first), to: log.last } }),
    ...(old.last > same && { removed: { from: Math.max(same + 1, old.first), to: old.last } }),
    ...(log.first > old.first && { compacted: log.first }),
    ...moved('committed', old.committed, log.committed),
    ...moved('applied', old.applied, log.applied),
  };
}

/**
 * The last index up to which nothing changed. Logs change at their end; of those that fill holes
 * further ahead, the entries in the window are compared one by one.
 */
export function lastSame(log: Log, old: Log, most = comparedMost): number {
  const end = Math.min(log.last, old.last);
  const first = Math.max(log.first, old.first, end - most);
  let index = end;
  while (index >= first) {
    const [one, other] = [entryAt(log, index), entryAt(old, index)];
    if (one === other || (one && other && equal(one, other))) break;
    index--;
  }
  return index;
}

function moved(
  name: 'committed' | 'applied',
  from: number | undefined,
  to: number | undefined,
): LogChange {
  return from === undefined || to === undefined || from === to ? {} : { [name]: { from, to } };
}
