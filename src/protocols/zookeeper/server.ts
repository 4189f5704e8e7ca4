/** The ZooKeeper server of the lock recipe: ordered znodes, sessions that expire, watches. */
// One server represents the ensemble: ZAB, by which its servers agree on the order of transactions,
// is not simulated.
import { role } from '../../protocol/define.ts';
import type { Micros, Node, NodeId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import { executeOnce } from '../shared/execute-once.ts';
import {
  type Server, type ServerState, type ZooKeeperCommand, type ZooKeeperResponse, zxidText,
} from './state.ts';

type ServerNode = Node<Server>;

const epochUnit = 2 ** 32;

function epochOf(zxid: number): number {
  return Math.floor(zxid / epochUnit);
}

export const server = role<Server>({
  doc: 'A ZooKeeper ensemble, as one server: it stores znodes and sessions, and fires watches.',
  options: {
    tickTime: {
      kind: 'duration',
      default: seconds(2),
      min: milliseconds(1),
      doc: 'A session times out after 2 to 20 ticks, and expires at a whole tick.',
    },
  },
  init: (): ServerState => ({
    zxid: epochUnit,
    znodes: {}, sequences: {}, sessions: {}, sessionCount: 0, answers: {}, watches: [],
  }),
  durable: ['zxid', 'znodes', 'sequences', 'sessions', 'sessionCount', 'answers'],

  // Sessions survive a crash: the next leader restarts their timeouts, in a new epoch.
  start(node) {
    const { state } = node;
    if (state.zxid > epochUnit) state.zxid = (epochOf(state.zxid) + 1) * epochUnit;
    for (const session of Object.keys(state.sessions)) touch(node, session);
  },

  messages: {
    Request(node, request, from) {
      const { serial, command } = request;
      if ('session' in command && command.session in node.state.sessions) {
        touch(node, command.session);
      }
      const response = executeOnce(node.state.answers, from, request, { node, from }, execute);
      node.send(from, { type: 'Reply', serial, response });
    },
    Ping(node, { session }, from) {
      const alive = session in node.state.sessions;
      if (alive) touch(node, session);
      node.send(from, { type: 'Pong', session, alive, epoch: epochOf(node.state.zxid) });
    },
  },

  timers: {
    session(node, session) {
      const { client } = node.state.sessions[session];
      node.event('SessionExpired', { session, client });
      endSession(node, session);
    },
  },

  look: (state) => ({
    tone: 'follow',
    facts: {
      zxid: zxidText(state.zxid), sessions: Object.keys(state.sessions).length, ...queues(state),
    },
  }),
});

/** The queue of each lock: the clients in the order of the numbers of their znodes. */
function queues({ znodes, sessions }: Readonly<ServerState>): Record<string, string> {
  const shown: Record<string, string> = {};
  const inOrder = Object.entries(znodes).sort(([, a], [, b]) => a.czxid - b.czxid);
  for (const [path, { session, sequence }] of inOrder) {
    const lock = parentOf(path);
    const place = `${sessions[session]?.client ?? 'no session'} (${sequence})`;
    shown[lock] = lock in shown ? `${shown[lock]}, then ${place}` : `held by ${place}`;
  }
  return shown;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

interface Execution {
  readonly node: ServerNode;
  readonly from: NodeId;
}

function execute({ node, from }: Execution, command: ZooKeeperCommand): ZooKeeperResponse {
  const { state } = node;
  if (command.op === 'create-session') return createSession(node, command.timeout, from);
  if (!(command.session in state.sessions)) return { error: 'session expired' };
  switch (command.op) {
    case 'close-session':
      endSession(node, command.session);
      return 'OK';
    case 'create':
      return create(node, command.parent, command.name, command.session);
    case 'delete': {
      const existed = command.path in state.znodes;
      if (existed) remove(node, command.path, ++state.zxid);
      return existed;
    }
    case 'children':
      return childrenOf(state, command.parent);
    case 'exists': {
      const exists = command.path in state.znodes;
      if (exists) addWatch(state, command.path, from);
      return exists;
    }
  }
}

/** Numbers are not reused, so the order of the names is the order of creation. */
function create(
  node: ServerNode,
  parent: string,
  name: string,
  session: string,
): ZooKeeperResponse {
  const { state } = node;
  const sequence = state.sequences[parent] ?? 0;
  state.sequences[parent] = sequence + 1;
  const path = `${parent}/${name}${String(sequence).padStart(10, '0')}`;
  const czxid = ++state.zxid;
  state.znodes[path] = { czxid, session, sequence };
  return { path, czxid, sequence };
}

export function childrenOf({ znodes }: Pick<ServerState, 'znodes'>, parent: string): string[] {
  return Object.keys(znodes).filter((path) => parentOf(path) === parent).sort();
}

function remove(node: ServerNode, path: string, zxid: number): void {
  const { state } = node;
  state.zxid = zxid;
  delete state.znodes[path];
  const fired = state.watches.filter((watch) => watch.path === path);
  state.watches = state.watches.filter((watch) => watch.path !== path);
  for (const { client } of fired) {
    node.event('WatchFired', { key: path, client });
    node.send(client, { type: 'NodeDeleted', path });
  }
}

function addWatch({ watches }: ServerState, path: string, client: NodeId): void {
  const isSet = watches.some((watch) => watch.path === path && watch.client === client);
  if (!isSet) watches.push({ path, client });
}

// Sessions

function createSession(node: ServerNode, requested: Micros, client: NodeId): ZooKeeperResponse {
  const { state, options } = node;
  const timeout = Math.min(Math.max(requested, 2 * options.tickTime), 20 * options.tickTime);
  const session = `0x${(0x10000000 + ++state.sessionCount).toString(16)}`;
  state.zxid++;
  state.sessions[session] = { client, timeout };
  touch(node, session);
  node.event('SessionCreated', { session, client, timeout });
  return { session, timeout, epoch: epochOf(state.zxid) };
}

/** The server checks sessions once a tick, so one expires at the first tick after its timeout. */
function touch(node: ServerNode, session: string): void {
  const { tickTime } = node.options;
  const now = node.now();
  const due = now + node.state.sessions[session].timeout;
  const expires = (Math.floor(due / tickTime) + 1) * tickTime;
  node.setTimer('session', expires - now, session);
}

/** The transaction that closes a session also deletes all of its ephemeral nodes. */
function endSession(node: ServerNode, session: string): void {
  const { state } = node;
  node.cancelTimer('session', session);
  const zxid = state.zxid + 1;
  state.zxid = zxid;
  const { client } = state.sessions[session];
  state.watches = state.watches.filter((watch) => watch.client !== client);
  delete state.sessions[session];
  for (const path of Object.keys(state.znodes)) {
    if (state.znodes[path].session === session) remove(node, path, zxid);
  }
}
