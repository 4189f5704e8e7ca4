/** Raft's log in small: leaders append entries, and commit them once a majority stores them. */
import {
  between, defineProtocol, invariant, milliseconds, type Node, type NodeId, role,
} from 'lockstep';

/** Each leader appends one entry, which its term and its name identify. */
interface Entry { term: number; by: NodeId }

interface Replica {
  state: {
    term: number; votedFor: NodeId | null; log: Entry[]; leads: boolean; votes: NodeId[];
    stored: Record<NodeId, number>; committed: number;
  };
  receives: {
    RequestVote: { term: number; lastTerm: number; length: number };
    Vote: { term: number };
    Append: { term: number; index: number; before: number; entry: Entry };
    Stored: { term: number; index: number };
  };
  sends: Replica['receives'];
  timers: { election: void };
  events: { Elected: { term: number }; Committed: { term: number; by: string } };
  options: object;
}

const lastTerm = (log: readonly Entry[]) => log.at(-1)?.term ?? 0;
const isMajority = (node: Node<Replica>, count: number) => count > (node.peers.length + 1) / 2;

function wait(node: Node<Replica>): void {
  node.setTimer('election', between(milliseconds(100), milliseconds(300)));
}

function meet(node: Node<Replica>, term: number): boolean {
  const { state } = node;
  if (term > state.term) Object.assign(state, { term, votedFor: null, leads: false });
  return term === state.term;
}

/** Sends the entry at an index, one at a time. */
function append(node: Node<Replica>, to: NodeId, index: number): void {
  const { term, log } = node.state;
  const entry = log[index];
  if (entry === undefined) return;
  const before = log[index - 1]?.term ?? 0;
  node.send(to, { type: 'Append', term, index, before, entry });
}

const replica = role<Replica>({
  doc: 'A server of a replicated log.',
  init: () => ({
    term: 0, votedFor: null, log: [], leads: false, votes: [], stored: {}, committed: 0,
  }),
  durable: ['term', 'votedFor', 'log'],
  start: wait,
  messages: {
    RequestVote(node, { term, lastTerm: theirs, length }, from) {
      const { state } = node;
      if (!meet(node, term)) return;
      const mine = lastTerm(state.log);
      const isBehind = theirs < mine || (theirs === mine && length < state.log.length);
      if (isBehind || (state.votedFor !== null && state.votedFor !== from)) return;
      state.votedFor = from;
      wait(node);
      node.send(from, { type: 'Vote', term });
    },
    Vote(node, { term }, from) {
      const { state } = node;
      if (!meet(node, term) || state.leads || state.votedFor !== node.id) return;
      if (!state.votes.includes(from)) state.votes.push(from);
      if (!isMajority(node, state.votes.length + 1)) return;
      state.leads = true;
      state.stored = {};
      state.log.push({ term, by: node.id });
      node.event('Elected', { term });
      for (const peer of node.peers) append(node, peer, 0);
    },
    Append(node, { term, index, before, entry }, from) {
      const { state } = node;
      if (!meet(node, term)) return;
      wait(node);
      if (index > 0 && (state.log[index - 1]?.term ?? 0) !== before) return;
      if (state.log[index]?.term !== entry.term) state.log.splice(index, state.log.length, entry);
      node.send(from, { type: 'Stored', term, index });
    },
    Stored(node, { term, index }, from) {
      const { state } = node;
      if (!meet(node, term) || !state.leads) return;
      state.stored[from] = index + 1;
      const count = Object.values(state.stored).filter((length) => length > index).length + 1;
      if (isMajority(node, count) && state.committed <= index) {
        state.committed = index + 1;
        node.event('Committed', state.log[index]!);
      }
      append(node, from, index + 1);
    },
  },
  timers: {
    election(node) {
      const { state } = node;
      wait(node);
      if (state.leads) return;
      Object.assign(state, { term: state.term + 1, votedFor: node.id, votes: [] });
      const { term, log } = state;
      const mine = { term, lastTerm: lastTerm(log), length: log.length };
      for (const peer of node.peers) node.send(peer, { type: 'RequestVote', ...mine });
    },
  },
  look: ({ leads, term, log, committed }) => ({
    standing: leads ? 'leader' : 'follower', tone: leads ? 'lead' : 'none',
    epoch: { name: 'term', value: term },
    facts: { log: log.map((entry) => entry.term).join(' '), committed },
  }),
});

export default defineProtocol({
  name: 'commitment',
  doc: 'A replicated log whose leaders each append one entry.',
  source: 'Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm, §5.4.2.',
  events: { Elected: 'A replica leads.', Committed: 'A leader takes an entry for committed.' },
  roles: { replica },
  defaultRole: 'replica',
  invariants: {
    'Committed Entries Stay': invariant<{ replica: Replica }>()({
      doc: 'What was committed at an index stays committed there.',
      remember: (): { entries: Record<number, string> } => ({ entries: {} }),
      check({ nodes, memory }) {
        for (const { id, state } of nodes) {
          for (let index = 0; index < state.committed; index++) {
            const entry = state.log[index];
            const name = entry ? `${entry.by}'s entry of term ${entry.term}` : 'nothing';
            memory.entries[index] ??= name;
            const first = memory.entries[index];
            if (first !== name) return `${id} has ${name} at ${index}, where ${first} was committed`;
          }
        }
        return undefined;
      },
    }),
  },
});
