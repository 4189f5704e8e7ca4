/** The connections of clients at a server, and the answers that leave on them (ServerCnxn). */
import type { ConnectionId } from '../../../protocol/connection.ts';
import type { ServerNode, ServerState } from '../server-state.ts';
import type { FiredWatch } from '../watches.ts';

/** Forgets a connection and its watches, but not what its session wrote (CommitProcessor). */
export function detach(state: ServerState, connection: ConnectionId): void {
  const attached = state.connections[connection];
  const writes = attached?.queue.filter(({ needsCommit }) => needsCommit) ?? [];
  if (writes.length > 0) {
    (state.unanswered[attached.session] ??= []).push(...writes.map(({ xid }) => xid));
  }
  delete state.connections[connection];
  state.watches = state.watches.filter((watch) => watch.connection !== connection);
}

export function closeConnection(node: ServerNode, connection: ConnectionId): void {
  detach(node.state, connection);
  node.disconnect(connection);
}

/** A session has one connection at a server: what still arrives on another is not executed. */
export function closeSessionConnections(node: ServerNode, session: string): void {
  for (const [connection, attached] of Object.entries(node.state.connections)) {
    if (attached.session === session) closeConnection(node, connection);
  }
}

/** A server without a leader serves no client. */
export function closeAllConnections(node: ServerNode): void {
  for (const connection of Object.keys(node.state.connections)) closeConnection(node, connection);
  node.state.unanswered = {};
}

/** Events leave before the reply to the request that caused them. */
export function notify(node: ServerNode, fired: readonly FiredWatch[]): void {
  for (const { type, path, connection } of fired) {
    const { client } = node.state.connections[connection];
    node.event('WatchFired', { key: path, client });
    node.send(connection, { type, path });
  }
}
