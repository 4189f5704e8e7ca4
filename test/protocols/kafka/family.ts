/** The schedules of Kafka: short timeouts, so that few actions have several elections. */
import type { NodeSetup } from '../../../src/kernel/plan.ts';
import type { Dice } from '../dice.ts';
import type { Family } from '../consensus/schedule.ts';

export const kafkaFamily: Family = {
  actions: 500,
  faults: 45,
  operations: 50,
  losses: [0, 0.02, 0.1],
  between: ['broker', 'zookeeper'],
  nodes(dice: Dice) {
    const options = {
      sessionTimeout: dice.one([60_000, 120_000]), requestTimeout: 40_000, fetchInterval: 60_000,
      lagTimeMax: dice.one([80_000, 150_000]), minInsyncReplicas: dice.one([1, 2, 2]),
      fetchMaxRecords: dice.one([1, 100]), uncleanElection: dice.chance(0.1),
      freezesBelowMinIsr: dice.chance(0.3),
    };
    const nodes: NodeSetup[] = [{ id: 'zk', role: 'zookeeper', options: {} }];
    for (const id of ['n1', 'n2', 'n3']) nodes.push({ id, role: 'broker', options });
    const client = { requestTimeout: 150_000, retryBackoff: 20_000 };
    nodes.push({ id: 'p1', role: 'producer', options: { ...client, deliveryTimeout: 1_000_000 } });
    nodes.push({ id: 'p2', role: 'producer', options: { ...client, acks: '1', retries: 1 } });
    nodes.push({ id: 'c', role: 'consumer', options: client });
    return nodes;
  },
  operation(dice) {
    if (dice.chance(0.25)) return { node: 'c', operation: 'poll' };
    const node = dice.one(['p1', 'p1', 'p2']);
    return { node, operation: 'send', args: { value: dice.below(100) } };
  },
};
