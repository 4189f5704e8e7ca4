/**
 * The option `checkQuorum`: a leader without a quorum steps down, and a server that hears its
 * leader does not vote for another.
 */
// Thesis §6.2: "a leader steps down if an election timeout elapses without a successful round of
// heartbeats to a majority of its cluster"; §4.2.3: "if a server receives a RequestVote request
// within the minimum election timeout of hearing from a current leader, it does not update its
// term or grant its vote". The details are those of etcd/raft: the leader looks back once in each
// minimum election timeout, so that it steps down after one to two of them, and a vote request that
// comes too early is not answered at all.
import type { Frozen, Micros, Node, NodeId } from '../../protocol/types.ts';
import { isMember, otherMembers } from './membership.ts';
import { majority } from './quorum.ts';
import type { Contact, Replica, RequestVote } from './state.ts';

type Server = Node<Replica>;

export function firstContact(options: Readonly<Replica['options']>): Contact {
  const { checkQuorum: checks, preVote } = options;
  return {
    hearsLeader: false, active: checks ? [] : null, interval: 0, preVotes: preVote ? [] : null,
  };
}

/** The leader begins to count who answers; a new one has the votes of a majority. */
export function beginInterval(node: Server): void {
  node.state.active = [];
  node.state.interval++;
  node.setTimer('checkQuorum', minimum(node));
}

/** Returns whether a majority answered in the interval that ends now, and begins the next. */
export function checkQuorum(node: Server): boolean {
  const { state } = node;
  const others = otherMembers(node);
  const active = (state.active ?? []).filter((id) => others.includes(id));
  const answered = active.length + (isMember(node) ? 1 : 0);
  if (answered < majority(node)) {
    node.event('QuorumLost', { term: state.currentTerm, answered });
    return false;
  }
  beginInterval(node);
  return true;
}

/** A follower answered its leader. */
export function heardAnswer({ state: { active } }: Server, from: NodeId): void {
  if (active?.includes(from) === false) active.push(from);
}

/** The leader of the current term sent something. */
export function heardLeader(node: Server): void {
  const { state, options } = node;
  if (!options.checkQuorum && !options.preVote) return;
  state.hearsLeader = true;
  node.setTimer('leaderContact', minimum(node));
}

/** The minimum election timeout: no server becomes a candidate earlier. */
function minimum({ options }: Server): Micros {
  return options.electionTimeout[0];
}

/** Whether this server leads, or has heard from its leader within the minimum election timeout. */
export function hasLiveLeader({ state }: Server): boolean {
  return state.standing === 'leader' || (state.hearsLeader && state.leaderId !== null);
}

/** A candidate to which the leader itself hands over may be voted for at once (§3.10). */
export function ignoresVote(node: Server, call: Frozen<RequestVote>): boolean {
  const { state, options } = node;
  if (!options.checkQuorum || call.term <= state.currentTerm) return false;
  if (call.transfer === true) return false;
  if (!hasLiveLeader(node)) return false;
  node.event('VoteIgnored', { term: call.term, candidateId: call.candidateId });
  return true;
}
