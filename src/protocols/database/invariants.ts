/** The invariants of the database: no more is sold than there was, and those of the server. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, Observation, Observed } from '../../protocol/types.ts';
import { redisInvariants } from '../redis/server-invariants.ts';
import { serverInvariants } from './server-invariants.ts';
import type { DatabaseState } from './state.ts';
import type { Values } from './sql/syntax.ts';

interface Goods {
  /** Item → the pieces that are left, and the pieces that there have ever been. */
  left: Record<string, number>;
  ever: Record<string, number>;
  /** The number of orders when they were last checked. */
  orders: number;
}

const soldNoMoreThanThereWas = invariant<Goods>({
  doc: 'No more pieces of an item are sold (table orders) than there were (table items).',
  remember: () => ({ left: {}, ever: {}, orders: 0 }),
  check({ nodes, acted, memory }: Observation<Goods>) {
    if (acted?.role !== 'database') {
      if (Object.keys(memory.left).length > 0) return undefined;
    }
    const database = nodes.find(isDatabase);
    if (database === undefined) return undefined;
    const { items = [], orders = [] } = database.state.committed;
    for (const item of items) count(memory, item);
    if (orders.length === memory.orders) return undefined;
    memory.orders = orders.length;
    for (const [id, ever] of Object.entries(memory.ever)) {
      const buyers = orders.filter(({ item }) => String(item) === id).map(({ buyer }) => buyer);
      if (buyers.length <= ever) continue;
      const were = ever === 1 ? 'was 1 piece' : `were ${ever} pieces`;
      const sold = `${buyers.length} were sold, to ${buyers.join(' and ')}`;
      return `Of item ${id} there ${were}, and ${sold}.`;
    }
    return undefined;
  },
});

function isDatabase(node: Observed): node is Observed<DatabaseState> {
  return node.role === 'database';
}

/** Counts the pieces that were added to the stock since the last check. */
function count({ left, ever }: Goods, { id, qty }: Values): void {
  const item = String(id);
  const now = Number(qty);
  const added = Math.max(0, now - (left[item] ?? 0));
  ever[item] = (ever[item] ?? 0) + added;
  left[item] = now;
}

export const invariants: Record<string, Invariant> = {
  'no more is sold than there was': soldNoMoreThanThereWas,
  ...serverInvariants,
  ...redisInvariants,
};
