/** The ZooKeeper server: it orders all writes, keeps sessions, and fires watches. */
// One server represents the ensemble: ZAB, by which its servers agree on the order of transactions,
// is not simulated.
import type { ConnectionId } from '../../protocol/connection.ts';
import { role } from '../../protocol/define.ts';
import type { HolderLook } from '../../protocol/look.ts';
import type { Frozen } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import { type Server, type ServerNode, type ServerState } from './server-state.ts';
import { connect, detach, endSession, touch } from './sessions.ts';
import {
  childrenOf, emptyTree, namesOf, sequenceOf, statOf, type Transaction, write, writeAll, znodeAt,
} from './tree.ts';
import { addWatch, fire, type FiredWatch, setAgain } from './watches.ts';
import {
  answerSummaries, type Command, type Read, type Response, zxidText,
} from './wire.ts';

const epochUnit = 2 ** 32;

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
    zxid: epochUnit, ...emptyTree(), sessions: {}, sessionCount: 0, connections: {}, watches: [],
  }),
  durable: ['zxid', 'znodes', 'containers', 'sessions', 'sessionCount'],
  summary: { messages: answerSummaries },

  // Sessions survive a crash: the next leader restarts their timeouts, in a new epoch.
  start(node) {
    const { state } = node;
    if (state.zxid > epochUnit) state.zxid = (Math.floor(state.zxid / epochUnit) + 1) * epochUnit;
    for (const [session, { timeout }] of Object.entries(state.sessions)) {
      touch(node, session, timeout);
    }
  },

  // The end of a connection does not end its session: the client may connect again in time.
  connection: { ended: (node, _client, connection) => detach(node.state, connection) },

  messages: {
    ConnectRequest: connect,
    Request(node, { xid, command }, _from, connection) {
      const { state } = node;
      if (!hears(node, connection)) return;
      const response = execute(node, command, connection);
      node.send(connection, { type: 'Reply', xid, zxid: state.zxid, response });
      if (command.op === 'close') node.disconnect(connection);
    },
    Ping(node, _none, _from, connection) {
      if (!hears(node, connection)) return;
      node.send(connection, { type: 'Pong', zxid: node.state.zxid });
    },
  },

  timers: {
    session(node, session) {
      const { client } = node.state.sessions[session];
      node.event('SessionExpired', { session, client });
      deleteSession(node, session);
      // The client, if it is there, learns only that its connection was closed.
      for (const [connection, attached] of Object.entries(node.state.connections)) {
        if (attached.session !== session) continue;
        detach(node.state, connection);
        node.disconnect(connection);
      }
    },
  },

  look: (state) => ({
    tone: 'follow',
    holder: queues(state),
    facts: { zxid: zxidText(state.zxid), sessions: Object.keys(state.sessions).length },
  }),
});

/** The queue of each lock: the clients in the order of the numbers of their znodes. */
function queues(state: Readonly<ServerState>): HolderLook[] {
  const shown: HolderLook[] = [];
  for (const lock of Object.keys(state.containers)) {
    const places = childrenOf(state, lock)
      .filter((path) => state.znodes[path]?.session && !Number.isNaN(sequenceOf(path)))
      .sort((a, b) => sequenceOf(a) - sequenceOf(b))
      .map((path) => {
        const { session } = state.znodes[path];
        return `${state.sessions[session]?.client ?? 'no session'} (${sequenceOf(path)})`;
      });
    if (places.length > 0) shown.push({ of: lock, is: places.join(', then ') });
  }
  return shown;
}

/** Whether a connection carries a session; all that arrives on it says that its client is alive. */
function hears(node: ServerNode, connection: ConnectionId): boolean {
  const attached = node.state.connections[connection];
  if (attached === undefined) return false;
  touch(node, attached.session, attached.timeout);
  return true;
}

function execute(
  node: ServerNode,
  command: Frozen<Command>,
  connection: ConnectionId,
): Response {
  const { state } = node;
  switch (command.op) {
    case 'get':
    case 'exists':
    case 'children':
      return read(state, command, connection);
    case 'sync':
      // One server is never behind itself.
      return 'OK';
    case 'set-watches':
      notify(node, setAgain(state, command, connection));
      return 'OK';
    case 'close': {
      const { session } = state.connections[connection];
      deleteSession(node, session);
      detach(state, connection);
      return 'OK';
    }
    default: {
      const transaction = begin(node, state.connections[connection].session);
      const response: Response =
        command.op === 'multi'
          ? { results: writeAll(state, command.writes, transaction) }
          : write(state, command, transaction);
      notifyOf(node, transaction);
      return response;
    }
  }
}

/** Every write is a transaction with a zxid of its own, even one that fails. */
function begin({ state }: ServerNode, session: string): Transaction {
  const zxid = ++state.zxid;
  return { zxid, session, changes: [] };
}

function read(
  state: ServerState,
  { op, path, watch }: Read,
  connection: ConnectionId,
): Response {
  const znode = znodeAt(state, path);
  // Only `exists` can watch what does not exist.
  if (watch && (znode !== undefined || op === 'exists')) {
    addWatch(state, { kind: op === 'children' ? 'child' : 'data', path, connection });
  }
  if (znode === undefined) return { error: 'NONODE' };
  if (op === 'children') return { names: namesOf(state, path) };
  const stat = statOf(znode);
  return op === 'get' ? { data: znode.data, stat } : { stat };
}

function deleteSession(node: ServerNode, session: string): void {
  const transaction = begin(node, session);
  endSession(node, session, transaction);
  notifyOf(node, transaction);
}

function notifyOf(node: ServerNode, { changes }: Transaction): void {
  for (const change of changes) notify(node, fire(node.state, change));
}

/** Events leave before the reply to the request that caused them. */
function notify(node: ServerNode, fired: readonly FiredWatch[]): void {
  for (const { type, path, connection } of fired) {
    const { client } = node.state.connections[connection];
    node.event('WatchFired', { key: path, client });
    node.send(connection, { type, path });
  }
}
