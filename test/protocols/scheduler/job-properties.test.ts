/** The job scheduler under random faults: with record and key, each run that is done happened once. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { defaultNetwork } from '../../../src/kernel/plan.ts';
import { jobScheduler } from '../../../src/protocols/scheduler/job-scheduler.ts';
import type { Store } from '../../../src/protocols/scheduler/state.ts';
import { expectGolden } from '../../golden.ts';
import { Cluster } from '../cluster.ts';
import { ending, type Family, play } from '../consensus/schedule.ts';
import { endFaults } from '../faults.ts';
import { carelessFamily, jobFamily } from './family.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => 1 + i * size);

function doneIn({ world }: Cluster): number {
  const { runs } = world.node('store')!.state as unknown as Store['state'];
  return runs.filter(({ isDone }) => isDone).length;
}

/** A sentence that says what is wrong; undefined if nothing is. */
function whyWrong(seed: number, reached: { done: number }): string | undefined {
  const { cluster } = play(jobFamily, jobScheduler, seed);
  const problem = () => cluster.violations[0]?.why ?? cluster.failures[0];
  if (problem()) return problem();
  const before = doneIn(cluster);
  reached.done += before;
  endFaults(cluster);
  // The ends of connections that still wait for a retransmission are reset.
  for (const command of ['crash', 'restart']) for (const id of ['store', 'ledger']) cluster.do(`${command} ${id}`);
  cluster.run('3s');
  if (problem()) return problem();
  return doneIn(cluster) > before ? undefined : 'no run is done after the faults';
}

test.each(parts)('a run happens once, seeds from %i on', { timeout: 300_000 }, async (from) => {
  await setImmediate();
  const reached = { done: 0 };
  for (let seed = from; seed < from + size; seed++) {
    const why = whyWrong(seed, reached);
    if (why !== undefined) expect.fail(`${why}\n${ending(jobFamily, jobScheduler, seed)}`);
  }
  expect(reached.done / size).toBeGreaterThan(1);
});

/** The invariants that some of 30 schedules violate; none stops at the first. */
function violatedBy(family: Family): string[] {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 30; seed++) {
    const { cluster } = play(family, jobScheduler, seed, { violated: 'none' });
    for (const { monitor } of cluster.violations) seen.add(monitor);
  }
  return [...seen].sort();
}

test('marked before its effect, a run happens at most once, and in some schedules never', () => {
  expect(violatedBy(carelessFamily)).toEqual(['Not Never']);
});

test('without a key, a run that is marked after its effect happens twice in some schedules', () => {
  const keyless: Family = {
    ...jobFamily,
    nodes: (dice) =>
      jobFamily.nodes(dice).map((one) => {
        return one.role === 'scheduler' ? { ...one, options: { ...one.options, keys: false } } : one;
      }),
  };
  expect(violatedBy(keyless)).toEqual(['Not Twice']);
});

test('a leader crashes between the effect and the mark; the next one repeats the run', () => {
  const options = { ttl: 3_000_000, workTime: 500_000 };
  const nodes = [
    { id: 'store', role: 'store', options: {} },
    { id: 'ledger', role: 'ledger', options: {} },
    { id: 'A', role: 'scheduler', options: { ...options } },
    { id: 'B', role: 'scheduler', options: { ...options } },
  ];
  const network = { ...defaultNetwork, latency: [2_000, 2_000] as const };
  const cluster = new Cluster({ protocol: jobScheduler, seed: 1, nodes, network });
  cluster.untilEvent('EffectApplied');
  cluster.do('crash A');
  cluster.untilEvent('JobEnded', 'B');
  expectGolden(import.meta.url, 'job', cluster.lines.join('\n'));
  expect(cluster.violations).toEqual([]);
});
