/** The schedules of Kafka: short timeouts, so that few actions have several elections. */
import type { NodeSetup } from '../../../src/kernel/plan.ts';
import type { Dice } from '../dice.ts';
import type { Family } from '../consensus/schedule.ts';
import { clientOperation, clients } from './replicas.ts';

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
    return [...nodes, ...clients()];
  },
  operation: clientOperation,
};
