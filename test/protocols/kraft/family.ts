/** The schedules of KRaft: short timeouts, so that few actions have several elections. */
import type { NodeSetup } from '../../../src/kernel/plan.ts';
import type { Dice } from '../dice.ts';
import type { Family } from '../consensus/schedule.ts';
import { clientOperation, clients } from '../kafka/replicas.ts';

export const kraftFamily: Family = {
  actions: 700,
  // Until then, brokers register, and the topic is created.
  quiet: 170,
  faults: 60,
  operations: 60,
  losses: [0, 0.02, 0.1],
  between: ['broker', 'controller'],
  nodes(dice: Dice) {
    const member = { fetchTimeout: 250_000, requestTimeout: 150_000, retryBackoff: 40_000 };
    const controller = {
      ...member, electionTimeout: dice.one([30_000, 60_000]), electionBackoffMax: 60_000,
      fetchMaxWait: 120_000, fetchMaxBatches: dice.one([1, 100]), preVote: dice.chance(0.5),
      brokerSessionTimeout: dice.one([110_000, 180_000]), uncleanElection: dice.chance(0.1),
    };
    const broker = {
      ...member, fetchInterval: 60_000, heartbeatInterval: 50_000,
      lagTimeMax: dice.one([80_000, 150_000]), minInsyncReplicas: dice.one([1, 2, 2]),
      fetchMaxRecords: dice.one([1, 100]), freezesBelowMinIsr: dice.chance(0.3),
    };
    const nodes: NodeSetup[] = [];
    for (const id of ['c1', 'c2', 'c3']) nodes.push({ id, role: 'controller', options: controller });
    for (const id of ['b1', 'b2', 'b3']) nodes.push({ id, role: 'broker', options: broker });
    return [...nodes, ...clients()];
  },
  operation(dice) {
    if (dice.chance(0.05)) {
      return { node: dice.one(['c1', 'c2', 'c3']), operation: 'resign' };
    }
    return clientOperation(dice);
  },
};
