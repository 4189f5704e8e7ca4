/** CockroachDB under random faults, with clocks within the maximum offset: its invariants hold. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { cockroachStorm, stateOf, whyNotRecovered } from './cockroach-storm.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const first = Number(process.env.LOCKSTEP_FIRST_SEED ?? 1);
const steps = 350;
/** Which seeds also go on until the cluster has recovered, which takes longer. */
const recovers = (seed: number) => seed % 20 === 0;

function whyWrong(seed: number, progress: { leases: number; commits: number }): string {
  const cluster = cockroachStorm(seed, steps);
  const problem = cluster.violations[0]?.why ?? cluster.failures[0];
  if (problem) return problem;
  for (const { lease, records } of Object.values(stateOf(cluster, 'n1').replicas)) {
    progress.leases += lease?.sequence ?? 0;
    progress.commits += Object.values(records).filter(({ status }) => status === 'COMMITTED').length;
  }
  return recovers(seed) ? whyNotRecovered(cluster) : '';
}

const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => first + i * size);

test.each(parts)('CockroachDB holds under random faults, seeds from %i on', { timeout: 300_000 }, async (from) => {
  // The runner receives messages from its worker only between the parts.
  await setImmediate();
  const count = Math.min(size, first + seeds - from);
  const progress = { leases: 0, commits: 0 };
  for (let seed = from; seed < from + count; seed++) {
    const why = whyWrong(seed, progress);
    if (why !== '') {
      const { lines } = cockroachStorm(seed, steps, undefined, true);
      expect.fail(`seed ${seed}: ${why}\n${lines.slice(-40).join('\n')}`);
    }
  }
  // The faults are heavy, but not so heavy that nothing happens.
  expect(progress.leases / count).toBeGreaterThan(2);
  expect(progress.commits / count).toBeGreaterThan(1);
});

/** A proposal that was lost while lease requests followed each other, and an unfinished split. */
test.each([1520, 3300, 5060])('after the faults of seed %i, all is answered and resolved', (seed) => {
  expect(whyNotRecovered(cockroachStorm(seed, steps))).toBe('');
});
