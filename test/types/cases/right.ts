/** A correct protocol, which the compiler must accept: it uses every export of `lockstep`. */
import {
  between, broadcast, defineProtocol, derivedEvent, type DerivedEvent, frozen, invariant, majority, type MessageOf,
  milliseconds, type Node, type NodeId, noRequests, operation, type OperationId, pick, type Protocol, reply, request,
  type Requests, retry, role, seconds, shuffle, takeRequest,
} from 'lockstep';

interface Server {
  state: { holder: NodeId | null; grants: number; log: { readonly to: NodeId }[] };
  receives: { Acquire: { ttl: number }; Release: object };
  sends: { Granted: { number: number }; Denied: { holder: NodeId } };
  timers: { expire: { holder: NodeId }; tick: void; session: string; late: number | undefined };
  events: { LeaseGranted: { to: NodeId; number: number } };
  options: {
    slack: number; share: number; title: string; leader: NodeId | null;
    waits: readonly number[]; words: readonly string[];
  };
}

const server = role<Server>({
  doc: 'Grants a lease.',
  options: {
    slack: { kind: 'duration', default: milliseconds(5), doc: 'Added to each lease.' },
    share: { kind: 'number', default: 0.5, min: 0, doc: 'A share.' },
    title: { kind: 'string', default: '', doc: 'A title.' },
    leader: { kind: 'node', default: null, role: 'server', doc: 'Who leads.' },
    waits: { kind: 'list', of: 'duration', default: [milliseconds(5)], doc: 'Some waits.' },
    words: { kind: 'list', of: 'string', default: ['a'], choices: ['a', 'b'], doc: 'Some words.' },
  },
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
    Release(node, _message, from) {
      node.cancelTimer('expire');
      // A timer without data takes only a key; a string is data and key.
      node.setTimer('tick', seconds(1), from);
      node.setTimer('session', seconds(1), from);
      node.setTimer('session', seconds(1), from, 'another key');
      node.setTimer('late', seconds(1));
      node.setTimer('late', seconds(1), 1, from);
    },
  },
  timers: {
    expire(node, { holder }) {
      if (node.state.holder === holder) node.state.holder = null;
    },
    tick: () => {},
    session: (node, client) => node.cancelTimer('session', client.trim()),
    late: (node, count) => node.setTimer('late', (count ?? 0) + 1),
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
      parameters: { ttl: 'duration', note: 'string?', sizes: 'integer[]?', tags: 'string[]' },
      run(node, { ttl, note, sizes, tags }, id) {
        const total: number = (sizes ?? []).reduce((sum, size) => sum + size, 0);
        node.reply(id, total + tags.join().length);
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
  doc: 'No worker holds the lease twice.',
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

interface Asker {
  state: { requests: Requests<MessageOf<Pick<Asker['sends'], 'Ask' | 'Tell'>>>; answers: number };
  receives: { Ask: { request: number; what: string }; Answer: { request: number; ok: boolean } };
  sends: Asker['receives'] & { Tell: { request: number; news: string[] }; Bye: object };
  timers: { requestTimeout: string };
  events: object;
  options: object;
}

role<Asker>({
  doc: 'Uses each pattern.',
  init: () => ({ requests: noRequests(), answers: 0 }),
  start(node) {
    const first: NodeId = pick(node, shuffle(node, node.peers));
    const policy = { timeout: seconds(1), attempts: 3 };
    request(node, first, { type: 'Tell', news: ['a'] }, { ...policy, operation: 'a#1' });
    const number: number = request(node, first, { type: 'Ask', what: 'x' }, policy);
    broadcast(node, { type: 'Bye' });
    broadcast(node, { type: 'Ask', request: number, what: 'y' }, node.nodes('asker').slice(1));
  },
  messages: {
    Ask: (node, message, from) => reply(node, from, message, { type: 'Answer', ok: true }),
    Answer(node, message) {
      const asked = takeRequest(node, message);
      if (asked?.message.type === 'Tell') asked.message.news.includes('a');
      if (++node.state.answers >= majority(node.peers.length + 1) && asked?.operation) {
        node.reply(asked.operation, asked.to);
      }
    },
  },
  timers: {
    requestTimeout(node, key) {
      const givenUp = retry(node, key);
      if (givenUp?.operation) node.fail(givenUp.operation, givenUp.message.type);
    },
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
  events: { LeaseGranted: 'A node has the lease.', AllDown: 'No node is running.', AnyGrant: 'A grant.', Asked: 'Asked.' },
  roles: { server, worker },
  defaultRole: 'worker',
  derivedEvents: {
    AllDown: allDown,
    AnyGrant: anyGrant,
    Asked: { look: ({ acted }) => (acted?.role === 'worker' ? acted.state.asked.map((id) => ({ id })) : []) },
  },
  units: { ttl: 'microseconds' },
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
