/** The log as the Raft paper counts it: from index 1, with terms that never decrease along it. */
import type { Json } from '../../protocol/types.ts';
import type { Log } from './state.ts';

export function termAt(log: Log<Json>, index: number): number {
  return index === 0 ? 0 : log[index - 1].term;
}

/**
 * §5.4.1: "If the logs have last entries with different terms, then the log with the later term is
 * more up-to-date. If the logs end with the same term, then whichever log is longer is more
 * up-to-date." Returns whether the candidate's log is at least as up-to-date as this one.
 */
export function isUpToDate(log: Log<Json>, lastLogIndex: number, lastLogTerm: number): boolean {
  const ownLastTerm = termAt(log, log.length);
  if (lastLogTerm !== ownLastTerm) return lastLogTerm > ownLastTerm;
  return lastLogIndex >= log.length;
}

export function entriesFrom(log: Log<Json>, index: number, count: number): Log<Json> {
  // The entries are frozen already: with the list frozen too, sending it copies nothing.
  return index > log.length ? noEntries : Object.freeze(log.slice(index - 1, index - 1 + count));
}

const noEntries: Log<Json> = Object.freeze([]);

/**
 * Where a leader should try next: behind the end of a log that is too short, otherwise at "the
 * first index it stores for that term" (§5.3), the term at prevLogIndex.
 */
export function conflictIndex(log: Log<Json>, prevLogIndex: number): number {
  if (prevLogIndex > log.length) return log.length + 1;
  // Terms never decrease along a log, so a binary search finds the first entry of a term.
  const term = termAt(log, prevLogIndex);
  let low = 1;
  let high = prevLogIndex;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (termAt(log, middle) < term) low = middle + 1;
    else high = middle;
  }
  return low;
}
