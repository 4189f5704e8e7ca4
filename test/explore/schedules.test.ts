/**
 * What shrinking begins with: the schedule of a walk, on a network that holds everything back, is
 * the run of the walk again. A schedule that leaves something out has no violation to shrink.
 */
import { expect, test } from 'vitest';
import { faults } from '../../src/explore/budgets.ts';
import { inWorld, scheduleOf } from '../../src/explore/shrink/schedule.ts';
import type { Strategy } from '../../src/explore/walks/strategies.ts';
import { type Finding, setupOf, walk } from '../../src/explore/walks/walks.ts';
import type { Action } from '../../src/kernel/action.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { World } from '../../src/kernel/world.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { plainScenarios, type PlainScenario } from './found/plain.ts';
import { readScenario } from './read.ts';

const strategies: Strategy[] = [
  { type: 'plain' }, { type: 'random' }, { type: 'pct', depth: 3 }, { type: 'delay', delays: 2 },
];

/** Messages arrive twice, late and in another order; servers crash and are cut off. */
const names: PlainScenario[] = [
  'raft', 'multi-paxos', 'spanner', 'kafka', 'kubernetes-lease', 'zookeeper-lock', 'register-store',
];

/** A run of 0.4 s, with one more fault of each kind at most. */
function walked(scenario: Scenario, seed: number): Finding {
  const budget = Object.fromEntries(faults.map((fault) => [fault, seed % 2])) as never;
  const options = { strategies, time: 'timed', faults: budget, stepsMost: 5_000 } as const;
  return walk(scenario, { ...options, seeds: [seed, seed] }).finding!;
}

function statesOf({ nodes }: World) {
  return nodes.map(({ id, status, state }) => ({ id, status, state }));
}

test.each(names)('%s', (name) => {
  const { scenario: read } = readScenario(`${plainScenarios[name]}expect:\n  - never: time > 0.4\n`);
  // Only the time ends a run.
  const scenario = { ...read, protocol: { ...read.protocol, invariants: {}, derivedEvents: {} } };
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const finding = walked(scenario, seed);
    const world = start(setupOf(scenario, seed, 'timed'), []);
    for (const action of finding.actions) step(world, action);
    const { setup, actions } = scheduleOf(scenario, finding);
    const held = start(setup, []);
    const skipped: Action[] = [];
    for (const planned of actions) {
      const meant = inWorld(held, planned);
      if (meant === undefined || !step(held, meant.action)) skipped.push(planned.action);
    }
    expect(skipped, `seed ${seed}`).toEqual([]);
    expect(statesOf(held), `seed ${seed}`).toEqual(statesOf(world));
  }
});
