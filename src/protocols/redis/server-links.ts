/** A client's connections to its servers: one each, opened at the start and again when needed. */
import type { SocketOptions } from '../../protocol/connection.ts';
import type { Micros, NodeId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { type Connecting, linkTo } from '../shared/links.ts';

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

export function openLinks(node: Connecting, servers: readonly NodeId[]): void {
  for (const server of servers) linkTo(node, server);
}
