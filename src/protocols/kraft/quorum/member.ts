/** What voters and observers share: they learn of the leader, and fetch its metadata log. */
// KIP-595, Fetch; KafkaRaftClient.handleFetchResponse. The fetch is also the acknowledgement: the
// sender has stored all batches below its offset, and they agree with the leader's.
import type { Frozen, Node, NodeId } from '../../../protocol/types.ts';
import { lastEpoch, truncationPoint } from '../../kafka/partition/log.ts';
import type { LeaderAndEpoch, Member, MetadataFetchResponse } from '../messages.ts';
import type { MemberState, Quorum, QuorumStateFile } from '../state.ts';
import { emptyImage, revertTo } from './image.ts';

export type MemberNode = Node<Member>;

/** How the state of a member changes: a voter has more states than an observer. */
export interface MemberRules {
  becomeUnattached(node: MemberNode, epoch: number): void;
  becomeFollower(node: MemberNode, leaderId: NodeId, epoch: number): void;
  /** The log or the high watermark has advanced. */
  advanced(node: MemberNode): void;
  /** Fetches from the leader, if it knows one. */
  fetch(node: MemberNode): void;
}

export function newMember(): MemberState {
  const quorum: Quorum = {
    standing: 'unattached', highWatermark: null, granted: [], rejected: [], retries: 0,
    isBackingOff: false, hasFetched: false, leader: null, unacknowledged: [], successors: [],
  };
  return {
    quorumState: { leaderEpoch: 0, leaderId: null, votedId: null },
    metadataLog: [],
    quorum,
    image: emptyImage(),
    applied: 0,
  };
}

export function writeFile(node: MemberNode, file: QuorumStateFile): void {
  const { leaderEpoch: from } = node.state.quorumState;
  node.state.quorumState = file;
  if (file.leaderEpoch !== from) node.event('EpochChanged', { from, to: file.leaderEpoch });
}

/** KafkaRaftClient.maybeTransition: follows the leader of an epoch that is later, or had none. */
export function maybeTransition(
  node: MemberNode,
  leaderId: NodeId | null,
  epoch: number,
  rules: MemberRules,
): void {
  const { quorumState: own } = node.state;
  if (leaderId === node.id) return;
  if (leaderId === null) {
    if (epoch > own.leaderEpoch) rules.becomeUnattached(node, epoch);
  } else if (epoch > own.leaderEpoch || own.leaderId === null) {
    rules.becomeFollower(node, leaderId, epoch);
  }
}

/**
 * KafkaRaftClient.maybeHandleCommonResponse: what every answer says of leader and epoch. Returns
 * whether the answer itself counts.
 */
export function catchUp(
  node: MemberNode,
  { error, leaderId, leaderEpoch }: Frozen<LeaderAndEpoch>,
  rules: MemberRules,
): boolean {
  const own = node.state.quorumState.leaderEpoch;
  if (leaderEpoch < own || error === 'UNKNOWN_LEADER_EPOCH') return false;
  maybeTransition(node, leaderId, leaderEpoch, rules);
  return leaderEpoch === own && error === null;
}

export function fetchMetadata(node: MemberNode, from: NodeId): void {
  const { quorumState, quorum, metadataLog } = node.state;
  node.send(from, {
    type: 'MetadataFetch', currentLeaderEpoch: quorumState.leaderEpoch,
    fetchOffset: metadataLog.length, lastFetchedEpoch: lastEpoch(metadataLog),
    highWatermark: quorum.highWatermark,
  });
  node.setTimer('request', node.options.requestTimeout);
  node.cancelTimer('retry');
}

export function metadataFetched(
  node: MemberNode,
  message: Frozen<MetadataFetchResponse>,
  rules: MemberRules,
): void {
  const { state } = node;
  const { quorum, metadataLog: log } = state;
  const counts = catchUp(node, message, rules);
  if (quorum.standing !== 'follower' && quorum.standing !== 'unattached') return;
  // The leader is another one, or not known yet: it fetches again a little later.
  if (!counts) return node.setTimer('retry', node.options.retryBackoff);
  const { fetchOffset, lastFetchedEpoch, divergingEpoch, records } = message;
  if (fetchOffset !== log.length || lastFetchedEpoch !== lastEpoch(log)) return;
  if (divergingEpoch !== null) {
    truncateMetadata(node, truncationPoint(log, divergingEpoch).endOffset);
  } else {
    log.push(...records);
    const { length: count } = records;
    if (count > 0) node.event('MetadataReplicated', { offset: fetchOffset, count });
    updateHighWatermark(node, message.highWatermark);
  }
  quorum.hasFetched = true;
  node.setTimer('fetchTimeout', node.options.fetchTimeout);
  rules.advanced(node);
  rules.fetch(node);
}

/** A log that diverges is cut to where it agrees with the leader's. */
function truncateMetadata(node: MemberNode, to: number): void {
  const { state } = node;
  const { length: from } = state.metadataLog;
  node.event('MetadataTruncated', { from, to, highWatermark: state.quorum.highWatermark });
  revertTo(state, to);
  state.metadataLog.length = to;
}

/** The high watermark of a follower is the leader's, but not above the end of its own log. */
function updateHighWatermark(node: MemberNode, leaders: number | null): void {
  const { quorum, metadataLog } = node.state;
  if (leaders === null) return;
  const highWatermark = Math.min(leaders, metadataLog.length);
  if (highWatermark <= (quorum.highWatermark ?? 0)) return;
  quorum.highWatermark = highWatermark;
  node.event('MetadataCommitted', { highWatermark });
}
