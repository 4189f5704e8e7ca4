/** A small protocol for the kernel's tests of connections: clients that number what they send. */
import { defineProtocol, operation, role } from '../../src/protocol/define.ts';
import type { ConnectionId, Ending, SocketOptions } from '../../src/protocol/connection.ts';
import type { Node } from '../../src/protocol/types.ts';
import { milliseconds, seconds } from '../../src/protocol/units.ts';
import type { NetworkSetup, Setup } from '../../src/kernel/plan.ts';

interface Talk {
  state: {
    /** By connection: what came on it. */
    heard: Record<ConnectionId, number[]>;
    log: string[];
    sent: number;
    /** By connection: how many messages were sent on it, and the places of those that came. */
    places: Record<ConnectionId, number>;
    came: Record<ConnectionId, number[]>;
  };
  receives: { Say: { number: number; place: number } };
  sends: { Say: { number: number; place: number } };
  timers: { again: string };
  events: object;
  options: { keepAlive: boolean; userTimeout: number; reopens: boolean; throws: boolean };
}

const options = {
  keepAlive: { kind: 'boolean', default: false, doc: 'Whether it probes a silent peer.' },
  userTimeout: { kind: 'duration', default: 0, doc: 'How long data may stay unacknowledged.' },
  reopens: { kind: 'boolean', default: false, doc: 'Whether it opens a connection again.' },
  throws: { kind: 'boolean', default: false, doc: 'Whether its socket options throw.' },
} as const;

const connection = {
  socket: ({ options: own }: { options: Talk['options'] }): SocketOptions => {
    if (own.throws) throw new Error('no socket');
    const keepAlive = { idle: seconds(10), interval: seconds(2), count: 3 };
    return { ...(own.keepAlive && { keepAlive }), userTimeout: own.userTimeout };
  },
  opened: (node: Node<Talk>, peer: string, id: ConnectionId) => void node.state.log.push(`${id} opened ${peer}`),
  ended: (node: Node<Talk>, peer: string, id: ConnectionId, how: Ending) => {
    node.state.log.push(`${id} ${how} ${peer}`);
    if (node.options.reopens && peer === 'server') node.setTimer('again', milliseconds(50), peer);
  },
};

const definition = {
  doc: 'Keeps what it hears.',
  options,
  init: () => ({ heard: {}, log: [], sent: 0, places: {}, came: {} }),
  connection,
  messages: {
    Say(node: Node<Talk>, message: { number: number; place: number }, _from: string, id: ConnectionId) {
      (node.state.heard[id] ??= []).push(message.number);
      (node.state.came[id] ??= []).push(message.place);
    },
  },
  timers: { again: (node: Node<Talk>, peer: string) => void node.connect(peer) },
};

/** Sends the next number on the newest connection to a node, or on the one that is named. */
function say(node: Node<Talk>, to: string): void {
  const { state } = node;
  const id = to.includes(':') ? to : (node.connections(to).at(-1) ?? '');
  const place = (state.places[id] = (state.places[id] ?? 0) + 1);
  node.send(to, { type: 'Say', number: ++state.sent, place });
}

const server = role<Talk>({
  ...definition,
  operations: {
    say: operation<Talk>()({
      doc: 'Sends on the newest connection to a node.',
      parameters: { to: 'node' },
      run: (node, { to }) => say(node, to),
    }),
  },
});

const client = role<Talk>({
  ...definition,
  operations: {
    open: operation<Talk>()({
      doc: 'Opens a connection.',
      parameters: {},
      run: (node) => void node.connect('server'),
    }),
    say: operation<Talk>()({
      doc: 'Sends on the newest connection.',
      parameters: {},
      run: (node) => say(node, 'server'),
    }),
    close: operation<Talk>()({
      doc: 'Closes all connections.',
      parameters: {},
      run: (node) => node.connections().forEach((id) => node.disconnect(id)),
    }),
    sayOn: operation<Talk>()({
      doc: 'Sends on one connection.',
      parameters: { connection: 'string' },
      run: (node, args) => say(node, args.connection),
    }),
  },
});

export const talk = defineProtocol({
  name: 'talk',
  doc: 'Clients send numbers to a server.',
  source: 'the kernel tests',
  events: {},
  connections: [['client', 'server']],
  roles: { server, client },
  invariants: {},
});

export function talkSetup(
  own: Record<string, unknown> = {},
  network: Partial<NetworkSetup> = {},
): Setup {
  return {
    protocol: talk,
    seed: 7,
    nodes: [
      { id: 'server', role: 'server', options: own },
      { id: 'A', role: 'client', options: own },
      { id: 'B', role: 'client' },
    ],
    network: { latency: [1_000, 5_000], loss: 0, duplicate: 0, reorder: false, ...network },
  };
}
