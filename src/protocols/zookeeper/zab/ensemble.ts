/** The servers of an ensemble: their numbers, who votes, and what is a quorum. */
// The numbers stand for `myid`: those of the voters follow the order of the scenario.
import { majority } from '../../../protocol/patterns.ts';
import type { NodeId } from '../../../protocol/types.ts';
import type { ServerNode } from '../server-state.ts';

export function votersOf(node: ServerNode): readonly NodeId[] {
  return node.nodes('server');
}

export function isVoter(node: ServerNode, server: NodeId): boolean {
  return votersOf(node).includes(server);
}

/** The number of a server, from 1; 0 for no server. */
export function serverId(node: ServerNode, server: NodeId): number {
  return [...votersOf(node), ...node.nodes('observer')].indexOf(server) + 1;
}

/** Whether these servers, of which only voters count, are a majority of the voters. */
export function isQuorum(node: ServerNode, servers: Iterable<NodeId>): boolean {
  const voters = votersOf(node);
  const distinct = new Set([...servers].filter((one) => voters.includes(one)));
  return distinct.size >= majority(voters.length);
}

/** Whether there is any other server to talk to. */
export function isAlone(node: ServerNode): boolean {
  return votersOf(node).length + node.nodes('observer').length === 1;
}
