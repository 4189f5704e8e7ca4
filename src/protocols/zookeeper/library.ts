/** The client library, after the Java client: one session, over one connection after another. */
// After org.apache.zookeeper.ClientCnxn. A request whose reply does not come has an unknown
// outcome, and the library does not repeat it: the application must know what to do.
import type { ConnectionHandlers } from '../../protocol/connection.ts';
import type { Frozen, Micros, Node, NodeId, OperationId, Role } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import type { Application, Library, PendingRequest } from './library-state.ts';
import { type Command, isFailure, type Response, type WatchEventType } from './wire.ts';

type Client = Node<Library>;

/** A client pings at least this often, however long its timeout is. */
const longestPing = seconds(10);

/** Begins a session, which has to be closed or to expire before the next one. */
export function openSession(node: Client, timeout: Micros): void {
  Object.assign(node.state, { status: 'connecting', requested: timeout, timeout });
  openConnection(node);
}

/** Sends a request; without a connection, as soon as there is one. */
export function request(
  node: Client,
  purpose: string,
  operation: OperationId,
  command: Frozen<Command>,
): void {
  const { state } = node;
  const added = { xid: ++state.xid, command, purpose, operation, sentAt: -1 };
  state.pending.push(added);
  if (state.status === 'connected') send(node, added);
}

/** The handlers of a role that uses the library. */
export function library(app: Application) {
  const connection: ConnectionHandlers<Client, object> = {
    opened: (node, _server, id) => introduce(node, id),
    ended(node, _server, id) {
      if (id === node.state.connection) disconnected(node, app);
    },
  };
  return { connection, messages: messagesFor(app), timers: timersFor(app) };
}

export const libraryBackground = ['ping', 'silence', 'reconnect'] as const;

function messagesFor(app: Application): Role<Library>['messages'] {
  const watchFired = (type: WatchEventType) => (node: Client, { path }: { path: string }): void => {
    heard(node, undefined, app);
    forgetWatch(node, type, path);
    app.watchFired(node, type, path);
  };
  return {
    ConnectResponse(node, { timeout, session, password }, _server, connection) {
      const { state } = node;
      if (connection !== state.connection) return;
      if (timeout === 0) {
        node.event('Expired', { session });
        endSession(node, 'SESSIONEXPIRED', app);
        return;
      }
      const lastServer = state.server;
      const isResumed = state.session !== '';
      Object.assign(state, { status: 'connected', session, password, timeout, lastServer });
      heard(node, node.now(), app);
      node.event('SyncConnected', { session });
      setWatchesAgain(node);
      if (isResumed) app.reconnected?.(node);
      for (const waiting of state.pending) if (waiting.sentAt < 0) send(node, waiting);
      keepAlive(node);
    },
    Reply(node, { xid, zxid, response }, _server, connection) {
      const { state } = node;
      if (connection !== state.connection) return;
      const answered = state.pending.shift();
      // The server answers in the order of the requests, so the two no longer agree.
      if (answered?.xid !== xid) return abandon(node, app);
      state.lastZxid = zxid;
      heard(node, answered.sentAt, app);
      noteWatch(node, answered, response);
      finish(node, answered, response, app);
    },
    Pong(node) {
      heard(node, node.state.pingedAt, app);
    },
    NodeCreated: watchFired('NodeCreated'),
    NodeDeleted: watchFired('NodeDeleted'),
    NodeDataChanged: watchFired('NodeDataChanged'),
    NodeChildrenChanged: watchFired('NodeChildrenChanged'),
  };
}

function timersFor(app: Application): Role<Library>['timers'] {
  return {
    ping(node) {
      node.state.pingedAt = node.now();
      node.send(node.state.connection, { type: 'Ping' });
      keepAlive(node);
    },
    // After two thirds of the timeout without an answer, a client looks for another server.
    silence: (node) => abandon(node, app),
    reconnect: openConnection,
  };
}

// Connections

/** The servers that it knows (`HostProvider`). */
function serversOf({ options, nodes }: Client): readonly NodeId[] {
  return options.servers.length > 0 ? options.servers : [...nodes('server'), ...nodes('observer')];
}

/** Connects to the server that is the next in its list. */
function openConnection(node: Client): void {
  const { state } = node;
  const servers = serversOf(node);
  state.server = (state.server + 1) % servers.length;
  if (state.lastServer < 0) state.lastServer = 0;
  state.connection = node.connect(servers[state.server]);
  node.setTimer('silence', connectTimeout(node, state.timeout));
}

/** Each server has a part of the timeout; once connected, two thirds of it may pass in silence. */
function connectTimeout(node: Client, timeout: Micros): Micros {
  return Math.floor(timeout / serversOf(node).length);
}

