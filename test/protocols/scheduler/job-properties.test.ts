/** The job scheduler under random faults: with record and key, each run that is done happened once. */
import { describe, expect, test } from 'vitest';
import { jobScheduler } from '../../../src/protocols/scheduler/job-scheduler.ts';
import type { Store } from '../../../src/protocols/scheduler/state.ts';
import { expectGolden } from '../../golden.ts';
import type { Cluster } from '../cluster.ts';
import { clusterOf, holdsUnderFaults, violatedBy } from '../consensus/harness.ts';
import { nodes, withOptions } from '../consensus/schedule.ts';
import { endFaults } from '../faults.ts';
import { carelessFamily, jobFamily } from './family.ts';

function doneIn({ world }: Cluster): number {
  const { runs } = world.node('store')!.state as unknown as Store['state'];
  return runs.filter(({ isDone }) => isDone).length;
}

describe('a run happens once', () => {
  holdsUnderFaults(jobFamily, jobScheduler, [{ of: ({ cluster }) => doneIn(cluster), atLeast: 1 }], ({ cluster }) => {
    const before = doneIn(cluster);
    endFaults(cluster);
    // The ends of connections that still wait for a retransmission are reset.
    for (const command of ['crash', 'restart']) for (const id of ['store', 'ledger']) cluster.do(`${command} ${id}`);
    cluster.run('3s');
    return doneIn(cluster) > before ? undefined : 'no run is done after the faults';
  });
});

test('marked before its effect, a run happens at most once, and in some schedules never', () => {
  expect(violatedBy(carelessFamily, jobScheduler, 30)).toEqual(['Not Never']);
});

test('without a key, a run that is marked after its effect happens twice in some schedules', () => {
  const keyless = withOptions(jobFamily, 'scheduler', { keys: false });
  expect(violatedBy(keyless, jobScheduler, 30)).toEqual(['Not Twice']);
});

test('a leader crashes between the effect and the mark; the next one repeats the run', () => {
  const options = { ttl: 3_000_000, workTime: 500_000 };
  const cluster = clusterOf(jobScheduler, [
    ...nodes('store', ['store']), ...nodes('ledger', ['ledger']), ...nodes('scheduler', ['A', 'B'], options),
  ]);
  cluster.untilEvent('EffectApplied');
  cluster.do('crash A');
  cluster.untilEvent('JobEnded', 'B');
  expectGolden(import.meta.url, 'job', cluster.lines.join('\n'));
  expect(cluster.violations).toEqual([]);
});
