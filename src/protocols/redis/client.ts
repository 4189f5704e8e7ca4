/** A plain client of Redis: it sends commands as they are typed, and receives messages. */
import { operation, role } from '../../protocol/define.ts';
import type { ConnectionId, Ending } from '../../protocol/connection.ts';
import type { Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import { milliseconds } from '../../protocol/units.ts';
import { type LinkOptions, linkOptions, linkSocket } from '../shared/links.ts';
import { takeOne } from '../shared/take-one.ts';
import { commandSummary } from './redis-server.ts';
import { errorOf, reportMessage, plain, pushEvents, type PushEvents } from './reply.ts';
import { unmodelledIn } from './unmodelled.ts';
import type { Command, Push, RedisReply } from './server-state.ts';

/** A command without a reply. */
interface Pending {
  readonly request: number;
  readonly operation: OperationId;
  readonly command: string;
  readonly connection: ConnectionId;
}

export interface Client {
  state: {
    /** The number of the last command. */
    serial: number;
    /** The server that it speaks to. */
    server: NodeId;
    /** Its connection to that server; empty if it has none. */
    connection: ConnectionId;
    /** Commands without a reply, the oldest first. */
    pending: Pending[];
  };
  receives: { Reply: RedisReply; Push: Push; Promoted: object };
  sends: { Command: Command };
  timers: { resend: void; timeout: ConnectionId };
  events: PushEvents;
  options: LinkOptions & { server: NodeId | null; onLostConnection: string; timeout: Micros };
}

type ClientNode = Node<Client>;

export const client = role<Client>({
  doc: 'A client that sends commands and receives the messages of its subscriptions.',
  joins: true,
  options: {
    ...linkOptions,
    server: {
      kind: 'node',
      default: null,
      role: ['redis', 'replica'],
      doc: 'The server that it speaks to; by default the first one.',
    },
    // redis-py and Jedis raise an error; ioredis (autoResendUnfulfilledCommands) and Lettuce (at
    // least once) send the command again.
    onLostConnection: {
      kind: 'choice',
      choices: ['fail', 'resend'],
      default: 'fail',
      doc: 'What becomes of a command without a reply when its connection ends.',
    },
    // redis-py: `socket_timeout`; ioredis: `socketTimeout`; both have none by default.
    timeout: {
      kind: 'duration',
      default: 0,
      min: 0,
      doc: 'How long it waits for a reply before it closes its connection; 0: without limit.',
    },
  },
  init: () => ({ serial: 0, server: '', connection: '', pending: [] }),
  summary: { messages: commandSummary },
  durable: ['serial'],
  start(node) {
    node.state.server = node.options.server ?? node.nodes('redis')[0];
    open(node);
  },
  connection: { socket: linkSocket, ended },

  messages: {
    Reply(node, { request, reply }) {
      const answered = takeOne(node.state.pending, (one) => one.request === request);
      if (answered === undefined) return;
      watchReplies(node, answered.connection);
      const error = errorOf(reply);
      if (error === undefined) node.reply(answered.operation, plain(reply));
      else node.fail(answered.operation, error);
    },
    Push: reportMessage,
    Promoted(node, _message, from) {
      node.state.server = from;
    },
  },

  // A server that refuses connections is tried again after a while.
  timers: {
    resend,
    timeout(node, connection) {
      node.disconnect(connection);
      ended(node, node.state.server, connection, 'timed out');
    },
  },

  operations: {
    redis: operation<Client>()({
      doc: 'Sends a command, written as for redis-cli; answers the reply.',
      parameters: { command: 'string' },
      fault: ({ command }) => unmodelledIn(command),
      run: sendCommand,
    }),
    connect: operation<Client>()({
      doc: 'Opens a new connection, to another server if one is named, and closes the old one.',
      parameters: { server: 'node?' },
      fault({ server }, roleOf) {
        if (server === undefined || /^re(dis|plica)$/.test(roleOf(server))) return undefined;
        return `${server} is not a Redis server: name a node of the role redis or replica`;
      },
      run(node, { server }, id) {
        node.disconnect(node.state.connection);
        if (server !== undefined) node.state.server = server;
        open(node);
        node.reply(id, 'OK');
      },
    }),
  },

  standings: {
    '': { doc: 'No command is under way.', to: { waiting: 'it sends a command' } },
    waiting: { doc: 'It waits for replies.', to: { '': 'all replies are here, or lost' } },
  },
  look: ({ pending }) => ({
    standing: pending.length > 0 ? 'waiting' : '',
    tone: pending.length > 0 ? 'bid' : 'follow',
  }),
});

function sendCommand(node: ClientNode, { command }: { command: string }, id: OperationId): void {
  const { state } = node;
  const request = ++state.serial;
  if (state.connection === '') open(node);
  const { connection } = state;
  state.pending.push({ request, operation: id, command, connection });
  node.send(connection, { type: 'Command', command, request });
  watchReplies(node, connection);
}

/** Starts the time for the next reply, if one is due on this connection. */
function watchReplies(node: ClientNode, connection: ConnectionId): void {
  const { timeout } = node.options;
  if (timeout === 0) return;
  const isDue = node.state.pending.some((one) => one.connection === connection);
  if (isDue) node.setTimer('timeout', timeout, connection, connection);
  else node.cancelTimer('timeout', connection);
}

function open(node: ClientNode): void {
  node.state.connection = node.connect(node.state.server);
}

/**
 * The commands that were on their way have an unknown outcome: they may have been executed. If they
 * are sent again, they may be executed twice.
 */
function ended(node: ClientNode, _peer: NodeId, connection: ConnectionId, how: Ending): void {
  const { state } = node;
  if (state.connection === connection) state.connection = '';
  node.cancelTimer('timeout', connection);
  const lost = state.pending.filter((one) => one.connection === connection);
  if (lost.length === 0) return;
  if (node.options.onLostConnection === 'resend') {
    return node.setTimer('resend', milliseconds(50));
  }
  state.pending = state.pending.filter((one) => one.connection !== connection);
  for (const { operation: id } of lost) {
    node.fail(id, `the connection ended (${how}); the command may have been executed`);
  }
}

/** Sends what has no reply again, in its order, on a new connection. */
function resend(node: ClientNode): void {
  const { state } = node;
  if (state.connection === '') open(node);
  const { connection } = state;
  state.pending = state.pending.map((one) => {
    if (one.connection === connection) return one;
    node.send(connection, { type: 'Command', command: one.command, request: one.request });
    return { ...one, connection };
  });
  watchReplies(node, connection);
}

export const clientEvents: Record<keyof Client['events'], string> = pushEvents;
