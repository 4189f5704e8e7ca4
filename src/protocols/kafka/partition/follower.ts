/** A follower of the partition: it makes its log a prefix of the leader's, then fetches. */
// ReplicaFetcherThread, and KIP-101 and KIP-279 for the truncation.
import { lastEpoch, truncateTo, truncationPoint } from './log.ts';
import type { Received, ReplicaNode } from './replica.ts';

/** It is a follower in this epoch; `first` is called before it fetches from the leader. */
export function startFollowing(node: ReplicaNode, first: () => void): void {
  const { state } = node;
  const { leaderEpoch, leader } = state;
  state.standing = 'follower';
  state.isTruncating = false;
  node.cancelTimer('fetch');
  node.event('FollowerStarted', { leaderEpoch, leader });
  if (leader === null) return;
  first();
  fetch(node);
}

/** Asks for the next records; before that, for the end of its last epoch in the leader's log. */
export function fetch(node: ReplicaNode): void {
  const { state } = node;
  const { leader, leaderEpoch, log } = state;
  if (state.standing !== 'follower' || leader === null) return;
  const epoch = lastEpoch(log);
  if (state.isTruncating && epoch !== null) {
    const currentLeaderEpoch = leaderEpoch;
    node.send(leader, { type: 'OffsetForLeaderEpoch', currentLeaderEpoch, epoch });
  } else {
    const lastFetchedEpoch = state.truncatesOnFetch ? epoch : null;
    node.send(leader, { type: 'Fetch', leaderEpoch, offset: log.length, lastFetchedEpoch });
  }
  node.setTimer('fetch', node.options.fetchInterval);
}

/** What the leader does not have goes. If it lacks the epoch, that may be more (KIP-279). */
export function epochAnswered(node: ReplicaNode, message: Received<'EpochEndOffset'>): void {
  const { state } = node;
  const { error, currentLeaderEpoch, asked, epoch, endOffset } = message;
  if (state.standing !== 'follower' || !state.isTruncating || error !== null) return;
  if (currentLeaderEpoch !== state.leaderEpoch || asked !== lastEpoch(state.log)) return;
  const own = truncationPoint(state.log, { epoch, endOffset });
  truncateTo(node, own.endOffset);
  state.isTruncating = own.epoch !== epoch && state.log.length > 0;
  fetch(node);
}

export function fetchAnswered(node: ReplicaNode, message: Received<'FetchResponse'>): void {
  const { state } = node;
  const { error, leaderEpoch, offset, divergingEpoch, records, logEndOffset } = message;
  if (state.standing !== 'follower' || state.isTruncating) return;
  if (leaderEpoch !== state.leaderEpoch || offset !== state.log.length) return;
  if (error === 'OFFSET_OUT_OF_RANGE') {
    truncateTo(node, logEndOffset);
    return fetch(node);
  }
  // It has an old epoch, or the leader has: LeaderAndIsr is under way to one of them.
  if (error !== null) return;
  if (divergingEpoch !== null) {
    truncateTo(node, truncationPoint(state.log, divergingEpoch).endOffset);
    return fetch(node);
  }
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
