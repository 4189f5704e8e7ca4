// A lease: one worker at a time may do the work, and only for so long.
import {
  defineProtocol, invariant, type Micros, milliseconds, type Node, type NodeId, operation,
  type OperationId, role,
} from 'lockstep';

// The server grants the lease to whoever asks while nobody has it.

interface Server {
  state: { holder: NodeId | null; ttl: Micros };
  receives: { Acquire: { ttl: Micros; round: number } };
  sends: { Granted: { round: number }; Denied: { holder: NodeId } };
  timers: { expire: void };
  events: { LeaseGranted: { to: NodeId; ttl: Micros }; LeaseExpired: { holder: NodeId | null } };
  options: object;
}

const server = role<Server>({
  doc: 'Grants the lease to one worker at a time.',
  init: () => ({ holder: null, ttl: 0 }),
  // What survives a crash of the server; the timer does not, so `start` sets it anew.
  durable: ['holder', 'ttl'],
  start(node) {
    if (node.state.holder !== null) node.setTimer('expire', node.state.ttl);
  },
  messages: {
    Acquire(node, { ttl, round }, from) {
      const { state } = node;
      if (state.holder !== null) {
        node.send(from, { type: 'Denied', holder: state.holder });
        return;
      }
      state.holder = from;
      state.ttl = ttl;
      node.setTimer('expire', ttl);
      node.event('LeaseGranted', { to: from, ttl });
      node.send(from, { type: 'Granted', round });
    },
  },
  timers: {
    expire(node) {
      node.event('LeaseExpired', { holder: node.state.holder });
      node.state.holder = null;
    },
  },
  look: ({ holder }) => ({ facts: { holder } }),
});

// A worker asks until it gets the lease, and works until its own timer says that it is over.

interface Worker {
  state: { asked: OperationId | null; ttl: Micros; round: number; holds: boolean };
  receives: Server['sends'];
  sends: Server['receives'];
  timers: { finish: void; retry: void };
  events: { WorkBegun: { ttl: Micros }; WorkEnded: object };
  options: { countFrom: string };
}

const worker = role<Worker>({
  doc: 'Asks for the lease, and works while it has it.',
  options: {
    countFrom: {
      kind: 'choice',
      default: 'request',
      choices: ['request', 'answer'],
      doc: 'From when a worker counts its lease: when it asked, or when it was answered.',
    },
  },
  init: () => ({ asked: null, ttl: 0, round: 0, holds: false }),
  messages: {
    Granted(node, { round }) {
      const { state, options } = node;
      // An answer to an earlier request comes too late: that lease may be over.
      if (state.asked === null || round !== state.round) return;
      if (options.countFrom === 'answer') node.setTimer('finish', state.ttl);
      state.holds = true;
      node.event('WorkBegun', { ttl: state.ttl });
      node.reply(state.asked, 'OK');
      state.asked = null;
    },
    Denied(node) {
      if (node.state.asked !== null) node.setTimer('retry', milliseconds(100));
    },
  },
  timers: {
    finish(node) {
      if (node.state.holds) node.event('WorkEnded', {});
      node.state.holds = false;
      if (node.state.asked !== null) ask(node);
    },
    retry: (node) => ask(node),
  },
  operations: {
    acquire: operation<Worker>()({
      doc: 'Asks for the lease; answers OK when the worker has it.',
      parameters: { ttl: 'duration' },
      run(node, { ttl }, id) {
        node.state.asked = id;
        node.state.ttl = ttl;
        ask(node);
      },
    }),
  },
  look: ({ holds }) => ({
    standing: holds ? 'holder' : 'idle',
    tone: holds ? 'lead' : 'none',
  }),
});

function ask(node: Node<Worker>): void {
  const { state, options } = node;
  state.round += 1;
  node.cancelTimer('retry');
  // The server cannot have begun before it was asked: counted from here, the lease ends in time.
  if (options.countFrom === 'request') node.setTimer('finish', state.ttl);
  const [to] = node.nodes('server');
  node.send(to, { type: 'Acquire', ttl: state.ttl, round: state.round });
}

export default defineProtocol({
  name: 'lease',
  doc: 'A lease that one worker has at a time.',
  source: 'Written here.',
  events: {
    LeaseGranted: 'The server gave the lease to a worker.',
    LeaseExpired: 'The time of a lease is over, as the server counts it.',
    WorkBegun: 'A worker has the lease and begins to work.',
    WorkEnded: 'A worker takes its lease to be over.',
  },
  roles: { server, worker },
  defaultRole: 'worker',
  invariants: {
    'one worker at a time': invariant({
      doc: 'No two workers believe at the same time that the lease is theirs.',
      check({ nodes }) {
        const working = nodes.filter(({ role, up, state }) => role === 'worker' && up && state.holds);
        if (working.length < 2) return undefined;
        return `${working.map(({ id }) => id).join(' and ')} all believe that the lease is theirs`;
      },
    }),
  },
});
