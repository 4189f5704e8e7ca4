/** The naive cluster under random faults: with majorities all invariants hold, without them not. */
import { describe, expect, test } from 'vitest';
import { naiveCluster } from '../../../src/protocols/naive-cluster/naive-cluster.ts';
import { majorityFamily } from './families.ts';
import { holdsUnderFaults, type Reached } from './harness.ts';
import { type Family, play } from './schedule.ts';
import { endFaults } from '../faults.ts';

describe('with majorities', () => {
  // The faults are heavy, but not so heavy that nothing happens.
  const answered: Reached = { of: ({ answers }) => answers.size, atLeast: 0.3 };
  holdsUnderFaults(majorityFamily, naiveCluster, [answered], ({ cluster }) => {
    endFaults(cluster);
    cluster.run('2s');
    cluster.do('c1 put {"key":"z","value":"recovered"}');
    cluster.run('3s');
    const has = cluster.world.nodes
      .filter(({ role }) => role === 'replica')
      .every(({ state }) => (state as { data: { kv: { z?: string } } }).data.kv.z === 'recovered');
    return has ? undefined : 'not all replicas have the write after the faults';
  });
});

test('without majorities, answered writes are lost in some schedules', () => {
  const naive: Family = {
    ...majorityFamily,
    actions: 500,
    nodes: (dice) => majorityFamily.nodes(dice).map((one) => ({ ...one, options: {} })),
  };
  const seen = Array.from({ length: 10 }, (_, i) => {
    const { cluster } = play(naive, naiveCluster, i + 1, { violated: 'Answered Writes Stay' });
    return cluster.violations.map(({ monitor }) => monitor);
  }).flat();
  expect([...new Set(seen)].sort()).toEqual(['Answered Writes Stay', 'One Leader']);
});
