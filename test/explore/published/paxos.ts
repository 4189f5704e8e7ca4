/** Stateright's Paxos: a single decree, which the first put decides. */
import { defineProtocol, role } from 'lockstep';
import { client, clientEvents, linearizable } from './register.ts';

type Empty = Record<never, never>;
/** A round and a server. */
// oxlint-disable-next-line typescript/no-explicit-any -- sealed messages have read-only tuples
type Ballot = any;
/** A request, its requester and a value. */
// oxlint-disable-next-line typescript/no-explicit-any -- sealed messages have read-only tuples
type Proposal = any;
/** A ballot and a proposal, or null. */
// oxlint-disable-next-line typescript/no-explicit-any -- sealed messages have read-only tuples
type Accepted = any;

interface Bodies {
  Prepare: { ballot: Ballot };
  Prepared: { ballot: Ballot; last: Accepted };
  Accept: { ballot: Ballot; proposal: Proposal };
  Accepted: { ballot: Ballot };
  Decided: { ballot: Ballot; proposal: Proposal };
}

interface Server {
  state: {
    ballot: Ballot;
    proposal: Proposal | null;
    prepares: [server: string, last: Accepted][];
    accepts: string[];
    accepted: Accepted;
    decided: boolean;
  };
  receives: Bodies & { Put: { id: number; value: string }; Get: { id: number } };
  sends: Bodies & { PutOk: { id: number }; GetOk: { id: number; value: string } };
  timers: Empty;
  events: Empty;
  options: Empty;
}

/** The order of Rust's tuples, and of `None` before `Some`. */
function compare(a: unknown, b: unknown): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  if (!Array.isArray(a) || !Array.isArray(b)) {
    return a === b ? 0 : (a as number) < (b as number) ? -1 : 1;
  }
  for (let i = 0; i < a.length; i++) {
    const order = compare(a[i], b[i]);
    if (order !== 0) return order;
  }
  return 0;
}

const majority = (count: number) => Math.floor(count / 2) + 1;

const server = role<Server>({
  doc: 'Proposes, accepts and learns.',
  init: () => ({
    ballot: [0, 's0'], proposal: null, prepares: [], accepts: [], accepted: null, decided: false,
  }),
  messages: {
    Put(node, { id, value }, from) {
      const { state } = node;
      if (state.decided || state.proposal !== null) return;
      state.proposal = [id, from, value];
      state.prepares = [[node.id, state.accepted]];
      state.accepts = [];
      state.ballot = [state.ballot[0] + 1, node.id];
      for (const peer of node.peers) node.send(peer, { type: 'Prepare', ballot: state.ballot });
    },
    Get(node, { id }, from) {
      const { decided, accepted } = node.state;
      if (decided) node.send(from, { type: 'GetOk', id, value: accepted![1][2] });
    },
    Prepare(node, { ballot }, from) {
      const { state } = node;
      if (state.decided || compare(state.ballot, ballot) >= 0) return;
      state.ballot = ballot;
      node.send(from, { type: 'Prepared', ballot, last: state.accepted });
    },
    Prepared(node, { ballot, last }, from) {
      const { state } = node;
      if (state.decided || compare(ballot, state.ballot) !== 0) return;
      state.prepares = [...state.prepares.filter(([one]) => one !== from), [from, last]];
      state.prepares.sort(([a], [b]) => (a < b ? -1 : 1));
      if (state.prepares.length !== majority(node.peers.length + 1)) return;
      const highest = state.prepares.map(([, one]) => one).sort(compare).at(-1)!;
      const proposal: Proposal = highest === null ? state.proposal! : highest[1];
      state.proposal = proposal;
      state.accepted = [ballot, proposal];
      state.accepts = [...state.accepts.filter((one) => one !== node.id), node.id].sort();
      for (const peer of node.peers) node.send(peer, { type: 'Accept', ballot, proposal });
    },
    Accept(node, { ballot, proposal }, from) {
      const { state } = node;
      if (state.decided || compare(state.ballot, ballot) > 0) return;
      state.ballot = ballot;
      state.accepted = [ballot, proposal];
      node.send(from, { type: 'Accepted', ballot });
    },
    Accepted(node, { ballot }, from) {
      const { state } = node;
      if (state.decided || compare(ballot, state.ballot) !== 0) return;
      state.accepts = [...state.accepts.filter((one) => one !== from), from].sort();
      if (state.accepts.length !== majority(node.peers.length + 1)) return;
      state.decided = true;
      const proposal = state.proposal!;
      for (const peer of node.peers) node.send(peer, { type: 'Decided', ballot, proposal });
      node.send(proposal[1], { type: 'PutOk', id: proposal[0] });
    },
    Decided(node, { ballot, proposal }) {
      const { state } = node;
      if (state.decided) return;
      state.ballot = ballot;
      state.accepted = [ballot, proposal];
      state.decided = true;
    },
  },
  timers: {},
});

export default defineProtocol({
  name: 'paxos-model',
  doc: 'Single-decree Paxos.',
  source: 'Stateright, examples/paxos.rs',
  events: clientEvents,
  roles: { server, client },
  invariants: { linearizable },
});
