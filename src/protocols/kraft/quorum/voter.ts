/** The states of a voter and the steps between them: QuorumState. */
// The file quorum-state is written with each step that changes epoch, leader or vote, before any
// message says so. A voter that restarts goes on from it.
import { broadcast, majority } from '../../../protocol/patterns.ts';
import type { Micros, NodeId } from '../../../protocol/types.ts';
import { lastEpoch } from '../../kafka/partition/log.ts';
import { deactivate } from '../controller/active.ts';
import type { Voter } from '../messages.ts';
import type { Standing } from '../state.ts';
import { becomeLeader, endLeadership, successorsOf } from './leader.ts';
import { fetchMetadata, writeFile } from './member.ts';

/** QuorumState.initialize: the state after a start, by what the file quorum-state says. */
export function initialize(node: Voter): void {
  const { quorumState: { leaderId, votedId } } = node.state;
  if (leaderId === node.id) {
    // In its former epoch it may neither vote nor lead: what it appended may be lost.
    return beResigned(node, []);
  }
  if (leaderId !== null) return follow(node, leaderId);
  if (votedId === node.id) return becomeCandidateAgain(node);
  enter(node, votedId === null ? 'unattached' : 'voted');
  node.setTimer('election', electionTimeout(node));
}

/** QuorumState.randomElectionTimeoutMs: from one to two times the option. */
function electionTimeout({ options: { electionTimeout: shortest } }: Voter): [Micros, Micros] {
  return [shortest, 2 * shortest];
}

/** Leaves the former state, with what only belongs to that. */
function enter(node: Voter, standing: Standing): void {
  const { quorum } = node.state;
  if (quorum.standing === 'leader') endLeadership(node);
  deactivate(node);
  node.cancelTimer('fetchTimeout');
  node.cancelTimer('request');
  node.cancelTimer('retry');
  node.cancelTimer('backoff');
  node.cancelTimer('endQuorumEpoch');
  quorum.standing = standing;
  quorum.granted = [];
  quorum.rejected = [];
  quorum.isBackingOff = false;
  quorum.hasFetched = false;
  quorum.unacknowledged = [];
  quorum.successors = [];
}

/** It knows an epoch, and no leader of it. An election timeout that runs already goes on. */
export function becomeUnattached(node: Voter, leaderEpoch: number): void {
  const { quorumState, quorum } = node.state;
  const isLater = leaderEpoch > quorumState.leaderEpoch;
  const waits = ['unattached', 'voted', 'candidate'].includes(quorum.standing) &&
    !quorum.isBackingOff;
  const votedId = isLater ? null : quorumState.votedId;
  writeFile(node, { leaderEpoch, leaderId: null, votedId });
  enter(node, votedId === null ? 'unattached' : 'voted');
  if (!waits) node.setTimer('election', electionTimeout(node));
}

/** The candidate has as good a chance as this voter itself: it waits for a whole timeout. */
export function becomeVoted(node: Voter, candidateId: NodeId): void {
  const { leaderEpoch } = node.state.quorumState;
  writeFile(node, { leaderEpoch, leaderId: null, votedId: candidateId });
  enter(node, 'voted');
  node.setTimer('election', electionTimeout(node));
}

export function becomeFollower(node: Voter, leaderId: NodeId, leaderEpoch: number): void {
  const { quorumState } = node.state;
  const votedId = leaderEpoch > quorumState.leaderEpoch ? null : quorumState.votedId;
  writeFile(node, { leaderEpoch, leaderId, votedId });
  node.event('LeaderDiscovered', { epoch: leaderEpoch, leaderId });
  follow(node, leaderId);
}

function follow(node: Voter, leaderId: NodeId): void {
  enter(node, 'follower');
  node.cancelTimer('election');
  node.setTimer('fetchTimeout', node.options.fetchTimeout);
  fetchMetadata(node, leaderId);
}

/** An election or fetch timeout is over: it holds an election, or first asks for pre-votes. */
export function campaign(node: Voter): void {
  if (node.options.preVote) becomeProspective(node);
  else becomeCandidate(node);
}

