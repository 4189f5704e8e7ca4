// The protocol of the transcripts of ZooKeeper: the server, the Java client, and small raw clients.
import type { ConnectionId } from '../../../src/protocol/connection.ts';
import { defineProtocol, operation, role } from '../../../src/protocol/define.ts';
import type { MessageOf, Node } from '../../../src/protocol/types.ts';
import { client, clientEvents } from '../../../src/protocols/zookeeper/client.ts';
import { serverEvents } from '../../../src/protocols/zookeeper/server-state.ts';
import { serverInvariants } from '../../../src/protocols/zookeeper/server-invariants.ts';
import { server } from '../../../src/protocols/zookeeper/server.ts';
import { zabInvariants } from '../../../src/protocols/zookeeper/zab/zab-invariants.ts';
import type { ServerAnswers, ServerRequests } from '../../../src/protocols/zookeeper/wire.ts';

/** A connection of a raw client, and what came on it. */
export interface RawPath {
  connection: ConnectionId;
  /** The ConnectRequest, which is sent once the connection is open. */
  readonly first: MessageOf<ServerRequests>;
  inbox: MessageOf<ServerAnswers>[];
  hasEnded: boolean;
}

export interface RawState {
  paths: RawPath[];
  /** How often it pings on its newest path, in microseconds; 0 for never. */
  pingEvery: number;
}

interface Raw {
  state: RawState;
  receives: ServerAnswers;
  sends: ServerRequests;
  timers: { ping: void };
  events: object;
  options: object;
}

function receive(
  { state }: Node<Raw>,
  message: MessageOf<ServerAnswers>,
  _from: string,
  connection: ConnectionId,
): void {
  state.paths.find((one) => one.connection === connection)?.inbox.push(message);
}

/** Sends what it is told to, and neither retries, pings nor reconnects by itself. */
const raw = role<Raw>({
  doc: 'A client that does nothing by itself.',
  init: () => ({ paths: [], pingEvery: 0 }),
  connection: {
    opened(node, _server, connection) {
      const path = node.state.paths.find((one) => one.connection === connection);
      if (path !== undefined) node.send(connection, path.first);
    },
    ended(node, _server, connection) {
      const path = node.state.paths.find((one) => one.connection === connection);
      if (path !== undefined) path.hasEnded = true;
    },
  },
  messages: {
    ConnectResponse: receive, Reply: receive, Pong: receive, NodeCreated: receive,
    NodeDeleted: receive, NodeDataChanged: receive, NodeChildrenChanged: receive,
  },
  timers: {
    ping(node) {
      node.send(node.state.paths.at(-1)!.connection, { type: 'Ping' });
      node.setTimer('ping', node.state.pingEvery);
    },
  },
  operations: {
    open: operation<Raw>()({
      doc: 'Opens a connection for a session.',
      parameters: { server: 'node', request: 'string' },
      run(node, { server, request }) {
        const connection = node.connect(server);
        const first = JSON.parse(request) as MessageOf<ServerRequests>;
        node.state.paths.push({ connection, first, inbox: [], hasEnded: false });
      },
    }),
    send: operation<Raw>()({
      doc: 'Sends a message on one of its connections.',
      parameters: { path: 'integer', message: 'string' },
      run(node, { path, message }) {
        const { connection } = node.state.paths[path];
        node.send(connection, JSON.parse(message) as MessageOf<ServerRequests>);
      },
    }),
    pingEvery: operation<Raw>()({
      doc: 'Pings from now on.',
      parameters: { every: 'duration' },
      run(node, { every }) {
        node.state.pingEvery = every;
        node.setTimer('ping', every);
      },
    }),
    die: operation<Raw>()({
      doc: 'Closes its newest connection, as the host of a process that ends does.',
      parameters: {},
      run: (node) => node.disconnect(node.state.paths.at(-1)!.connection),
    }),
  },
});

export const transcriptProtocol = defineProtocol({
  name: 'zookeeper-transcripts',
  doc: 'A server and the clients of the transcripts.',
  source: 'the transcripts',
  events: { ...serverEvents, ...clientEvents },
  connections: [['server', 'server'], ['raw', 'server'], ['java', 'server']],
  roles: { server, raw, java: client },
  invariants: { ...serverInvariants, ...zabInvariants },
});
