/** What a producer and a consumer share: the broker that they ask, and the next one to try. */
import { pick } from '../../protocol/patterns.ts';
import type { Node, NodeId } from '../../protocol/types.ts';

/** The broker to ask: the leader, as far as the client knows, at first the first broker. */
export function brokerOf(node: Pick<Node, 'nodes'>, leader: NodeId | null): NodeId {
  return leader ?? node.nodes('broker')[0];
}

/** The leader that a broker named; any other broker if it named none, or itself in error. */
export function nextBroker(
  node: Pick<Node, 'nodes' | 'random'>,
  tried: NodeId,
  named: NodeId | null,
): NodeId {
  if (named !== null && named !== tried) return named;
  const others = node.nodes('broker').filter((id) => id !== tried);
  return others.length === 0 ? tried : pick(node, others);
}
