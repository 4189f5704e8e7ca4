/** Single-decree Paxos with one fault: a proposer takes the last vote reported, not the highest. */
import {
  between, defineProtocol, invariant, milliseconds, type Node, type NodeId, operation,
  type OperationId, role,
} from 'lockstep';

/** A ballot is a round and a number that its proposer alone has: `round * 10 + proposer`. */
type Ballot = number;

interface Vote { ballot: Ballot; value: string }

interface Proposer {
  state: {
    ballot: Ballot;
    wanted: string | null;
    value: string | null;
    phase: 'idle' | 'preparing' | 'proposing' | 'done';
    promises: { from: NodeId; vote: Vote | null }[];
    accepted: NodeId[];
    operation: OperationId | null;
  };
  receives: {
    Promise: { ballot: Ballot; vote: Vote | null };
    Accepted: { ballot: Ballot };
    Refused: { ballot: Ballot; promised: Ballot };
  };
  sends: Acceptor['receives'];
  timers: { retry: void };
  events: { Chosen: { value: string } };
  options: object;
}

interface Acceptor {
  state: { promised: Ballot; vote: Vote | null };
  receives: { Prepare: { ballot: Ballot }; Accept: { ballot: Ballot; value: string } };
  sends: Proposer['receives'];
  timers: {};
  events: {};
  options: object;
}

function isQuorum(node: Node<Proposer>, count: number): boolean {
  return count > node.nodes('acceptor').length / 2;
}

function sendAll(node: Node<Proposer>, message: Parameters<Node<Proposer>['send']>[1]): void {
  for (const to of node.nodes('acceptor')) node.send(to, message);
}

function prepare(node: Node<Proposer>): void {
  const { state } = node;
  const round = Math.floor(state.ballot / 10) + 1;
  state.ballot = round * 10 + node.nodes('proposer').indexOf(node.id);
  state.phase = 'preparing';
  state.promises = [];
  node.setTimer('retry', milliseconds(100));
  sendAll(node, { type: 'Prepare', ballot: state.ballot });
}

const proposer = role<Proposer>({
  doc: 'Proposes a value until one is chosen.',
  init: () => ({
    ballot: 0, wanted: null, value: null, phase: 'idle', promises: [], accepted: [],
    operation: null,
  }),
  messages: {
    Promise(node, { ballot, vote }, from) {
      const { state } = node;
      if (state.phase !== 'preparing' || ballot !== state.ballot) return;
      state.promises.push({ from, vote });
      if (!isQuorum(node, state.promises.length)) return;
      let value = state.wanted!;
      // The fault: it must be the vote with the highest ballot (P2c).
      for (const promise of state.promises) if (promise.vote) value = promise.vote.value;
      state.phase = 'proposing';
      state.value = value;
      state.accepted = [];
      sendAll(node, { type: 'Accept', ballot, value });
    },
    Accepted(node, { ballot }, from) {
      const { state } = node;
      if (state.phase !== 'proposing' || ballot !== state.ballot) return;
      state.accepted.push(from);
      if (!isQuorum(node, state.accepted.length)) return;
      state.phase = 'done';
      node.cancelTimer('retry');
      node.event('Chosen', { value: state.value! });
      if (state.operation !== null) node.reply(state.operation, state.value);
    },
    Refused(node, { ballot, promised }) {
      const { state } = node;
      if (ballot !== state.ballot || state.phase === 'done' || state.phase === 'idle') return;
      state.phase = 'idle';
      state.ballot = Math.max(state.ballot, promised);
      node.setTimer('retry', between(milliseconds(10), milliseconds(60)));
    },
  },
  timers: { retry: prepare },
  operations: {
    propose: operation<Proposer>()({
      doc: 'Proposes a value, and answers with the one that was chosen.',
      parameters: { value: 'string' },
      run(node, { value }, id) {
        node.state.wanted = value;
        node.state.operation = id;
        prepare(node);
      },
    }),
  },
  look: ({ phase, value }) => ({ standing: phase, facts: { value } }),
});

const acceptor = role<Acceptor>({
  doc: 'Promises and votes.',
  init: () => ({ promised: 0, vote: null }),
  durable: ['promised', 'vote'],
  messages: {
    Prepare(node, { ballot }, from) {
      const { state } = node;
      const { promised } = state;
      if (ballot < promised) return node.send(from, { type: 'Refused', ballot, promised });
      state.promised = ballot;
      node.send(from, { type: 'Promise', ballot, vote: state.vote });
    },
    Accept(node, { ballot, value }, from) {
      const { state } = node;
      const { promised } = state;
      if (ballot < promised) return node.send(from, { type: 'Refused', ballot, promised });
      state.promised = ballot;
      state.vote = { ballot, value };
      node.send(from, { type: 'Accepted', ballot });
    },
  },
  timers: {},
  look: ({ vote }) => ({ facts: { vote: vote?.value ?? null } }),
});

export default defineProtocol({
  name: 'last-promise',
  doc: 'Paxos whose proposers take the last vote reported.',
  source: 'Lamport, Paxos Made Simple, section 2.2.',
  events: { Chosen: 'A proposer learns that its value is chosen.' },
  roles: { proposer, acceptor },
  defaultRole: 'acceptor',
  invariants: {
    Agreement: invariant({
      doc: 'All proposers that learn a chosen value learn the same.',
      check({ nodes }) {
        const done = nodes.filter(({ state }) => 'phase' in state && state.phase === 'done');
        const values = new Set(done.map(({ state }) => 'value' in state && state.value));
        return values.size > 1 ? `${[...values].join(' and ')} are both chosen` : undefined;
      },
    }),
  },
});
