/** The leader of the partition: producers, the followers' fetches, the high watermark. */
// core/cluster/Partition.scala.
import { frozen } from '../../../protocol/define.ts';
import type { NodeId } from '../../../protocol/types.ts';
import { consider, maximalIsr } from './isr.ts';
import { divergingEpoch, endOfEpoch } from './log.ts';
import type { ErrorCode, IsrStore, Received, ReplicaNode } from './replica.ts';

/** It is the leader of this epoch; its high watermark is what it knew before. */
export function startLeading(node: ReplicaNode): void {
  const { state } = node;
  const { leaderEpoch, highWatermark } = state;
  state.standing = 'leader';
  state.epochStart = state.log.length;
  state.pendingIsr = null;
  state.isTruncating = false;
  const now = node.now();
  state.remotes = {};
  for (const id of node.peers) {
    state.remotes[id] = {
      logEndOffset: null, lastCaughtUp: state.isr.includes(id) ? now : 0, lastFetch: 0,
      endAtLastFetch: 0, asked: null, toldHighWatermark: -1,
    };
  }
  node.cancelTimer('fetch');
  node.setTimer('isrCheck', node.options.lagTimeMax / 2);
  node.event('LeaderStarted', { leaderEpoch, logEndOffset: state.log.length, highWatermark });
  advanceHighWatermark(node);
}

/** It no longer leads: producers that wait must ask the new leader. */
export function stopLeading(node: ReplicaNode): void {
  const { state } = node;
  node.cancelTimer('isrCheck');
  for (const { producer, serial } of state.waiting) {
    refuse(node, producer, serial, 'NOT_LEADER_OR_FOLLOWER');
  }
  state.waiting = [];
  state.pendingIsr = null;
  state.remotes = {};
}

export function produce(node: ReplicaNode, message: Received<'Produce'>, producer: NodeId): void {
  const { state } = node;
  const { serial, acks, value } = message;
  const { leaderEpoch } = state;
  if (state.standing !== 'leader') {
    // With acks=0 the producer reads no answer.
    if (acks !== '0') refuse(node, producer, serial, 'NOT_LEADER_OR_FOLLOWER');
    return;
  }
  if (acks === 'all' && state.isr.length < node.options.minInsyncReplicas) {
    return refuse(node, producer, serial, 'NOT_ENOUGH_REPLICAS');
  }
  const offset = state.log.length;
  state.log.push(frozen({ value, producer, serial, leaderEpoch }));
  node.event('RecordAppended', { offset, leaderEpoch, value, producer });
  if (acks === 'all') state.waiting.push({ producer, serial, offset });
  if (acks === '1') {
    node.event('RecordAcknowledged', { offset, acks, leaderEpoch });
    accept(node, producer, serial, offset);
  }
  advanceHighWatermark(node);
  answerFetches(node);
}

function accept(node: ReplicaNode, producer: NodeId, serial: number, offset: number): void {
  node.send(producer, { type: 'ProduceResponse', serial, error: null, offset, leader: node.id });
}

function refuse(node: ReplicaNode, producer: NodeId, serial: number, error: ErrorCode): void {
  const { leader } = node.state;
  node.event('ProduceRefused', { error, producer });
  node.send(producer, { type: 'ProduceResponse', serial, error, offset: -1, leader });
}

/** The fetch is also the acknowledgement: the follower has all records below its offset. */
export function fetched(
  node: ReplicaNode,
  message: Received<'Fetch'>,
  from: NodeId,
  inStore: IsrStore,
): void {
  const { state } = node;
  const { log, leaderEpoch, highWatermark } = state;
  const { offset, lastFetchedEpoch } = message;
  const reply = {
    type: 'FetchResponse', leaderEpoch, offset, records: [], highWatermark,
    logEndOffset: log.length,
  } as const;
  const end = lastFetchedEpoch === null ? null : divergingEpoch(log, offset, lastFetchedEpoch);
  const outside = end === null && offset > log.length ? 'OFFSET_OUT_OF_RANGE' : null;
  const error = whyNot(node, message.leaderEpoch) ?? outside;
  if (error !== null) {
    node.event('FollowerFenced', { error, follower: from, leaderEpoch: message.leaderEpoch });
    return node.send(from, { ...reply, error, divergingEpoch: null });
  }
  if (end !== null) return node.send(from, { ...reply, error, divergingEpoch: end });
  noteFetch(node, from, offset, inStore);
  advanceHighWatermark(node);
  state.remotes[from].asked = offset;
  answerFetches(node);
}

/**
 * A fetch waits at the leader until there are records, or a new high watermark (KIP-392). Kafka
 * answers it with nothing after replica.fetch.wait.max.ms; here the follower then fetches again.
 */
