/** The log of a replica: where an epoch ends, and how it is cut. */
import type { Node } from '../../protocol/types.ts';
import type { Broker } from './messages.ts';
import type { LogRecord } from './state.ts';

/** The leader epoch of the last record; null if there is none. */
export function lastEpoch(log: readonly LogRecord[]): number | null {
  return log.length === 0 ? null : log[log.length - 1].leaderEpoch;
}

/**
 * The largest epoch in the log that is not above `asked`, and where it ends: at the first record of
 * the next one, or at the end of the log. Without such an epoch it is `asked` itself, which ends
 * before the first record.
 */
export function endOfEpoch(
  log: readonly LogRecord[],
  asked: number,
): { epoch: number; endOffset: number } {
  let endOffset = log.length;
  while (endOffset > 0 && log[endOffset - 1].leaderEpoch > asked) endOffset--;
  return { epoch: endOffset > 0 ? log[endOffset - 1].leaderEpoch : asked, endOffset };
}

export function truncateTo(node: Node<Broker>, offset: number): void {
  const { state } = node;
  const { length: from } = state.log;
  if (offset >= from) return;
  node.event('LogTruncated', { from, to: offset, highWatermark: state.highWatermark });
  state.log.length = offset;
  state.highWatermark = Math.min(state.highWatermark, offset);
}
