// A lease: one worker at a time may work, and only for a limited time.
import {
  defineProtocol, type Micros, milliseconds, type Node, type NodeId, operation,
  type OperationId, role,
} from 'lockstep';

// The server grants the lease to the first worker that requests it while it is free.

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
  // These fields survive a crash of the server. The timer does not, so `start` sets it again.
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
  look: ({ holder }) => ({ holder: { of: 'lease', is: holder ?? 'none' } }),
});

// A worker requests the lease until it gets it, and works until its own timer fires.

interface Worker {
  state: { asked: OperationId | null; ttl: Micros; round: number; holds: boolean };
  receives: Server['sends'];
  sends: Server['receives'];
  timers: { finish: void; retry: void };
  events: { WorkBegun: { ttl: Micros }; WorkEnded: object };
  options: { countFrom: string };
}

const worker = role<Worker>({
  doc: 'Requests the lease, and works while it has it.',
  options: {
    countFrom: {
      kind: 'choice',
      default: 'request',
      choices: ['request', 'answer'],
      doc: 'When the lease of a worker begins: with its request, or with the answer.',
    },
  },
  init: () => ({ asked: null, ttl: 0, round: 0, holds: false }),
  messages: {
    Granted(node, { round }) {
      const { state, options } = node;
      // The answer to an earlier request is too late: that lease may have expired.
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
      doc: 'Requests the lease; answers OK when the worker has it.',
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
  // The server's lease begins later than this: counted from here, the worker stops in time.
  if (options.countFrom === 'request') node.setTimer('finish', state.ttl);
  const [to] = node.nodes('server');
  node.send(to, { type: 'Acquire', ttl: state.ttl, round: state.round });
}

export default defineProtocol({
  name: 'lease',
  doc: 'A lease that one worker has at a time.',
  source: 'An example of Lockstep.',
  events: {
    LeaseGranted: 'The server gave the lease to a worker.',
    LeaseExpired: 'The lease is over, by the clock of the server.',
    WorkBegun: 'A worker has the lease and begins to work.',
    WorkEnded: 'A worker stops, because its lease is over by its own clock.',
  },
  roles: { server, worker },
  defaultRole: 'worker',
  invariants: {
    'one worker at a time': {
      doc: 'No two workers believe at the same time that they have the lease.',
      // The condition of "if … then …": a run in which it is never true says so in its verdict.
      when: ({ nodes }) => nodes.some(({ role, state }) => role === 'worker' && state.holds),
      check({ nodes }) {
        const working = nodes.filter(({ role, up, state }) => role === 'worker' && up && state.holds);
        if (working.length < 2) return undefined;
        return `${working.map(({ id }) => id).join(' and ')} each believe that they have the lease`;
      },
    },
    'work begins with a grant': {
      doc: 'A worker begins to work only in the step in which it receives the grant.',
      // `events` and `message` are those of the step that was just taken.
      when: ({ events }) => events.some(({ name }) => name === 'WorkBegun'),
      check({ acted, message }) {
        if (message?.body.type === 'Granted') return undefined;
        return `${acted?.id} began to work, but it received no grant in that step`;
      },
    },
    'OK means having the lease': {
      doc: 'A worker that answers OK has the lease.',
      // `answers` are the operations that were answered in the step.
      when: ({ answers }) => answers.some(({ name, ok }) => name === 'acquire' && ok),
      check({ acted }) {
        if (acted?.role === 'worker' && acted.state.holds) return undefined;
        return `${acted?.id} answered OK, but it does not have the lease`;
      },
    },
  },
});
