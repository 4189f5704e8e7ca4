/** A lock with a lease: the server says how long the lock is held. */
import {
  between, defineProtocol, invariant, type Micros, milliseconds, type NodeId, operation, role,
} from 'lockstep';

interface Client {
  state: { holds: boolean };
  receives: { Granted: { until: Micros }; Busy: {} };
  sends: Server['receives'];
  timers: { end: void; retry: void };
  events: { Acquired: {}; LeaseEnded: {} };
  options: object;
}

interface Server {
  state: { holder: NodeId | null; until: Micros };
  receives: { Acquire: {} };
  sends: Client['receives'];
  timers: {};
  events: {};
  options: object;
}

const lease = milliseconds(100);

const client = role<Client>({
  doc: 'Takes the lock until its lease ends.',
  init: () => ({ holds: false }),
  messages: {
    Granted(node, { until }) {
      const left = until - node.now();
      if (left <= 0) return;
      node.state.holds = true;
      node.event('Acquired', {});
      node.setTimer('end', left);
    },
    Busy(node) {
      node.setTimer('retry', between(milliseconds(20), milliseconds(600)));
    },
  },
  timers: {
    end(node) {
      node.state.holds = false;
      node.event('LeaseEnded', {});
    },
    retry: (node) => node.send(node.nodes('server')[0]!, { type: 'Acquire' }),
  },
  operations: {
    lock: operation<Client>()({
      doc: 'Asks for the lock until it has it.',
      parameters: {},
      run(node, _, id) {
        node.send(node.nodes('server')[0]!, { type: 'Acquire' });
        node.reply(id, 'asked');
      },
    }),
  },
  look: ({ holds }) => ({ standing: holds ? 'holder' : '', tone: holds ? 'lead' : 'none' }),
});

const server = role<Server>({
  doc: 'Grants the lock to one client at a time.',
  init: () => ({ holder: null, until: 0 }),
  messages: {
    Acquire(node, _, from) {
      const { state } = node;
      if (state.holder !== null && node.now() < state.until) {
        return node.send(from, { type: 'Busy' });
      }
      state.holder = from;
      state.until = node.now() + lease;
      node.send(from, { type: 'Granted', until: state.until });
    },
  },
  timers: {},
  look: ({ holder }) => ({ facts: { holder } }),
});

export default defineProtocol({
  name: 'lease',
  doc: 'A lock that ends by itself.',
  source: 'Gray and Cheriton, Leases, SOSP 1989: the holder must allow for the difference of clocks.',
  events: { Acquired: 'A client has the lock.', LeaseEnded: 'A client stops using the lock.' },
  roles: { client, server },
  defaultRole: 'client',
  invariants: {
    'Mutual Exclusion': invariant({
      doc: 'At most one client uses the lock.',
      check({ nodes }) {
        const holders = nodes.filter(({ state }) => 'holds' in state && state.holds);
        if (holders.length < 2) return undefined;
        return `${holders.map(({ id }) => id).join(' and ')} hold the lock`;
      },
    }),
  },
});
