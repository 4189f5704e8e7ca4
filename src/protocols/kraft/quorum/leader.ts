/** The leader of the quorum: it appends, answers fetches, and finds out what is committed. */
// KIP-595: the log is pulled. What a majority of voters has stored is known from their fetches.
import { frozen } from '../../../protocol/define.ts';
import { broadcast, majority } from '../../../protocol/patterns.ts';
import type { NodeId } from '../../../protocol/types.ts';
import { divergingEpoch } from '../../kafka/partition/log.ts';
import { committed } from '../controller/active.ts';
import type { QuorumError, Received, Voter } from '../messages.ts';
import type { MetadataRecord } from '../metadata.ts';
import { applyUpTo } from './image.ts';

/**
 * The first record of an epoch is a LeaderChange. Of the high watermark that it knew as a follower
 * a leader makes no use: it may be below the one that other replicas have seen.
 */
export function becomeLeader(node: Voter): void {
  const { quorum, metadataLog } = node.state;
  quorum.leader = {
    epochStartOffset: metadataLog.length, endOffsets: {}, fetchedVoters: [], waiting: {},
  };
  for (const id of node.peers) quorum.leader.endOffsets[id] = null;
  quorum.highWatermark = null;
  const voters = node.nodes('controller');
  append(node, [{ type: 'LeaderChange', leaderId: node.id, voters }]);
  beginQuorumEpoch(node);
  resetCheckQuorum(node);
}

/** Every half fetch timeout, so that a voter that missed it learns of the leader. */
export function beginQuorumEpoch(node: Voter): void {
  broadcast(node, {
    type: 'BeginQuorumEpoch', leaderEpoch: node.state.quorumState.leaderEpoch,
  });
  node.setTimer('beginQuorumEpoch', node.options.fetchTimeout / 2);
}

/** LeaderState: it resigns if no majority fetches within one and a half fetch timeouts. */
function resetCheckQuorum(node: Voter): void {
  if (node.peers.length > 0) node.setTimer('checkQuorum', 1.5 * node.options.fetchTimeout);
}

export function append(node: Voter, records: readonly MetadataRecord[]): void {
  const { state } = node;
  const { quorumState: { leaderEpoch: epoch }, metadataLog } = state;
  const { length: offset } = metadataLog;
  metadataLog.push(frozen({ leaderEpoch: epoch, records: [...records] }));
  node.event('MetadataAppended', { offset, epoch, records });
  // The active controller acts on its own records at once, and answers when they are committed.
  if (state.active !== null) applyUpTo(state, metadataLog.length);
  advanceHighWatermark(node);
  answerFetches(node);
}

export function metadataFetch(node: Voter, message: Received<'MetadataFetch'>, from: NodeId): void {
  const { state } = node;
  const { currentLeaderEpoch, fetchOffset, lastFetchedEpoch, highWatermark } = message;
  const error = whyNot(node, currentLeaderEpoch);
  if (error !== null) {
    node.event('FetchRefused', { error, from, currentLeaderEpoch });
    return answer(node, from, message, { error });
  }
  const diverging = lastFetchedEpoch === null
    ? null
    : divergingEpoch(state.metadataLog, fetchOffset, lastFetchedEpoch);
  if (diverging !== null) return answer(node, from, message, { diverging });
  const { waiting } = state.quorum.leader!;
  // A fetch that is repeated too early must not make the first one wait for longer.
  if (waiting[from] === undefined) node.setTimer('fetchWait', node.options.fetchMaxWait, from);
  waiting[from] = { fetchOffset, lastFetchedEpoch, highWatermark };
  noteFetch(node, from, fetchOffset);
  advanceHighWatermark(node);
  answerFetches(node);
}

/** KafkaRaftClient.validateLeaderOnlyRequest: both must be in the same epoch. */
function whyNot({ state }: Voter, epoch: number): QuorumError | null {
  const { quorumState: { leaderEpoch }, quorum } = state;
  if (epoch < leaderEpoch) return 'FENCED_LEADER_EPOCH';
  if (epoch > leaderEpoch) return 'UNKNOWN_LEADER_EPOCH';
  return quorum.standing === 'leader' ? null : 'NOT_LEADER_OR_FOLLOWER';
}

