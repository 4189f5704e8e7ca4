/** The random schedules of the configuration store: clients that change, read and watch few keys. */
import type { Json } from '../../../src/protocol/types.ts';
import type { Dice } from '../dice.ts';
import { type Family, nodes, type Operation } from '../consensus/schedule.ts';

const clients = ['c1', 'c2'];
const keys = ['a/x', 'a/y', 'b'];

export const storeFamily: Family = {
  disks: true,
  actions: 240,
  // A leader is elected first, or half of the schedule has none.
  quiet: 30,
  faults: 25,
  operations: 110,
  losses: [0, 0, 0.05],
  between: ['replica', 'replica'],
  nodes(dice: Dice) {
    const electionTimeout = dice.one([[150_000, 300_000], [60_000, 120_000]]);
    return [
      ...nodes('replica', ['n1', 'n2', 'n3'], { electionTimeout }),
      ...nodes('client', clients, { retryAfter: dice.one([50_000, 200_000]), keepAlive: 100_000 }),
    ];
  },
  operation(dice, { world }): Operation | undefined {
    const node = dice.one(clients);
    const { state } = world.node(node)!;
    const { watches } = state as unknown as { watches: Record<string, unknown> };
    const key = dice.one(keys);
    switch (dice.below(11)) {
      case 0:
      case 1:
        return { node, operation: 'put', args: { key, value: dice.below(5) } };
      case 2:
      case 3:
        return { node, operation: 'swap', args: { key, value: dice.below(5), modRevision: dice.below(8) } };
      case 4:
        return { node, operation: 'delete', args: { key } };
      case 5:
        return { node, operation: 'get', args: dice.chance(0.5) ? { key } : { key, stale: true } };
      case 6:
        return dice.chance(0.4) ? undefined : { node, operation: 'compact', args: { revision: 1 + dice.below(6) } };
      case 7:
        return { node, operation: 'connect', args: { server: dice.one(['n1', 'n2', 'n3']) } };
      default: {
        const [watched] = Object.keys(watches);
        if (watched !== undefined && dice.chance(0.1)) {
          return { node, operation: 'unwatch', args: { key: watched } };
        }
        const prefix = dice.chance(0.6);
        const from: Record<string, Json> = dice.chance(0.5) ? { from: 1 + dice.below(6) } : {};
        return { node, operation: 'watch', args: { key: prefix ? dice.one(['a/', '']) : key, prefix, ...from } };
      }
    }
  },
};
