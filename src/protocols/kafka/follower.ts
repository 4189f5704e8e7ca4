/** A follower of the partition: it makes its log a prefix of the leader's, then fetches. */
// ReplicaFetcherThread, and KIP-101 and KIP-279 for the truncation.
import type { Node } from '../../protocol/types.ts';
import { endOfEpoch, lastEpoch, truncateTo } from './log.ts';
import type { Broker, Received } from './messages.ts';

type Server = Node<Broker>;

/** LeaderAndIsr made it a follower in this epoch; `isNewLeader` unless it followed that already. */
export function startFollowing(node: Server, isNewLeader: boolean): void {
  const { state } = node;
  const { leaderEpoch, leader } = state;
  state.standing = 'follower';
  state.isTruncating = false;
  node.cancelTimer('fetch');
  node.event('FollowerStarted', { leaderEpoch, leader });
  if (leader === null) return;
  if (node.options.truncation === 'leader epoch') {
    state.isTruncating = state.log.length > 0;
  } else if (isNewLeader) {
    // Before KIP-101: a high watermark that lags makes it drop records that are committed.
    truncateTo(node, state.highWatermark);
  }
  fetch(node);
}

/** Asks for the next records; before that, for the end of its last epoch in the leader's log. */
export function fetch(node: Server): void {
  const { state } = node;
  const { leader, leaderEpoch, log } = state;
  if (state.standing !== 'follower' || leader === null) return;
  const epoch = lastEpoch(log);
  if (state.isTruncating && epoch !== null) {
    const currentLeaderEpoch = leaderEpoch;
    node.send(leader, { type: 'OffsetForLeaderEpoch', currentLeaderEpoch, epoch });
  } else {
    node.send(leader, { type: 'Fetch', leaderEpoch, offset: log.length });
  }
  node.setTimer('fetch', node.options.fetchInterval);
}

/** What the leader does not have goes. If it lacks the epoch, that may be more (KIP-279). */
export function epochAnswered(node: Server, message: Received<'EpochEndOffset'>): void {
  const { state } = node;
  const { error, currentLeaderEpoch, asked, epoch, endOffset } = message;
  if (state.standing !== 'follower' || !state.isTruncating || error !== null) return;
  if (currentLeaderEpoch !== state.leaderEpoch || asked !== lastEpoch(state.log)) return;
  const own = endOfEpoch(state.log, epoch);
  if (own.epoch === epoch) {
    state.isTruncating = false;
    truncateTo(node, Math.min(own.endOffset, endOffset));
  } else {
    truncateTo(node, own.endOffset);
    state.isTruncating = state.log.length > 0;
  }
  fetch(node);
}

export function fetchAnswered(node: Server, message: Received<'FetchResponse'>): void {
  const { state } = node;
  const { error, leaderEpoch, offset, records, logEndOffset } = message;
  if (state.standing !== 'follower' || state.isTruncating) return;
  if (leaderEpoch !== state.leaderEpoch || offset !== state.log.length) return;
  if (error === 'OFFSET_OUT_OF_RANGE') {
    truncateTo(node, logEndOffset);
    return fetch(node);
  }
  // It has an old epoch, or the leader has: LeaderAndIsr is under way to one of them.
  if (error !== null) return;
  state.log.push(...records);
  const { length: count } = records;
  if (count > 0) node.event('RecordsReplicated', { offset, count });
  const highWatermark = Math.min(message.highWatermark, state.log.length);
  if (highWatermark > state.highWatermark) {
    state.highWatermark = highWatermark;
    node.event('HighWatermarkAdvanced', { highWatermark });
  }
  fetch(node);
}
