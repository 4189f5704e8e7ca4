/** Sessions at the server: they go on over one connection at a time, and expire in silence. */
// After SessionTrackerImpl and ZooKeeperServer.processConnectRequest.
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Frozen, Micros, NodeId } from '../../protocol/types.ts';
import type { ServerNode, ServerState } from './server-state.ts';
import { remove, type Transaction } from './tree.ts';
import type { ServerRequests } from './wire.ts';

/** Opens a session for a client that has connected, or goes on with the one that it names. */
export function connect(
  node: ServerNode,
  request: Frozen<ServerRequests['ConnectRequest']>,
  client: NodeId,
  connection: ConnectionId,
): void {
  const { state, options } = node;
  // The client has seen what this server has not, so it would go back in time here.
  if (request.lastZxid > state.zxid) {
    node.disconnect(connection);
    return;
  }
  const { tickTime } = options;
  const timeout = Math.min(Math.max(request.timeout, 2 * tickTime), 20 * tickTime);
  let { session, password } = request;
  if (session === '') {
    session = `0x${(0x10000000 + ++state.sessionCount).toString(16)}`;
    password = node.random(2 ** 32).toString(16);
    state.zxid++;
    state.sessions[session] = { client, password, timeout };
    node.event('SessionCreated', { session, client, timeout });
  } else if (state.sessions[session]?.password !== password) {
    node.send(connection, { type: 'ConnectResponse', timeout: 0, session, password });
    node.disconnect(connection);
    return;
  } else {
    closeOthers(node, session);
    node.event('SessionResumed', { session, client, connection });
  }
  state.connections[connection] = { session, client, timeout };
  touch(node, session, timeout);
  node.send(connection, { type: 'ConnectResponse', timeout, session, password });
}

/** A session has one connection: what still arrives on an older one is not executed. */
function closeOthers(node: ServerNode, session: string): void {
  for (const [connection, attached] of Object.entries(node.state.connections)) {
    if (attached.session !== session) continue;
    detach(node.state, connection);
    node.disconnect(connection);
  }
}

/** Forgets a connection and its watches. */
export function detach(state: ServerState, connection: ConnectionId): void {
  delete state.connections[connection];
  state.watches = state.watches.filter((watch) => watch.connection !== connection);
}

/** The server looks once a tick, so a session expires at the first tick after its time. */
export function touch(node: ServerNode, session: string, timeout: Micros): void {
  const { tickTime } = node.options;
  const now = node.now();
  const expires = (Math.floor((now + timeout) / tickTime) + 1) * tickTime;
  node.setTimer('session', expires - now, session);
}

/** The transaction that closes a session also deletes all of its ephemeral nodes. */
export function endSession(node: ServerNode, session: string, transaction: Transaction): void {
  const { state } = node;
  node.cancelTimer('session', session);
  delete state.sessions[session];
  for (const path of Object.keys(state.znodes)) {
    if (state.znodes[path].session === session) remove(state, path, -1, transaction);
  }
}