/** An observer's fetch counts neither for the high watermark nor for the majority. */
function noteFetch(node: Voter, from: NodeId, fetchOffset: number): void {
  const leader = node.state.quorum.leader!;
  if (!node.peers.includes(from)) return;
  leader.endOffsets[from] = fetchOffset;
  if (!leader.fetchedVoters.includes(from)) leader.fetchedVoters.push(from);
  if (leader.fetchedVoters.length < majority(node.peers.length + 1) - 1) return;
  leader.fetchedVoters = [];
  resetCheckQuorum(node);
}

/**
 * LeaderState.maybeUpdateHighWatermark: the highest offset that a majority of voters has reached,
 * once that is above the start of its own epoch (Raft's rule of §5.4.2).
 */
function advanceHighWatermark(node: Voter): void {
  const { quorum } = node.state;
  const { endOffsets, epochStartOffset } = quorum.leader!;
  // Its own log counts as far as it is on its disk.
  const own = node.onDisk('metadataLog').length;
  const ends = [own, ...node.peers.map((id) => endOffsets[id] ?? 0)].sort((a, b) => b - a);
  const highWatermark = ends[Math.floor(ends.length / 2)];
  if (highWatermark <= epochStartOffset) return;
  if (highWatermark <= (quorum.highWatermark ?? 0)) return;
  quorum.highWatermark = highWatermark;
  node.event('MetadataCommitted', { highWatermark });
  committed(node);
}

/** A fetch waits until there are batches or a new high watermark, or until its time is over. */
function answerFetches(node: Voter): void {
  const { quorum, metadataLog } = node.state;
  for (const [to, one] of Object.entries(quorum.leader!.waiting)) {
    const isNews = (quorum.highWatermark ?? 0) > (one.highWatermark ?? 0);
    if (metadataLog.length > one.fetchOffset || isNews) answerFetch(node, to);
  }
}

export function answerFetch(node: Voter, to: NodeId): void {
  const { quorum, metadataLog } = node.state;
  const one = quorum.leader?.waiting[to];
  if (one === undefined) return;
  delete quorum.leader!.waiting[to];
  node.cancelTimer('fetchWait', to);
  const end = one.fetchOffset + node.options.fetchMaxBatches;
  answer(node, to, one, { records: metadataLog.slice(one.fetchOffset, end) });
}

type Asked = Pick<Received<'MetadataFetch'>, 'fetchOffset' | 'lastFetchedEpoch'>;

interface Answer {
  readonly error?: QuorumError;
  readonly diverging?: Received<'MetadataFetchResponse'>['divergingEpoch'];
  readonly records?: Received<'MetadataFetchResponse'>['records'];
}

function answer(node: Voter, to: NodeId, asked: Asked, given: Answer): void {
  const { quorumState: { leaderId, leaderEpoch }, quorum } = node.state;
  const { fetchOffset, lastFetchedEpoch } = asked;
  node.send(to, {
    type: 'MetadataFetchResponse', error: given.error ?? null, leaderId, leaderEpoch, fetchOffset,
    lastFetchedEpoch, divergingEpoch: given.diverging ?? null, records: given.records ?? [],
    highWatermark: quorum.highWatermark,
  });
}

/** The voters by the offset of their last fetch, the one that has most first. */
export function successorsOf({ state, peers }: Voter): readonly NodeId[] {
  const endOffsets = state.quorum.leader?.endOffsets ?? {};
  return [...peers].sort((a, b) => (endOffsets[b] ?? 0) - (endOffsets[a] ?? 0));
}

/** Fetches that wait are refused: those who sent them must find the next leader. */
export function endLeadership(node: Voter): void {
  const { quorum } = node.state;
  const { waiting } = quorum.leader!;
  quorum.leader = null;
  node.cancelTimer('beginQuorumEpoch');
  node.cancelTimer('checkQuorum');
  for (const [to, one] of Object.entries(waiting)) {
    node.cancelTimer('fetchWait', to);
    answer(node, to, one, { error: 'NOT_LEADER_OR_FOLLOWER' });
  }
}
