/** What holds at every moment, whatever the clients do: nobody is sold what is not there. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, Observation } from '../../protocol/types.ts';
import type { DatabaseState } from './state.ts';
import type { Values } from './syntax.ts';

interface Goods {
  /** By item: what is left, and how many pieces there ever were. */
  left: Record<string, number>;
  ever: Record<string, number>;
  /** The list of the items when it last looked: it is another after each commit. */
  orders: number;
}

const soldNoMoreThanThereWas = invariant<Goods>({
  doc: 'Of an item no more pieces are sold (table orders) than there were (table items).',
  remember: () => ({ left: {}, ever: {}, orders: 0 }),
  check({ nodes, acted, memory }: Observation<Goods>) {
    if (acted?.role !== 'database') {
      if (Object.keys(memory.left).length > 0) return undefined;
    }
    const database = nodes.find(({ role }) => role === 'database');
    if (database === undefined) return undefined;
    const { items = [], orders = [] } = (database.state as DatabaseState).committed;
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

/** Pieces that came to the stock since it last looked were there, too. */
function count({ left, ever }: Goods, { id, qty }: Values): void {
  const item = String(id);
  const now = Number(qty);
  const came = Math.max(0, now - (left[item] ?? 0));
  ever[item] = (ever[item] ?? 0) + came;
  left[item] = now;
}

export const invariants: Record<string, Invariant> = {
  'no more is sold than there was': soldNoMoreThanThereWas,
};
