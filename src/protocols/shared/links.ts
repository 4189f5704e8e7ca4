/** A client's connection to a server, which it opens when it has none. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { NodeId } from '../../protocol/types.ts';

export interface Connecting {
  connect(to: NodeId): ConnectionId;
  connections(peer?: NodeId): readonly ConnectionId[];
}

/** The connection to a server; a new one if none is left. */
export function linkTo(node: Connecting, server: NodeId): ConnectionId {
  return node.connections(server).at(-1) ?? node.connect(server);
}
