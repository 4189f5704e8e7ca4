/** A plain client of Redis: it sends commands as they are typed, and receives messages. */
import { operation, role } from '../../protocol/define.ts';
import type { Json, Node, NodeId, OperationId } from '../../protocol/types.ts';
import { commandSummary } from './redis.ts';
import { errorOf, isList, type Reply } from './reply.ts';
import type { Command, Push, RedisReply } from './server-state.ts';

/** A command without a reply. */
interface Pending {
  readonly request: number;
  readonly operation: OperationId;
  readonly command: string;
}

export interface Client {
  state: {
    /** The number of the last command. */
    serial: number;
    /** The server that it speaks to. */
    server: NodeId;
    /** Commands without a reply, the oldest first. */
    pending: Pending[];
  };
  receives: { Reply: RedisReply; Push: Push; Promoted: object };
  sends: { Command: Command };
  timers: object;
  events: {
    MessageReceived: { channel: string; message: string };
  };
  options: { server: NodeId | null };
}

type ClientNode = Node<Client>;

export const client = role<Client>({
  doc: 'A client that sends commands and receives the messages of its subscriptions.',
  joins: true,
  options: {
    server: {
      kind: 'node', default: null, doc: 'The server that it speaks to; by default the first one.',
    },
  },
  init: () => ({ serial: 0, server: '', pending: [] }),
  summary: { messages: commandSummary },
  durable: ['serial'],
  start(node) {
    node.state.server = node.options.server ?? node.nodes('redis')[0];
  },

  messages: {
    Reply(node, { request, reply }) {
      const { pending } = node.state;
      const answered = pending.find((one) => one.request === request);
      if (answered === undefined) return;
      node.state.pending = pending.filter((one) => one !== answered);
      const error = errorOf(reply);
      if (error === undefined) node.reply(answered.operation, plain(reply));
      else node.fail(answered.operation, error);
    },
    Push(node, { reply }) {
      const words = isList(reply) ? reply.map(String) : [];
      const message = words.at(-1) ?? '';
      const channel = words.at(-2) ?? '';
      if (/^p?message$/.test(words[0])) node.event('MessageReceived', { channel, message });
    },
    Promoted(node, _message, from) {
      node.state.server = from;
    },
  },

  timers: {},

  operations: {
    redis: operation<Client>()({
      doc: 'Sends a command, written as for redis-cli; answers the reply.',
      parameters: { command: 'string' },
      run: sendCommand,
    }),
    connect: operation<Client>()({
      doc: 'Sends its next commands to another server.',
      parameters: { server: 'node' },
      run(node, { server }, id) {
        node.state.server = server;
        node.reply(id, 'OK');
      },
    }),
  },

  look: ({ pending }) => ({
    standing: pending.length > 0 ? 'waiting' : '',
    tone: pending.length > 0 ? 'bid' : 'follow',
  }),
});

function sendCommand(node: ClientNode, { command }: { command: string }, id: OperationId): void {
  const { state } = node;
  const request = ++state.serial;
  state.pending.push({ request, operation: id, command });
  node.send(state.server, { type: 'Command', command, request });
}

/** A status as the string that it is, an error in a list with its text. */
function plain(reply: Reply): Json {
  if (reply === null || typeof reply !== 'object') return reply;
  if (isList(reply)) return reply.map(plain);
  return 'ok' in reply ? reply.ok : { error: reply.err };
}

export const clientEvents: Record<keyof Client['events'], string> = {
  MessageReceived: 'A message arrived on a channel that a client is subscribed to.',
};
