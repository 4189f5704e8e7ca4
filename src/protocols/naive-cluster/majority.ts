/** The cure: a node leads a term only by the votes of a majority of all nodes, seen or not. */
// Two majorities share a node, and a node votes once in a term, so a term has one leader. A voter
// also denies its vote to a node with older data; a write that a majority has stored is therefore
// in the data of every later leader. These are the rules of Raft, for data that is sent as a whole.
import { broadcast, majority } from '../../protocol/patterns.ts';
import type { Frozen, Node, NodeId } from '../../protocol/types.ts';
import { becomeFollower, lead } from './leading.ts';
import type { Member, RequestVote, Vote } from './state.ts';
import { isOlder, members, others } from './version.ts';

export function waitForLeader(node: Node<Member>): void {
  node.setTimer('election', node.options.electionTimeout);
}

/** A witness votes, and never stands. */
export function requestVotes(node: Node<Member>): void {
  const { state } = node;
  waitForLeader(node);
  if (state.data === null) return;
  node.event('ElectionTimedOut', { term: state.term });
  Object.assign(state, { term: state.term + 1, votedFor: node.id, standing: 'candidate' });
  state.leaderId = null;
  state.votes = [node.id];
  node.event('VoteGranted', { term: state.term, candidate: node.id });
  const { term, version } = state;
  broadcast(node, { type: 'RequestVote', term, version }, others(node));
  if (majority(members(node).length) === 1) lead(node, 1);
}

export function vote(node: Node<Member>, call: Frozen<RequestVote>, from: NodeId): void {
  const { state } = node;
  // A node that is heard by some and hears none must not depose their leader again and again.
  if (call.term > state.term && hasLeader(node)) return deny(node, call, from, 'it has a leader');
  if (call.term > state.term) becomeFollower(node, call.term, 'there is a later term');
  if (call.term < state.term) return deny(node, call, from, 'its term is over');
  if (state.votedFor !== null && state.votedFor !== from) {
    return deny(node, call, from, `it voted for ${state.votedFor}`);
  }
  if (isOlder(call.version, state.version)) return deny(node, call, from, 'its data is older');
  state.votedFor = from;
  node.event('VoteGranted', { term: state.term, candidate: from });
  waitForLeader(node);
  node.send(from, { type: 'Vote', term: state.term, granted: true });
}

function hasLeader({ state }: Node<Member>): boolean {
  if (state.standing === 'leader') return true;
  return state.leaderId !== null && state.visible.includes(state.leaderId);
}

function deny(node: Node<Member>, call: Frozen<RequestVote>, from: NodeId, reason: string): void {
  node.event('VoteDenied', { term: call.term, candidate: from, reason });
  node.send(from, { type: 'Vote', term: node.state.term, granted: false });
}

export function countVote(node: Node<Member>, { term, granted }: Frozen<Vote>, from: NodeId): void {
  const { state } = node;
  if (term > state.term) return becomeFollower(node, term, 'there is a later term');
  if (state.standing !== 'candidate' || term !== state.term || !granted) return;
  if (state.votes.includes(from)) return;
  state.votes.push(from);
  if (state.votes.length >= majority(members(node).length)) lead(node, state.votes.length);
}

/** A leader that a majority does not answer steps down: it may be the one that is cut off. */
export function countAnswers(node: Node<Member>): void {
  const { state } = node;
  const answered = state.answered.length + 1;
  state.answered = [];
  if (answered < majority(members(node).length)) {
    becomeFollower(node, state.term, `${answered} of ${members(node).length} nodes answer`);
    return;
  }
  node.setTimer('quorum', node.options.electionTimeout[1]);
}
