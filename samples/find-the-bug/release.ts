/** A lock with a lease, which clients release when they are done. */
import {
  between, defineProtocol, invariant, milliseconds, type Node, type NodeId, operation,
  type OperationId, role,
} from 'lockstep';

interface Client {
  state: { holds: boolean; operation: OperationId | null };
  receives: { Granted: {} };
  sends: Server['receives'];
  timers: { work: void; lease: void };
  events: { Acquired: {}; Released: {} };
  options: object;
}

interface Server {
  state: { holder: NodeId | null; waiting: NodeId[] };
  receives: { Acquire: {}; Release: {} };
  sends: Client['receives'];
  timers: { lease: void };
  events: {};
  options: object;
}

const client = role<Client>({
  doc: 'Works while it holds the lock, and releases it when the work is done.',
  init: () => ({ holds: false, operation: null }),
  messages: {
    Granted(node) {
      node.state.holds = true;
      node.event('Acquired', {});
      node.setTimer('work', between(milliseconds(20), milliseconds(75)));
      // It gives up the lock before the server does.
      node.setTimer('lease', milliseconds(80));
    },
  },
  timers: {
    work(node) {
      node.state.holds = false;
      node.cancelTimer('lease');
      node.event('Released', {});
      node.send(node.nodes('server')[0]!, { type: 'Release' });
      if (node.state.operation !== null) node.reply(node.state.operation, 'done');
    },
    lease(node) {
      node.state.holds = false;
    },
  },
  operations: {
    lock: operation<Client>()({
      doc: 'Works once it has the lock.',
      parameters: {},
      run(node, _, id) {
        node.state.operation = id;
        node.send(node.nodes('server')[0]!, { type: 'Acquire' });
      },
    }),
  },
  look: ({ holds }) => ({ standing: holds ? 'holder' : '', tone: holds ? 'lead' : 'none' }),
});

/** Grants the lock to the client that has waited longest. */
function grant(node: Node<Server>): void {
  const { state } = node;
  const next = state.waiting.shift();
  state.holder = next ?? null;
  if (next === undefined) return node.cancelTimer('lease');
  node.setTimer('lease', milliseconds(100));
  node.send(next, { type: 'Granted' });
}

const server = role<Server>({
  doc: 'Grants the lock to one client after the other.',
  init: () => ({ holder: null, waiting: [] }),
  messages: {
    Acquire(node, _, from) {
      node.state.waiting.push(from);
      if (node.state.holder === null) grant(node);
    },
    Release: (node) => grant(node),
  },
  timers: { lease: (node) => grant(node) },
  look: ({ holder, waiting }) => ({ facts: { holder, waiting: waiting.join(' ') } }),
});

export default defineProtocol({
  name: 'release',
  doc: 'A lock that clients release.',
  source: 'Redis documentation, Distributed Locks with Redis: a client removes the key only if it has its value.',
  events: { Acquired: 'A client has the lock.', Released: 'A client is done.' },
  roles: { client, server },
  defaultRole: 'client',
  invariants: {
    'Mutual Exclusion': invariant({
      doc: 'At most one client holds the lock.',
      check({ nodes }) {
        const holders = nodes.filter(({ state }) => 'holds' in state && state.holds);
        if (holders.length < 2) return undefined;
        return `${holders.map(({ id }) => id).join(' and ')} hold the lock`;
      },
    }),
  },
});
