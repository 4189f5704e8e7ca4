/** What the options `checkQuorum` and `preVote` promise. Without them, these are never violated. */
// As in invariants.ts, each check looks only at the server that acted. It counts the messages that
// arrived, not what the server noted of them.
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, ObservedMessage } from '../../protocol/types.ts';
import { isServer, membersAmong, type Server } from './observed-log.ts';

interface Leading {
  term: number;
  /** The interval in which it counts answers, and the servers whose answers arrived in it. */
  interval: number;
  answered: NodeId[];
}

const leaderHasQuorum = invariant<Record<NodeId, Leading | null>>({
  doc: 'With checkQuorum, a leader that was not answered by a majority steps down (thesis §6.2).',
  remember: () => ({}),
  check({ acted, nodes, message, memory }) {
    if (!isServer(acted)) return undefined;
    const { standing, currentTerm: term, active, interval } = acted.state;
    if (active === null || standing !== 'leader' || !acted.up) {
      if (memory[acted.id]) memory[acted.id] = null;
      return undefined;
    }
    const known = memory[acted.id];
    const before = known?.term === term ? known : { term, interval, answered: [] };
    memory[acted.id] = before;
    if (answersLeader(message, term) && !before.answered.includes(message.from)) {
      before.answered.push(message.from);
    }
    const { answered } = before;
    if (before.interval === interval) return undefined;
    memory[acted.id] = { term, interval, answered: [] };
    const { count, among } = membersAmong(acted, nodes, [...answered, acted.id]);
    if (among.length > count / 2) return undefined;
    const only = answered.length === 0 ? 'no server' : `only ${answered.join(' and ')}`;
    return `${acted.id} still leads term ${term}, though ${only} answered it in its last interval.`;
  },
});

function answersLeader(
  message: ObservedMessage | undefined,
  term: number,
): message is ObservedMessage {
  return message !== undefined && message.body.term === term;
}

interface Voter {
  term: number;
  /** The leader that it heard within the minimum election timeout; null for none. */
  hears: NodeId | null;
}

const voteWithoutLeader = invariant<Record<NodeId, Voter>>({
  doc: 'With checkQuorum, a server that hears its leader votes for no other (thesis §4.2.3).',
  remember: () => ({}),
  check({ acted, message, memory }) {
    if (!isServer(acted)) return undefined;
    const { currentTerm: term, votedFor, hearsLeader, leaderId } = acted.state;
    const before = memory[acted.id];
    const hears = hearsLeader && acted.up ? leaderId : null;
    if (before?.term !== term || before.hears !== hears) memory[acted.id] = { term, hears };
    if (message?.body.type !== 'RequestVote' || message.body.transfer === true) return undefined;
    if (before === undefined || before.hears === null || before.term === term) return undefined;
    if (votedFor !== message.from || acted.state.active === null) return undefined;
    const leads = `${before.hears} leads term ${before.term}`;
    return `${acted.id} voted for ${votedFor} in term ${term}, though it heard that ${leads}.`;
  },
});

interface PreVotes {
  /** For each server the term that it asks for, and the servers that would vote for it. */
  of: Record<NodeId, { term: number; voters: NodeId[] }>;
  terms: Record<NodeId, number>;
}

const preVoteFirst = invariant<PreVotes>({
  doc: 'With preVote, a server begins a term only if a majority would vote for it (thesis §9.6).',
  remember: () => ({ of: {}, terms: {} }),
  check({ acted, nodes, message, memory }) {
    if (!isServer(acted) || acted.state.preVotes === null) return undefined;
    const { id, state: { currentTerm: term, standing } } = acted;
    const before = memory.terms[id] ?? 0;
    if (before !== term) memory.terms[id] = term;
    if (message?.body.type === 'PreVoteResult' && message.body.voteGranted) {
      const votes = memory.of[id];
      const { term: asked } = message.body;
      // A late answer to an earlier pre-vote counts for nothing.
      if (votes === undefined || asked > votes.term) {
        memory.of[id] = { term: asked, voters: [message.from] };
      } else if (asked === votes.term && !votes.voters.includes(message.from)) {
        votes.voters.push(message.from);
      }
    }
    if (before === term || !begins(standing) || message?.body.type === 'TimeoutNow') {
      return undefined;
    }
    const voters = memory.of[id]?.term === term ? memory.of[id].voters : [];
    const { count, among } = membersAmong(acted, nodes, [...voters, id]);
    if (among.length > count / 2) return undefined;
    const would = voters.length === 0 ? 'no other server' : `only ${voters.join(' and ')}`;
    return `${id} began term ${term}, though ${would} had agreed to vote for it.`;
  },
});

/** A server that is the only one of its cluster leads at once. */
function begins(standing: Server['state']['standing']): boolean {
  return standing === 'candidate' || standing === 'leader';
}

interface Ballot {
  term: number;
  vote: NodeId | null;
}

const preVoteChangesNothing = invariant<Record<NodeId, Ballot>>({
  doc: 'A pre-vote changes neither the term nor the vote of a server (thesis §9.6).',
  remember: () => ({}),
  check({ acted, nodes, message, memory }) {
    if (!isServer(acted)) return undefined;
    const { currentTerm: term, votedFor: vote } = acted.state;
    if (memory[acted.id] === undefined) nodes.filter(isServer).forEach((one) => note(memory, one));
    const before = memory[acted.id];
    if (before.term === term && before.vote === vote) return undefined;
    note(memory, acted);
    if (message?.body.type !== 'PreVote') return undefined;
    const was = `was in term ${before.term} with ${voteText(before.vote)}`;
    const now = `is in term ${term} with ${voteText(vote)}`;
    return `${acted.id} ${was}; it received a pre-vote, and ${now}.`;
  },
});

function note(memory: Record<NodeId, Ballot>, { id, state }: Server): void {
  memory[id] = { term: state.currentTerm, vote: state.votedFor };
}

function voteText(vote: NodeId | null): string {
  return vote === null ? 'no vote' : `a vote for ${vote}`;
}

export const optionInvariants: Record<string, Invariant> = {
  'A Leader Has Its Quorum': leaderHasQuorum,
  'No Vote Against A Live Leader': voteWithoutLeader,
  'Pre-Vote First': preVoteFirst,
  'Pre-Vote Changes Nothing': preVoteChangesNothing,
};
