/** The option `preVote`: a server asks whether it could win an election before it begins one. */
// Thesis §9.6: "a candidate only increments its term if it first learns from a majority of the
// cluster that they would be willing to grant the candidate their votes". So a server that was cut
// off does not come back with a higher term, which would depose the leader. As in etcd/raft, the
// call carries the term of the election that would follow.
import { broadcast } from '../../protocol/patterns.ts';
import type { Frozen, Node, Role } from '../../protocol/types.ts';
import { hasLiveLeader } from './check-quorum.ts';
import { isUpToDate, termAt } from './log.ts';
import { otherMembers, ownVote } from './membership.ts';
import { majority } from './quorum.ts';
import type { PreVote, Replica } from './state.ts';

type Server = Node<Replica>;

/** The rules of Figure 2 that a pre-vote leads to. */
interface Rules {
  followLaterTerm(node: Server, term: number): void;
  becomeCandidate(node: Server): void;
  resetElectionTimer(node: Server): void;
}

export type PreVoting = Pick<Role<Replica>['messages'], 'PreVote' | 'PreVoteResult'>;

/** Begins a pre-vote instead of an election. */
export function beginPreVote(node: Server, rules: Rules): void {
  const { state } = node;
  const { currentTerm: term, log } = state;
  state.standing = 'pre-candidate';
  state.leaderId = null;
  state.preVotes = ownVote(node);
  rules.resetElectionTimer(node);
  broadcast(node, {
    type: 'PreVote', term: term + 1, candidateId: node.id,
    lastLogIndex: log.length, lastLogTerm: termAt(log, log.length),
  }, otherMembers(node));
  if (state.preVotes.length >= majority(node)) rules.becomeCandidate(node);
}

export function preVoting(rules: Rules): PreVoting {
  return {
    // This changes neither the term nor the vote of the server, nor its election timer.
    PreVote(node, message, from) {
      const { term, candidateId } = message;
      const reason = whyNoPreVote(node, message);
      if (reason === '') node.event('PreVoteGranted', { term, candidateId });
      else node.event('PreVoteDenied', { term, candidateId, reason });
      // To a candidate in an earlier term, the denial brings the later one.
      const answered = reason === '' ? term : node.state.currentTerm;
      node.send(from, { type: 'PreVoteResult', term: answered, voteGranted: reason === '' });
    },

    PreVoteResult(node, message, from) {
      if (!message.voteGranted) return rules.followLaterTerm(node, message.term);
      const { state } = node;
      const { preVotes } = state;
      if (preVotes === null || state.standing !== 'pre-candidate') return;
      if (message.term !== state.currentTerm + 1 || preVotes.includes(from)) return;
      preVotes.push(from);
      if (preVotes.length >= majority(node)) rules.becomeCandidate(node);
    },
  };
}

/** Why a server would not vote for the candidate; empty if it would. */
function whyNoPreVote(node: Server, call: Frozen<PreVote>): string {
  const { state } = node;
  if (call.term <= state.currentTerm) return 'its term is over';
  if (hasLiveLeader(node)) return 'the leader is alive';
  if (!isUpToDate(state.log, call.lastLogIndex, call.lastLogTerm)) return 'its log is behind';
  return '';
}
