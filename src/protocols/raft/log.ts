/** A log as the Raft paper counts it: from 1, and with terms that never fall along it. */
import type { Entry } from './state.ts';

export function termAt(log: readonly Entry[], index: number): number {
  return index === 0 ? 0 : log[index - 1].term;
}

type Log = readonly Entry[];

/** §5.4.1: the later last term is more up-to-date; of equal last terms, the longer log. */
export function isUpToDate(log: Log, lastLogIndex: number, lastLogTerm: number): boolean {
  const ownLastTerm = termAt(log, log.length);
  if (lastLogTerm !== ownLastTerm) return lastLogTerm > ownLastTerm;
  return lastLogIndex >= log.length;
}

export function entriesFrom(log: readonly Entry[], index: number, count: number): readonly Entry[] {
  // The entries are frozen already, so freezing the list is enough to send it uncopied.
  return index > log.length ? noEntries : Object.freeze(log.slice(index - 1, index - 1 + count));
}

const noEntries: readonly Entry[] = Object.freeze([]);

/** The end of the log if it lacks prevLogIndex, else the first index of the term found there. */
export function conflictIndex(log: readonly Entry[], prevLogIndex: number): number {
  if (prevLogIndex > log.length) return log.length + 1;
  // Terms never fall along a log: the first of one is found by halving.
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
