/** A correct protocol, which the compiler must accept: it uses every export of `lockstep`. */
import {
  between, defineProtocol, derivedEvent, type DerivedEvent, frozen, invariant, milliseconds, type Node, type NodeId, operation,
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

interface Roles {
  server: Server;
  worker: Worker;
}

const noHolder = invariant<Roles>()({
  doc: 'Nobody has the lease twice.',
  remember: () => ({ holders: [] as NodeId[] }),
  check({ nodes, memory }) {
    for (const node of nodes) {
      if (node.role === 'server' && node.state.holder) memory.holders.push(node.state.holder);
    }
    return undefined;
  },
});

const anyGrant = derivedEvent<Roles>()({
  look: ({ acted }) => (acted?.role === 'server' ? [{ grants: acted.state.grants }] : []),
});

const allDown: DerivedEvent<{ reported: boolean }> = {
  remember: () => ({ reported: false }),
  look({ nodes, acted, memory }) {
    if (acted === undefined || memory.reported || nodes.some(({ up }) => up)) return [];
    memory.reported = true;
    return [{ last: acted.id }];
  },
};

const lease: Protocol = defineProtocol({
  name: 'lease',
  doc: 'A lease.',
  source: 'test',
  events: { LeaseGranted: 'A node has the lease.', AllDown: 'No node is running.', AnyGrant: 'A grant.', Asked: 'Asked.' },
  roles: { server, worker },
  defaultRole: 'worker',
  derivedEvents: {
    AllDown: allDown,
    AnyGrant: anyGrant,
    Asked: { look: ({ acted }) => (acted?.role === 'worker' ? acted.state.asked.map((id) => ({ id })) : []) },
  },
  invariants: {
    'grants only grow': {
      doc: 'A grant has a higher number than the one before.',
      remember: () => ({ grants: 0 }),
      check({ nodes, memory }) {
        const servers = nodes.filter((node) => node.role === 'server');
        const grants = Math.max(0, ...servers.map(({ state }) => state.grants));
        if (grants < memory.grants) return `from ${memory.grants} to ${grants}`;
        memory.grants = grants;
        return undefined;
      },
    },
    'a grant is an answer to its holder': {
      doc: 'The message of this step, its events and its answers are typed.',
      when: ({ events }) => events.some(({ name, fields }) => name === 'LeaseGranted' && fields.number),
      check({ message, answers, acted, invoked }) {
        if (message?.body.type === 'Acquire' && message.body.ttl < 0) return message.from;
        const [first] = answers;
        if (first?.name === 'acquire' && first.ok) return String(first.args.ttl ?? first.result);
        return acted?.role === 'server' ? acted.state.holder ?? undefined : invoked?.operation;
      },
    },
    'declared outside': noHolder,
    'without roles': invariant<{ seen: number }>({
      doc: 'It must test what it reads.',
      remember: () => ({ seen: 0 }),
      check: ({ nodes, memory }) => (nodes.length < memory.seen ? 'fewer nodes' : undefined),
    }),
  },
});

export default lease;
