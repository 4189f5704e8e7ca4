/** A correct protocol, which the compiler must accept: it uses every export of `lockstep`. */
import {
  between, defineProtocol, type DerivedEvent, frozen, invariant, milliseconds, type Node, type NodeId, operation,
  type OperationId, type Protocol, role, seconds,
} from 'lockstep';

interface Server {
  state: { holder: NodeId | null; grants: number; log: { readonly to: NodeId }[] };
  receives: { Acquire: { ttl: number }; Release: object };
  sends: { Granted: { number: number }; Denied: { holder: NodeId } };
  timers: { expire: { holder: NodeId }; tick: void };
  events: { LeaseGranted: { to: NodeId; number: number } };
  options: { slack: number };
}

const server = role<Server>({
  doc: 'Grants a lease.',
  options: { slack: { kind: 'duration', default: milliseconds(5), doc: 'Added to each lease.' } },
  init: () => ({ holder: null, grants: 0, log: [] }),
  durable: ['grants'],
  start: (node) => node.setTimer('tick', between(milliseconds(1), seconds(1))),
  messages: {
    Acquire(node, { ttl }, from) {
      const { state } = node;
      if (state.holder !== null) return node.send(from, { type: 'Denied', holder: state.holder });
      state.holder = from;
      state.log.push(frozen({ to: from }));
      node.setTimer('expire', ttl + node.options.slack, { holder: from }, from);
      node.event('LeaseGranted', { to: from, number: ++state.grants });
      node.send(from, { type: 'Granted', number: state.grants });
    },
    Release: (node) => node.cancelTimer('expire'),
  },
  timers: {
    expire(node, { holder }) {
      if (node.state.holder === holder) node.state.holder = null;
    },
    tick: () => {},
  },
  background: ['tick'],
});

interface Worker {
  state: { asked: OperationId[] };
  receives: Server['sends'];
  sends: Server['receives'];
  timers: object;
  events: object;
  options: object;
}

function askAll(node: Node<Worker>, ttl: number): void {
  for (const to of node.nodes('server')) node.send(to, { type: 'Acquire', ttl });
}

const worker = role<Worker>({
  doc: 'Requests the lease.',
  init: () => ({ asked: [] }),
  messages: {
    Granted(node, { number }) {
      for (const id of node.state.asked.splice(0)) node.reply(id, number);
    },
    Denied(node, { holder }) {
      for (const id of node.state.asked.splice(0)) node.fail(id, `${holder} has it`);
    },
  },
  timers: {},
  operations: {
    acquire: operation<Worker>()({
      doc: 'Requests the lease; answers its number.',
      parameters: { ttl: 'duration', note: 'string?' },
      run(node, { ttl, note }, id) {
        const words: string = note ?? '';
        node.state.asked.push(words === '' ? id : id);
        askAll(node, ttl);
      },
    }),
  },
});

const allDown: DerivedEvent<{ reported: boolean }> = {
  remember: () => ({ reported: false }),
  look({ nodes, acted, memory }) {
    if (acted === undefined || memory.reported || nodes.some(({ up }) => up)) return [];
    memory.reported = true;
    return [{ last: acted.id }];
  },
  summary: ({ last }) => `last ${last}`,
};

const lease: Protocol = defineProtocol({
  name: 'lease',
  doc: 'A lease.',
  source: 'test',
  events: { LeaseGranted: 'A node has the lease.', AllDown: 'No node is running.' },
  roles: { server, worker },
  defaultRole: 'worker',
  derivedEvents: { AllDown: allDown },
  units: { ttl: 'microseconds' },
  invariants: {
    'grants only grow': invariant<{ grants: number }>({
      doc: 'A grant has a higher number than the one before.',
      remember: () => ({ grants: 0 }),
      check({ nodes, memory }) {
        const grants = Math.max(0, ...nodes.map(({ state }) => state.grants ?? 0));
        if (grants < memory.grants) return `from ${memory.grants} to ${grants}`;
        memory.grants = grants;
        return undefined;
      },
    }),
  },
});

export default lease;
