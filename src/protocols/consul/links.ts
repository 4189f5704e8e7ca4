/** The connections between servers, over which Raft's RPCs and forwarded requests go. */
import type { NodeId } from '../../protocol/types.ts';
import type { ConnectionId, SocketOptions } from '../../protocol/connection.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import type { ServerNode } from './state.ts';

/** How soon it tries again to reach a server, and how long it tries. */
const redialAfter = milliseconds(200);
const dialTimeout = seconds(10);

/** As the streams between servers: unanswered data ends a connection after ten seconds. */
const serverSocket: SocketOptions = {
  keepAlive: { idle: seconds(30), interval: seconds(10), count: 3 },
  userTimeout: seconds(10),
};

/** Of two servers that boot, the one with the lower name dials. */
export function linkAll(node: ServerNode): void {
  for (const peer of node.peers) {
    if (node.id < peer) dial(node, peer);
    else node.setTimer('dial', milliseconds(500), peer);
  }
}

export function dial(node: ServerNode, peer: NodeId): void {
  if (node.state.linked.includes(peer)) return;
  // The one before did not open in time.
  for (const connection of node.connections(peer)) node.disconnect(connection);
  const connection = node.connect(peer);
  node.setSocket(connection, serverSocket);
  node.setTimer('dial', dialTimeout, peer);
}

export function linked(node: ServerNode, peer: NodeId, connection: ConnectionId): void {
  const { state } = node;
  if (!node.peers.includes(peer)) return;
  node.setSocket(connection, serverSocket);
  node.cancelTimer('dial', peer);
  if (!state.linked.includes(peer)) state.linked.push(peer);
}

export function unlinked(node: ServerNode, peer: NodeId): void {
  const { state } = node;
  if (!node.peers.includes(peer) || node.connections(peer).length > 0) return;
  state.linked = state.linked.filter((other) => other !== peer);
  node.setTimer('dial', redialAfter, peer);
}
