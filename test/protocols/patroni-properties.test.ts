/** Patroni under random faults: all invariants hold, and the cluster works again afterwards. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { patroni } from '../../src/protocols/patroni/patroni.ts';
import { endFaults } from './faults.ts';
import { ending, isHeldByTimeline, patroniStorm, whyNotWhole } from './patroni-storm.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const first = Number(process.env.LOCKSTEP_FIRST_SEED ?? 1);
const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => first + i * size);
const steps = 250;

/** A sentence that says what is wrong; undefined if nothing is. */
function whyWrong(seed: number, reached: Set<string>): string | undefined {
  const cluster = patroniStorm(patroni, seed, { steps, reached });
  const problem = () => cluster.violations[0]?.why ?? cluster.failures[0];
  if (problem()) return problem();
  endFaults(cluster, 'loss=0%');
  cluster.run('150s');
  for (let i = 0; i < 6 && whyNotWhole(cluster) !== undefined; i++) {
    cluster.do('a write {"key":"z","value":"recovered"}');
    cluster.run('30s');
  }
  return problem() ?? (isHeldByTimeline(cluster) ? undefined : whyNotWhole(cluster));
}

/** What failed once: a walsender that outlived its replica, and races between two timelines. */
const recovered = [892, 2131, 3071, 3794, 3933, 3964];

test.each(recovered)('seed %i becomes whole again', (seed) => {
  expect(whyWrong(seed, new Set())).toBeUndefined();
});

test('with checkTimeline, an old primary with more WAL keeps the others from the race, as in ha.py', () => {
  const cluster = patroniStorm(patroni, 814, { steps });
  endFaults(cluster, 'loss=0%');
  cluster.run('150s');
  expect(whyNotWhole(cluster)).toBe('there are 0 primaries');
  expect(isHeldByTimeline(cluster)).toBe(true);
});

test.each(parts)('it holds under random faults, seeds from %i on', { timeout: 300_000 }, async (from) => {
  const reached = new Set<string>();
  for (let seed = from; seed < Math.min(from + size, first + seeds); seed++) {
    if (seed % 20 === 0) await setImmediate();
    const why = whyWrong(seed, reached);
    if (why !== undefined) expect.fail(`${why}\n${ending(patroni, seed, steps)}`);
  }
});
