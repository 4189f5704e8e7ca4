/** The naive cluster under random faults: with majorities all invariants hold, without them not. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { naiveCluster } from '../../../src/protocols/naive-cluster/naive-cluster.ts';
import { majorityFamily } from './families.ts';
import { ending, type Family, play } from './schedule.ts';
import { endFaults } from '../faults.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => 1 + i * size);

/** A sentence that says what is wrong; undefined if nothing is. */
function whyWrong(seed: number, reached: { answers: number }): string | undefined {
  const { cluster, answers } = play(majorityFamily, naiveCluster, seed);
  const problem = () => cluster.violations[0]?.why ?? cluster.failures[0];
  if (problem()) return problem();
  reached.answers += answers.size;
  endFaults(cluster);
  cluster.run('2s');
  cluster.do('c1 put {"key":"z","value":"recovered"}');
  cluster.run('3s');
  if (problem()) return problem();
  const has = cluster.world.nodes
    .filter(({ role }) => role === 'replica')
    .every(({ state }) => (state as { data: { kv: { z?: string } } }).data.kv.z === 'recovered');
  return has ? undefined : 'not all replicas have the write after the faults';
}

test.each(parts)('with majorities it holds under random faults, seeds from %i on', { timeout: 300_000 }, async (from) => {
  await setImmediate();
  const reached = { answers: 0 };
  for (let seed = from; seed < from + size; seed++) {
    const why = whyWrong(seed, reached);
    if (why !== undefined) expect.fail(`${why}\n${ending(majorityFamily, naiveCluster, seed)}`);
  }
  // The faults are heavy, but not so heavy that nothing happens.
  expect(reached.answers / size).toBeGreaterThan(0.3);
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
