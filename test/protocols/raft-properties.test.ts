/** Raft under random faults: its invariants hold, its history is linearizable, and it recovers. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { invariantMonitors } from '../../src/check/invariants.ts';
import { stepTwice } from '../../src/kernel/compare/determinism.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { start } from '../../src/kernel/step.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { type Cluster, setupOf } from './cluster.ts';
import { Dice } from './dice.ts';
import { ending, randomCluster, storm, whyNotLinearizable } from './storm.ts';
import { endFaults } from './faults.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const first = Number(process.env.LOCKSTEP_FIRST_SEED ?? 1);
const steps = 4_000;
/** How many seconds of virtual time a cluster may take to recover, even entry by entry. */
const recoveryMax = 30;

/** A sentence that says what is wrong; empty if nothing is. */
function whyWrong(seed: number, progress: { commits: number; terms: number }): string {
  const one = storm(seed, steps);
  const { cluster } = one;
  const problem = () => cluster.violations[0]?.why ?? cluster.failures[0];
  if (problem()) return problem();

  // A majority that is up and connected elects a leader and commits.
  endFaults(cluster);
  cluster.run('3s');
  cluster.do('c1 put {"key":"z","value":"recovered"}');
  for (let i = 0; i < recoveryMax && whyNotRecovered(cluster) !== ''; i++) cluster.run('1s');
  if (problem()) return problem();
  progress.commits += cluster.state('n1').commitIndex;
  progress.terms += cluster.state('n1').currentTerm;
  return whyNotRecovered(cluster) || (whyNotLinearizable(one) ?? '');
}

function whyNotRecovered(cluster: Cluster): string {
  if (cluster.leader() === undefined) return 'no leader was elected after the faults';
  const kv = JSON.stringify(cluster.state('n1').kv);
  for (const { id, state } of cluster.servers()) {
    if (state.kv.z !== 'recovered') return `${id} did not apply the write after the faults`;
    if (JSON.stringify(state.kv) !== kv) return `${id} and n1 have different stores`;
  }
  return '';
}

// In parts, so that a long run shows its progress.
const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => first + i * size);

test.each(parts)('Raft holds under random faults, seeds from %i on', { timeout: 300_000 }, async (from) => {
  // The runner receives messages from its worker only between the parts.
  await setImmediate();
  const count = Math.min(size, first + seeds - from);
  const progress = { commits: 0, terms: 0 };
  for (let seed = from; seed < from + count; seed++) {
    const why = whyWrong(seed, progress);
    if (why !== '') expect.fail(`${why}\n${ending(seed, steps)}`);
  }
  // The faults are heavy, but not so heavy that nothing happens.
  expect(progress.commits / count).toBeGreaterThan(10);
  expect(progress.terms / count).toBeGreaterThan(3);
});

test('steps of Raft are deterministic, and a fork continues as its origin would', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const setup = setupOf(randomCluster(seed, new Dice(seed), raft));
    let world = start(setup, invariantMonitors(raft));
    const effects = new Effects();
    for (let taken = 1; taken <= 500; taken++) {
      const action =
        taken % 50 === 0
          ? ({ type: 'invoke', at: world.time, node: 'c1', operation: 'get', args: { key: 'x' } } as const)
          : world.next()!;
      expect(stepTwice(world, action, effects)).toEqual({ taken: true });
      expect(effects.violations).toEqual([]);
      if (taken % 70 === 0) world = world.fork();
    }
  }
});
