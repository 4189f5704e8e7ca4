/** A counter behind a connection: what a client can know about a request whose reply is lost. */
import {
  type ConnectionId, defineProtocol, milliseconds, type Node, type OperationId, operation, role,
  seconds,
} from 'lockstep';

interface Request {
  operation: OperationId;
  connection: ConnectionId;
}

interface Client {
  state: { request: Request | null };
  receives: { Counted: { value: number } };
  sends: { Increment: object };
  timers: { reopen: void };
  events: { OutcomeUnknown: { operation: OperationId } };
  options: { retries: boolean };
}

const client = role<Client>({
  doc: 'Increments the counter, one request at a time.',
  options: {
    retries: { kind: 'boolean', default: false, doc: 'Sends a request again if its fate is unknown.' },
  },
  init: () => ({ request: null }),
  start: (node) => void node.connect('server'),
  connection: {
    opened(node, _peer, connection) {
      const { request } = node.state;
      if (request !== null) ask(node, request.operation, connection);
    },
    ended(node) {
      const { request } = node.state;
      if (request !== null) giveUpOrKeep(node, request);
      node.setTimer('reopen', milliseconds(200));
    },
  },
  messages: {
    Counted(node, { value }) {
      const { request } = node.state;
      node.state.request = null;
      if (request !== null) node.reply(request.operation, value);
    },
  },
  timers: { reopen: (node) => void node.connect('server') },
  operations: {
    increment: operation<Client>()({
      doc: 'Adds one, and answers the new value.',
      parameters: {},
      run(node, _args, id) {
        const [connection] = node.connections('server');
        if (connection === undefined) return node.fail(id, 'not connected');
        ask(node, id, connection);
      },
    }),
  },
});

function ask(node: Node<Client>, operation: OperationId, connection: ConnectionId): void {
  node.state.request = { operation, connection };
  node.send(connection, { type: 'Increment' });
}

/** The server may have counted, or not: nothing that the client can do tells it which. */
function giveUpOrKeep(node: Node<Client>, { operation }: Request): void {
  node.event('OutcomeUnknown', { operation });
  if (node.options.retries) return;
  node.state.request = null;
  node.fail(operation, 'the connection ended: the outcome is unknown');
}

interface Server {
  state: { value: number };
  receives: { Increment: object };
  sends: { Counted: { value: number } };
  timers: object;
  events: object;
  options: object;
}

const server = role<Server>({
  doc: 'Holds the counter.',
  init: () => ({ value: 0 }),
  durable: ['value'],
  connection: {
    // Finds out after 16 s that a client's host is lost.
    socket: () => ({ keepAlive: { idle: seconds(10), interval: seconds(2), count: 3 } }),
  },
  messages: {
    Increment(node, _message, _from, connection) {
      node.state.value++;
      node.send(connection, { type: 'Counted', value: node.state.value });
    },
  },
  timers: {},
});

export default defineProtocol({
  name: 'counter',
  doc: 'A counter that clients increment over connections.',
  source: 'The end-to-end argument: only the application can tell a lost reply from a lost request.',
  events: { OutcomeUnknown: 'A connection ended before the reply to a request came.' },
  connections: [['client', 'server']],
  roles: { client, server },
  invariants: {},
});
