/** Elections: Vote, BeginQuorumEpoch and EndQuorumEpoch (KIP-595), and pre-votes (KIP-996). */
import type { Micros, NodeId } from '../../../protocol/types.ts';
import { lastEpoch } from '../../kafka/partition/log.ts';
import { committed } from '../controller/active.ts';
import type { LeaderAndEpoch, QuorumError, Received, Voter } from '../messages.ts';
import { catchUp, fetchMetadata, maybeTransition, type MemberRules } from './member.ts';
import {
  backOff, becomeCandidate, becomeFollower, becomeUnattached, becomeVoted, campaign, elected,
  endProspective, hasMajority, isRejected,
} from './voter.ts';

/** The rules of a member, for a voter. */
export const voterRules: MemberRules = {
  becomeUnattached: (node, epoch) => becomeUnattached(node as Voter, epoch),
  becomeFollower: (node, leaderId, epoch) => becomeFollower(node as Voter, leaderId, epoch),
  advanced: (node) => committed(node as Voter),
  fetch: (node) => fetchFromLeader(node as Voter),
};

/** The timer `request`: a follower repeats a fetch that was not answered. */
export function fetchFromLeader(node: Voter): void {
  const { quorum, quorumState: { leaderId } } = node.state;
  if (quorum.standing === 'follower' && leaderId !== null) fetchMetadata(node, leaderId);
}

function leaderAndEpoch({ state }: Voter, error: QuorumError | null): LeaderAndEpoch {
  const { leaderId, leaderEpoch } = state.quorumState;
  return { error, leaderId, leaderEpoch };
}

function isFenced({ state }: Voter, leaderEpoch: number): QuorumError | null {
  return leaderEpoch < state.quorumState.leaderEpoch ? 'FENCED_LEADER_EPOCH' : null;
}

export function vote(node: Voter, message: Received<'Vote'>, from: NodeId): void {
  const { state } = node;
  const { leaderEpoch: epoch, preVote } = message;
  const error = isFenced(node, epoch);
  if (epoch > state.quorumState.leaderEpoch) becomeUnattached(node, epoch);
  const reason = error ?? whyNoVote(node, message, from);
  const voteGranted = reason === '';
  if (preVote) {
    if (voteGranted) node.event('PreVoteGranted', { epoch, candidateId: from });
    else node.event('PreVoteRejected', { epoch, candidateId: from, reason });
  } else if (voteGranted) {
    if (state.quorumState.votedId === null) becomeVoted(node, from);
    node.event('VoteGranted', { epoch, candidateId: from });
  } else {
    node.event('VoteRejected', { epoch, candidateId: from, reason });
  }
  node.send(from, { type: 'VoteResponse', ...leaderAndEpoch(node, error), voteGranted, preVote });
}

/** EpochState.canGrantVote: why the vote is refused; empty if it is granted. */
function whyNoVote(node: Voter, message: Received<'Vote'>, from: NodeId): string {
  const { quorumState: { leaderId, votedId }, quorum } = node.state;
  const { standing, hasFetched } = quorum;
  if (message.preVote) {
    if (standing === 'leader') return 'it leads';
    if (standing === 'candidate') return 'it is a candidate';
    if (standing === 'follower' && hasFetched) return `it fetches from ${leaderId}`;
  } else {
    if (leaderId !== null) return `${leaderId} leads`;
    if (votedId !== null) return votedId === from ? '' : `it voted for ${votedId}`;
  }
  return isUpToDate(node, message) ? '' : 'its log is behind';
}

/** Whether the candidate's log ends in a later epoch, or in the same and at least as far. */
function isUpToDate({ state }: Voter, candidate: Received<'Vote'>): boolean {
  const { metadataLog } = state;
  const own = lastEpoch(metadataLog) ?? 0;
  const other = candidate.lastEpoch ?? 0;
  if (other !== own) return other > own;
  return candidate.lastOffset >= metadataLog.length;
}

export function voteAnswered(node: Voter, message: Received<'VoteResponse'>, from: NodeId): void {
  if (!catchUp(node, message, voterRules)) return;
  const { quorum } = node.state;
  const { standing, granted, rejected } = quorum;
  if (standing !== (message.preVote ? 'prospective' : 'candidate')) return;
  if (granted.includes(from) || rejected.includes(from)) return;
  (message.voteGranted ? granted : rejected).push(from);
  if (hasMajority(node)) {
    if (standing === 'prospective') becomeCandidate(node);
    else elected(node);
  } else if (isRejected(node) && !quorum.isBackingOff) {
    // It need not wait for the timeout: the election cannot be won any more.
    if (standing === 'prospective') endProspective(node);
    else backOff(node);
  }
}

export function electionTimedOut(node: Voter): void {
  const { quorum: { standing }, quorumState: { leaderEpoch: epoch } } = node.state;
  node.event('ElectionTimedOut', { epoch, standing });
  if (standing === 'prospective') endProspective(node);
  else if (standing === 'candidate') backOff(node);
  else campaign(node);
}

/** A follower whose fetches are not answered holds an election. */
export function fetchTimedOut(node: Voter): void {
  const { leaderEpoch: epoch, leaderId } = node.state.quorumState;
  node.event('FetchTimedOut', { epoch, leaderId });
  campaign(node);
}

export function epochBegun(
  node: Voter,
  { leaderEpoch }: Received<'BeginQuorumEpoch'>,
  from: NodeId,
): void {
  const error = isFenced(node, leaderEpoch);
  if (error === null) maybeTransition(node, from, leaderEpoch, voterRules);
  node.send(from, { type: 'BeginQuorumEpochResponse', ...leaderAndEpoch(node, error) });
}

export function epochEnded(
  node: Voter,
  { leaderEpoch, preferredSuccessors }: Received<'EndQuorumEpoch'>,
  from: NodeId,
): void {
  const { state } = node;
  const error = isFenced(node, leaderEpoch);
  if (error === null) {
    maybeTransition(node, from, leaderEpoch, voterRules);
    if (state.quorum.standing === 'follower' && state.quorumState.leaderId === from) {
      node.setTimer('fetchTimeout', backoffOf(node, preferredSuccessors));
    }
  }
  node.send(from, { type: 'EndQuorumEpochResponse', ...leaderAndEpoch(node, error) });
}

/** The first successor campaigns at once; each of the others waits twice as long as the former. */
function backoffOf(
  { id, options: { electionBackoffMax } }: Voter,
  successors: readonly NodeId[],
): Micros {
  const position = successors.indexOf(id);
  if (position === 0) return 0;
  if (position < 0) return electionBackoffMax;
  const base = electionBackoffMax / 2 ** (successors.length - 1);
  return Math.min(electionBackoffMax, base * 2 ** (position - 1));
}

export function endAnswered(
  node: Voter,
  message: Received<'EndQuorumEpochResponse'>,
  from: NodeId,
): void {
  if (!catchUp(node, message, voterRules)) return;
  const { quorum } = node.state;
  quorum.unacknowledged = quorum.unacknowledged.filter((id) => id !== from);
  if (quorum.unacknowledged.length === 0) node.cancelTimer('endQuorumEpoch');
}
