/** Where the picture has each node. It follows from the roles alone, so that no node ever moves. */
import type { NodeMoment } from '../../kernel/seam/moment.ts';
import type { NodeView } from './cluster-view.ts';

type Area = NodeView['area'];

/**
 * Clients are the roles that offer the most operations, if others offer clearly fewer. Of the rest,
 * the most frequent role is on the ring; the first of the scenario if several are. A single node
 * has no peers. `operations` is how many a role offers.
 */
export function areasOf(
  nodes: readonly Pick<NodeMoment, 'role'>[],
  operations: (role: string) => number,
): (role: string) => Area {
  const counts = new Map<string, number>();
  for (const { role } of nodes) counts.set(role, (counts.get(role) ?? 0) + 1);
  const roles = [...counts.keys()];
  const most = Math.max(0, ...roles.map(operations));
  const offersMany = (role: string) => operations(role) > most / 2;
  const areClientsApart = roles.some((role) => !offersMany(role));
  const clients = new Set(areClientsApart ? roles.filter(offersMany) : []);
  const others = roles.filter((role) => !clients.has(role));
  const largest = Math.max(0, ...others.map((role) => counts.get(role)!));
  const peers = largest > 1 ? others.find((role) => counts.get(role) === largest) : undefined;
  return (role) => {
    if (clients.has(role)) return 'clients';
    return role === peers ? 'peers' : 'services';
  };
}
