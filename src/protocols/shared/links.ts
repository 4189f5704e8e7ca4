/** A client's connections to its servers: one each, opened at the start and again when needed. */
import type { ConnectionId, Ending, SocketOptions } from '../../protocol/connection.ts';
import type { Micros, NodeId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';

/** What the library of a client sets at its sockets. */
export interface LinkOptions {
  keepAlive: Micros;
}

export const linkOptions = {
  // ioredis: `keepAlive`; redis-py: `socket_keepalive`, off by default. An end that only waits for
  // a message or an item learns that its server is lost by nothing else.
  keepAlive: {
    kind: 'duration',
    default: 0,
    min: 0,
    max: seconds(32_767),
    doc: 'After which silence its TCP probes the server; 0: never. Linux itself takes 7200s.',
  },
} as const;

/** Linux sends 9 probes, 75 seconds apart. */
export function linkSocket({ options }: { options: Readonly<LinkOptions> }): SocketOptions {
  const { keepAlive: idle } = options;
  return { keepAlive: idle === 0 ? null : { idle, interval: seconds(75), count: 9 } };
}

interface Connecting {
  connect(to: NodeId): ConnectionId;
  connections(peer?: NodeId): readonly ConnectionId[];
}

/** The connection to a server; a new one if none is left. */
export function linkTo(node: Connecting, server: NodeId): ConnectionId {
  return node.connections(server).at(-1) ?? node.connect(server);
}

/** Opens a connection to each node of some roles. */
export function openLinks(
  node: Connecting & { nodes(role: string): readonly NodeId[] },
  ...roles: readonly string[]
): void {
  for (const role of roles) for (const server of node.nodes(role)) linkTo(node, server);
}

/** Why a request has no answer; one on a connection that was refused never left. */
export function whyUnanswered(peer: NodeId, how: Ending): string {
  if (how === 'refused') return `${peer} refused the connection`;
  return `the connection to ${peer} ended (${how}); the request may have been executed`;
}
