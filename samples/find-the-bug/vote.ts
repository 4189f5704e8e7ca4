/** An election of one term, whose voters may crash. */
import { defineProtocol, invariant, type Node, type NodeId, operation, role } from 'lockstep';

interface Candidate {
  state: { votes: NodeId[]; isLeader: boolean };
  receives: { Vote: {} };
  sends: Voter['receives'];
  timers: {};
  events: { Elected: { votes: number } };
  options: object;
}

interface Voter {
  state: { votedFor: NodeId | null };
  receives: { RequestVote: {} };
  sends: Candidate['receives'];
  timers: {};
  events: {};
  options: object;
}

function isQuorum(node: Node<Candidate>, votes: number): boolean {
  return votes > node.nodes('voter').length / 2;
}

const candidate = role<Candidate>({
  doc: 'Wants to lead.',
  init: () => ({ votes: [], isLeader: false }),
  messages: {
    Vote(node, _, from) {
      const { state } = node;
      if (!state.votes.includes(from)) state.votes.push(from);
      if (state.isLeader || !isQuorum(node, state.votes.length)) return;
      state.isLeader = true;
      node.event('Elected', { votes: state.votes.length });
    },
  },
  timers: {},
  operations: {
    stand: operation<Candidate>()({
      doc: 'Asks all voters for their votes.',
      parameters: {},
      run(node, _, id) {
        for (const voter of node.nodes('voter')) node.send(voter, { type: 'RequestVote' });
        node.reply(id, 'asked');
      },
    }),
  },
  look: ({ isLeader, votes }) => ({
    standing: isLeader ? 'leader' : 'candidate', tone: isLeader ? 'lead' : 'bid',
    facts: { votes: votes.length },
  }),
});

const voter = role<Voter>({
  doc: 'Votes once.',
  init: () => ({ votedFor: null }),
  durable: [],
  messages: {
    RequestVote(node, _, from) {
      const { state } = node;
      if (state.votedFor !== null && state.votedFor !== from) return;
      state.votedFor = from;
      node.send(from, { type: 'Vote' });
    },
  },
  timers: {},
  look: ({ votedFor }) => ({ facts: { votedFor } }),
});

export default defineProtocol({
  name: 'vote',
  doc: 'An election of one term.',
  source: 'Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm, figure 2 (persistent state).',
  events: { Elected: 'A candidate has enough votes.' },
  roles: { candidate, voter },
  defaultRole: 'voter',
  invariants: {
    'One Leader': invariant({
      doc: 'At most one candidate is elected.',
      check({ nodes }) {
        const leaders = nodes.filter(({ state }) => 'isLeader' in state && state.isLeader);
        if (leaders.length < 2) return undefined;
        return `${leaders.map(({ id }) => id).join(' and ')} were both elected`;
      },
    }),
  },
});
