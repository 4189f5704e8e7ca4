/** The random schedules of caches: look-aside with and without leases, and edges with a TTL. */
import type { Json } from '../../../src/protocol/types.ts';
import { type Family, nodes } from '../consensus/schedule.ts';

export const cacheFamily: Family = {
  actions: 110,
  faults: 60,
  operations: 90,
  losses: [0, 0.1],
  nodes: (dice) => {
    const leases = dice.chance(0.7);
    const front = dice.chance(0.6)
      ? nodes('cache', ['mc'], { leases, leaseEvery: dice.one([0, 100_000]) })
      : nodes('edge', ['e1', 'e2'], { ttl: dice.one([20_000, 200_000]), collapse: leases });
    return [
      ...nodes('database', ['db']), ...front,
      ...nodes('client', ['c1', 'c2', 'c3'], {
        order: dice.one(['update-delete', 'delete-update']), cacheTimeout: 100_000,
      }),
    ];
  },
  operation(dice, { world }) {
    const node = dice.one(['c1', 'c2', 'c3']);
    const isGet = dice.chance(0.6);
    const args: Record<string, Json> = isGet ? {} : { value: 10 + world.step };
    return { node, operation: isGet ? 'get' : 'put', args: { key: 'k1', ...args } };
  },
};