function answerFetches(node: ReplicaNode): void {
  const { log, leaderEpoch, highWatermark, remotes } = node.state;
  for (const [to, remote] of Object.entries(remotes)) {
    const offset = remote.asked;
    if (offset === null) continue;
    if (log.length <= offset && highWatermark <= remote.toldHighWatermark) continue;
    remote.asked = null;
    remote.toldHighWatermark = highWatermark;
    const records = log.slice(offset, offset + node.options.fetchMaxRecords);
    node.send(to, {
      type: 'FetchResponse', error: null, leaderEpoch, offset, divergingEpoch: null, records,
      highWatermark, logEndOffset: log.length,
    });
  }
}

/** A leader and its followers answer each other only in the same leader epoch (KIP-320). */
function whyNot({ state }: ReplicaNode, leaderEpoch: number): ErrorCode | null {
  if (leaderEpoch < state.leaderEpoch) return 'FENCED_LEADER_EPOCH';
  if (leaderEpoch > state.leaderEpoch) return 'UNKNOWN_LEADER_EPOCH';
  return state.standing === 'leader' ? null : 'NOT_LEADER_OR_FOLLOWER';
}

/** Replica.updateFetchState: when the follower had last all records that the leader had. */
function noteFetch(node: ReplicaNode, from: NodeId, offset: number, inStore: IsrStore): void {
  const { log, remotes } = node.state;
  const remote = remotes[from];
  const now = node.now();
  if (offset >= log.length) remote.lastCaughtUp = now;
  else if (offset >= remote.endAtLastFetch) remote.lastCaughtUp = remote.lastFetch;
  remote.logEndOffset = Math.max(remote.logEndOffset ?? 0, offset);
  remote.lastFetch = now;
  remote.endAtLastFetch = log.length;
  consider(node, from, inStore);
}

/** The smallest end of log in the maximal ISR. Records below it are committed. */
export function advanceHighWatermark(node: ReplicaNode): void {
  const { state } = node;
  if (state.standing !== 'leader') return;
  const { minInsyncReplicas, freezesBelowMinIsr } = node.options;
  if (freezesBelowMinIsr && state.isr.length < minInsyncReplicas) return;
  const ends = maximalIsr(state).map((id) =>
    id === node.id ? state.log.length : (state.remotes[id]?.logEndOffset ?? 0));
  const highWatermark = Math.min(...ends);
  if (highWatermark <= state.highWatermark) return;
  state.highWatermark = highWatermark;
  node.event('HighWatermarkAdvanced', { highWatermark });
  answerWaiting(node);
  answerFetches(node);
}

/** acks=all: each replica in sync has the record. If those are too few now, it may survive. */
function answerWaiting(node: ReplicaNode): void {
  const { state } = node;
  const { leaderEpoch } = state;
  const isEnough = maximalIsr(state).length >= node.options.minInsyncReplicas;
  for (const { producer, serial, offset } of state.waiting) {
    if (offset >= state.highWatermark) continue;
    if (isEnough) {
      node.event('RecordAcknowledged', { offset, acks: 'all', leaderEpoch });
      accept(node, producer, serial, offset);
    } else {
      refuse(node, producer, serial, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND');
    }
  }
  state.waiting = state.waiting.filter(({ offset }) => offset >= state.highWatermark);
}

/** KIP-101: where the follower's last epoch, or the largest one below it, ends here. */
export function epochAsked(
  node: ReplicaNode,
  { currentLeaderEpoch, epoch: asked }: Received<'OffsetForLeaderEpoch'>,
  from: NodeId,
): void {
  const error = whyNot(node, currentLeaderEpoch);
  const { epoch, endOffset } = endOfEpoch(node.state.log, asked);
  node.send(from, { type: 'EpochEndOffset', error, currentLeaderEpoch, asked, epoch, endOffset });
}

/** A consumer reads what is committed, and nothing above the high watermark. */
export function consume(
  node: ReplicaNode,
  { serial, offset }: Received<'ConsumerFetch'>,
  from: NodeId,
): void {
  const { standing, leader, log, highWatermark } = node.state;
  const answer = { type: 'ConsumerResponse', serial, offset, leader } as const;
  const logEndOffset = log.length;
  const outside = offset > logEndOffset ? 'OFFSET_OUT_OF_RANGE' : null;
  const error = standing === 'leader' ? outside : 'NOT_LEADER_OR_FOLLOWER';
  const last = Math.min(highWatermark, offset + node.options.fetchMaxRecords);
  const records = error === null ? log.slice(offset, last) : [];
  node.send(from, { ...answer, error, records, logEndOffset });
}
