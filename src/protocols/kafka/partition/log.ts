/** The log of a replica: where an epoch ends, and how it is cut. */
import type { EpochEnd, ReplicaNode } from './replica.ts';

/** What a log holds: each entry has the epoch of the leader that appended it. */
export type EpochLog = readonly { readonly leaderEpoch: number }[];

/** The leader epoch of the last record; null if there is none. */
export function lastEpoch(log: EpochLog): number | null {
  return log.length === 0 ? null : log[log.length - 1].leaderEpoch;
}

/**
 * The largest epoch in the log that is not above `asked`, and where it ends: at the first record of
 * the next one, or at the end of the log. Without such an epoch it is `asked` itself, which ends
 * before the first record.
 */
export function endOfEpoch(log: EpochLog, asked: number): EpochEnd {
  let endOffset = log.length;
  while (endOffset > 0 && log[endOffset - 1].leaderEpoch > asked) endOffset--;
  return { epoch: endOffset > 0 ? log[endOffset - 1].leaderEpoch : asked, endOffset };
}

/**
 * Where the log that a follower fetches from its end diverges from the leader's: the end of the
 * follower's last epoch there; null if the follower's log is a prefix (KIP-595).
 */
export function divergingEpoch(
  log: EpochLog,
  fetchOffset: number,
  lastFetchedEpoch: number,
): EpochEnd | null {
  const end = endOfEpoch(log, lastFetchedEpoch);
  return end.epoch === lastFetchedEpoch && end.endOffset >= fetchOffset ? null : end;
}

/** Where a follower cuts its log. If it lacks the leader's epoch, it cuts more (KIP-279). */
export function truncationPoint(log: EpochLog, { epoch, endOffset }: EpochEnd): EpochEnd {
  const own = endOfEpoch(log, epoch);
  const isShared = own.epoch === epoch;
  return isShared ? { epoch, endOffset: Math.min(own.endOffset, endOffset) } : own;
}

export function truncateTo(node: ReplicaNode, offset: number): void {
  const { state } = node;
  const { length: from } = state.log;
  if (offset >= from) return;
  node.event('LogTruncated', { from, to: offset, highWatermark: state.highWatermark });
  state.log.length = offset;
  state.highWatermark = Math.min(state.highWatermark, offset);
}