/** KIP-996: it asks for votes in its current epoch, and changes neither that nor its vote. */
function becomeProspective(node: Voter): void {
  enter(node, 'prospective');
  node.setTimer('election', electionTimeout(node));
  node.state.quorum.granted = [node.id];
  requestVotes(node);
  if (hasMajority(node)) becomeCandidate(node);
}

/** Not elected before the election: it goes on with the leader that it knew, if any. */
export function endProspective(node: Voter): void {
  const { leaderId, leaderEpoch } = node.state.quorumState;
  if (leaderId === null || leaderId === node.id) becomeUnattached(node, leaderEpoch);
  else follow(node, leaderId);
}

export function becomeCandidate(node: Voter): void {
  const { leaderEpoch } = node.state.quorumState;
  writeFile(node, { leaderEpoch: leaderEpoch + 1, leaderId: null, votedId: node.id });
  node.state.quorum.retries++;
  becomeCandidateAgain(node);
}

function becomeCandidateAgain(node: Voter): void {
  const { quorumState: { leaderEpoch: epoch }, quorum } = node.state;
  enter(node, 'candidate');
  node.setTimer('election', electionTimeout(node));
  quorum.granted = [node.id];
  node.event('VoteGranted', { epoch, candidateId: node.id });
  requestVotes(node);
  if (hasMajority(node)) elected(node);
}

export function hasMajority({ state, peers }: Voter): boolean {
  return state.quorum.granted.length >= majority(peers.length + 1);
}

/** Whether so many voters have refused that no majority can be reached. */
export function isRejected({ state, peers }: Voter): boolean {
  return state.quorum.rejected.length > peers.length + 1 - majority(peers.length + 1);
}

function requestVotes(node: Voter): void {
  const { quorumState: { leaderEpoch }, quorum, metadataLog } = node.state;
  broadcast(node, {
    type: 'Vote', leaderEpoch, lastEpoch: lastEpoch(metadataLog), lastOffset: metadataLog.length,
    preVote: quorum.standing === 'prospective',
  });
}

export function elected(node: Voter): void {
  const { quorumState: { leaderEpoch, votedId }, quorum } = node.state;
  const { length: votes } = quorum.granted;
  writeFile(node, { leaderEpoch, leaderId: node.id, votedId });
  enter(node, 'leader');
  node.cancelTimer('election');
  quorum.retries = 0;
  node.event('QuorumLeaderElected', { epoch: leaderEpoch, votes });
  becomeLeader(node);
}

/**
 * The rejected candidate waits for a random time, at most the option, that doubles with each
 * attempt: KafkaRaftClient.binaryExponentialElectionBackoffMs.
 */
export function backOff(node: Voter): void {
  const { quorum, quorumState: { leaderEpoch: epoch } } = node.state;
  const { electionBackoffMax } = node.options;
  quorum.isBackingOff = true;
  const steps = node.random(2 << Math.min(20, Math.max(0, quorum.retries - 1)));
  node.cancelTimer('election');
  node.setTimer('backoff', Math.min(electionBackoffMax, (steps * electionBackoffMax) / 10));
  node.event('ElectionBackedOff', { epoch, rejected: quorum.rejected.length });
}

/** The leader gives up its epoch: it was asked to, or no majority of voters fetches from it. */
export function resign(node: Voter, reason: string): void {
  const { leaderEpoch: epoch } = node.state.quorumState;
  const successors = successorsOf(node);
  node.event('LeaderResigned', { epoch, reason });
  beResigned(node, successors);
}

function beResigned(node: Voter, successors: readonly NodeId[]): void {
  const { quorum } = node.state;
  enter(node, 'resigned');
  quorum.successors = successors;
  quorum.unacknowledged = [...node.peers];
  node.setTimer('election', electionTimeout(node));
  sendEndQuorumEpoch(node);
}

/** To the voters that have not answered yet. */
export function sendEndQuorumEpoch(node: Voter): void {
  const { quorumState: { leaderEpoch }, quorum } = node.state;
  const { unacknowledged, successors: preferredSuccessors } = quorum;
  if (unacknowledged.length === 0) return;
  broadcast(node, { type: 'EndQuorumEpoch', leaderEpoch, preferredSuccessors }, unacknowledged);
  node.setTimer('endQuorumEpoch', node.options.requestTimeout);
}