/** It waits longer before it begins its list anew. */
function reconnectLater(node: Client): void {
  const { state, options } = node;
  const next = (state.server + 1) % serversOf(node).length;
  const [shortest, longest] = options.reconnectAfter;
  const more = next === state.lastServer ? options.spinDelay : 0;
  node.setTimer('reconnect', [shortest + more, longest + more]);
}

/** The first message on each connection names the session that shall go on over it. */
function introduce(node: Client, connection: string): void {
  const { state } = node;
  if (connection !== state.connection) return;
  const { requested: timeout, lastZxid, session, password } = state;
  node.setTimer('silence', connectTimeout(node, timeout));
  node.send(connection, { type: 'ConnectRequest', timeout, lastZxid, session, password });
}

function send(node: Client, waiting: PendingRequest): void {
  const { state } = node;
  waiting.sentAt = node.now();
  const { xid, command } = waiting;
  node.send(state.connection, { type: 'Request', xid, command });
  keepAlive(node);
}

/** A client that has nothing to say pings at a third of the timeout. */
function keepAlive(node: Client): void {
  node.setTimer('ping', Math.min(Math.floor(node.state.timeout / 3), longestPing));
}

/** `sentAt` is when the client sent what the server has answered, so the server heard it later. */
function heard(node: Client, sentAt: Micros | undefined, app: Application): void {
  const { state } = node;
  if (state.status !== 'connected') return;
  node.setTimer('silence', Math.floor((2 * state.timeout) / 3));
  if (sentAt === undefined) return;
  state.validUntil = sentAt + state.timeout;
  app.heard?.(node, state.validUntil);
}

function abandon(node: Client, app: Application): void {
  node.disconnect(node.state.connection);
  disconnected(node, app);
}

/** All requests without a reply have an unknown outcome now, also those that were not sent yet. */
function disconnected(node: Client, app: Application): void {
  const { state } = node;
  const { session } = state;
  const wasConnected = state.status === 'connected';
  Object.assign(state, { status: 'connecting', connection: '' });
  node.cancelTimer('ping');
  node.cancelTimer('silence');
  if (wasConnected) {
    node.event('Disconnected', { session });
    app.disconnected?.(node);
  }
  reconnectLater(node);
  failPending(node, 'CONNECTIONLOSS', app);
}

function failPending(
  node: Client,
  error: 'CONNECTIONLOSS' | 'SESSIONEXPIRED',
  app: Application,
): void {
  const failed = node.state.pending;
  node.state.pending = [];
  for (const one of failed) finish(node, one, { error }, app);
}

function finish(
  node: Client,
  answered: PendingRequest,
  response: Frozen<Response>,
  app: Application,
): void {
  const isEnd = answered.command.op === 'close';
  if (isEnd && node.state.status !== 'closed') endSession(node, 'CONNECTIONLOSS', app);
  if (answered.purpose !== '') app.answered(node, answered, response);
}

function endSession(
  node: Client,
  error: 'CONNECTIONLOSS' | 'SESSIONEXPIRED',
  app: Application,
): void {
  const { state } = node;
  if (state.connection !== '') node.disconnect(state.connection);
  for (const timer of libraryBackground) node.cancelTimer(timer);
  Object.assign(state, {
    status: 'closed', connection: '', server: -1, lastServer: -1, session: '', password: '',
    lastZxid: 0, watched: { data: [], exist: [], child: [] },
  });
  failPending(node, error, app);
  app.ended(node);
}

// Watches

function noteWatch(
  { state }: Client,
  { command }: PendingRequest,
  response: Frozen<Response>,
): void {
  if (!('watch' in command) || !command.watch) return;
  const { op, path } = command;
  if (isFailure(response)) {
    if (op === 'exists' && response.error === 'NONODE') note(state.watched.exist, path);
  } else note(op === 'children' ? state.watched.child : state.watched.data, path);
}

function note(paths: string[], path: string): void {
  if (!paths.includes(path)) paths.push(path);
}

/** An event is the end of the watches that it fired. */
function forgetWatch({ state }: Client, type: WatchEventType, path: string): void {
  const { watched } = state;
  const without = (paths: string[]) => paths.filter((one) => one !== path);
  if (type !== 'NodeChildrenChanged') {
    watched.data = without(watched.data);
    watched.exist = without(watched.exist);
  }
  if (type === 'NodeChildrenChanged' || type === 'NodeDeleted') {
    watched.child = without(watched.child);
  }
}

/** The server has forgotten its watches with the connection before. */
function setWatchesAgain(node: Client): void {
  const { watched, lastZxid: zxid, pending } = node.state;
  const { data, exist, child } = watched;
  if (data.length + exist.length + child.length === 0) return;
  request(node, '', '', { op: 'set-watches', zxid, data, exist, child });
  // It comes before the requests that waited for the connection.
  pending.unshift(pending.pop()!);
}
