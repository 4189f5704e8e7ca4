/** A worker's connections to its servers: one each, opened at the start and again when needed. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { NodeId } from '../../protocol/types.ts';

interface Connecting {
  connect(to: NodeId): ConnectionId;
  connections(peer?: NodeId): readonly ConnectionId[];
}

/** The connection to a server; a new one if none is left. */
export function linkTo(node: Connecting, server: NodeId): ConnectionId {
  return node.connections(server).at(-1) ?? node.connect(server);
}

export function openLinks(node: Connecting, servers: readonly NodeId[]): void {
  for (const server of servers) linkTo(node, server);
}
