/** To which server a client sends an operation. */
import { pick } from '../../../protocol/patterns.ts';
import type { NodeId } from '../../../protocol/types.ts';
import { type OperationName, reads } from '../data/messages.ts';
import type { ClientNode } from '../data/state.ts';

export function serverFor(node: ClientNode, name: OperationName, key: string): NodeId {
  const { replication } = node.options;
  const [first] = node.nodes('server');
  // A single copy and the leader are at the first server, as every client knows.
  if (replication === 'single') return first;
  if (!reads(name)) {
    return replication === 'leader' ? first : serverBy(node, node.options.writeTo);
  }
  return routedBySession(node, key) ?? readServer(node);
}

const readServer = (node: ClientNode) => serverBy(node, node.options.readFrom);

function serverBy(node: ClientNode, choice: string): NodeId {
  const { near } = node.options;
  const servers = node.nodes('server');
  const [first, ...followers] = servers;
  switch (choice) {
    case 'leader':
      return first;
    case 'follower':
      return followers.length === 0 ? first : pick(node, followers);
    case 'any':
      return pick(node, servers);
    case 'in-turn':
      return servers[node.state.number % servers.length];
    default:
      return near ?? first;
  }
}

/** Routing alone gives two of the session guarantees, if the leader and the servers live. */
function routedBySession(node: ClientNode, key: string): NodeId | undefined {
  const { state: { session }, options: { replication, sessionBy } } = node;
  if (replication !== 'leader' || sessionBy !== 'routing') return undefined;
  const { asked } = session;
  // Read your writes: the leader has all of them.
  if (asked.includes('read-your-writes') && session.wrote.includes(key)) {
    return node.nodes('server')[0];
  }
  // Monotonic reads: what a server has applied only grows.
  if (!asked.includes('monotonic-reads')) return undefined;
  session.server ??= readServer(node);
  return session.server;
}
