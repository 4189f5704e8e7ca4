// A token goes around a ring. Shows derived events, `remember`, a shared module, and a class.
import {
  type DerivedEvent, defineProtocol, invariant, milliseconds, operation, role,
} from 'lockstep';
import { noVisits, Visits, type VisitsData } from './visits.ts';

interface Member {
  state: { hasToken: boolean; hops: number; visits: VisitsData };
  receives: { Token: { hops: number } };
  sends: { Token: { hops: number } };
  timers: { pass: void };
  events: { TokenArrived: { hops: number }; RoundDone: { rounds: number } };
  options: object;
}

const member = role<Member>({
  doc: 'Holds the token for a while, and passes it on.',
  init: () => ({ hasToken: false, hops: 0, visits: noVisits() }),
  messages: {
    Token(node, { hops }, from) {
      const { state } = node;
      state.hasToken = true;
      state.hops = hops + 1;
      new Visits(state.visits).add(from);
      node.event('TokenArrived', { hops: state.hops });
      node.setTimer('pass', milliseconds(10));
    },
  },
  timers: {
    pass(node) {
      const ring = node.nodes('member');
      const next = ring[(ring.indexOf(node.id) + 1) % ring.length];
      node.state.hasToken = false;
      node.send(next, { type: 'Token', hops: node.state.hops });
    },
  },
  operations: {
    begin: operation<Member>()({
      doc: 'Makes the token; answers OK.',
      parameters: {},
      run(node, _none, id) {
        node.state.hasToken = true;
        node.setTimer('pass', milliseconds(10));
        node.reply(id, 'OK');
      },
    }),
    send: operation<Member>()({
      doc: 'Makes a token and sends it to a node, which must exist.',
      parameters: { to: 'string' },
      run(node, { to }, id) {
        node.state.hasToken = true;
        if (to !== node.id && !node.peers.includes(to)) throw new Error(`there is no node ${to}`);
        node.send(to, { type: 'Token', hops: 0 });
        node.reply(id, 'OK');
      },
    }),
  },
});

/** All nodes have had the token once more: no single node can know that. */
const roundDone: DerivedEvent<{ rounds: number; hops: number }> = {
  remember: () => ({ rounds: 0, hops: 0 }),
  look({ nodes, memory }) {
    const hops = nodes.map(({ state }) => (state as Member['state']).hops);
    if (hops.some((one) => one <= memory.hops)) return [];
    memory.hops = Math.max(...hops);
    memory.rounds += 1;
    return [{ rounds: memory.rounds }];
  },
};

export default defineProtocol({
  name: 'ring',
  doc: 'A token that goes around a ring of nodes.',
  source: 'An example of Lockstep.',
  events: { TokenArrived: 'A node has the token.', RoundDone: 'All nodes have had it once more.' },
  roles: { member },
  defaultRole: 'member',
  derivedEvents: { RoundDone: roundDone },
  invariants: {
    'the token moves forward': invariant({
      doc: 'The number of hops of the token never falls.',
      remember: () => ({ most: 0 }),
      check({ acted, memory }) {
        if (acted === undefined) return undefined;
        const { hops, hasToken } = acted.state as Member['state'];
        if (!hasToken) return undefined;
        if (hops < memory.most) return `${acted.id} has hop ${hops} after hop ${memory.most}`;
        memory.most = hops;
        return undefined;
      },
    }),
  },
});
