/** Depth-first, tuples find what worlds find: as many states, and the same verdict. */
import { describe, expect, test } from 'vitest';
import { noLimits } from '../../src/explore/budgets.ts';
import type { Problem } from '../../src/explore/search/problem.ts';
import { exploreTuples } from '../../src/explore/search/tuples/explore-tuples.ts';
import { exploreWorlds } from '../../src/explore/search/worlds.ts';
import type { Exploration } from '../../src/explore/verdict.ts';
import { step } from '../../src/kernel/step.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { everythingSetup } from './everything.ts';
import { staying, untimed } from './models/search.ts';
import { twoPhase } from './models/setups.ts';
import { model } from './symmetry/random.ts';

/** Of runs to a violation, only whether there is one: they are taken below. */
function essence(found: Exploration | undefined): unknown {
  if (found?.type !== 'holds') return found?.type;
  return { type: 'holds', states: found.states, cut: [...found.cut].sort() };
}

/** Whether the run of a violation can be taken, and ends with one. */
function isBrokenBy(problem: Problem, found: Exploration | undefined): boolean {
  if (found?.type !== 'violated') return true;
  const world = problem.world.fork();
  const effects = new Effects();
  const areTaken = found.trace.actions.every((action) => step(world, action, effects));
  return areTaken && effects.violations.length > 0;
}

const within = (depth: number, make: () => Problem) => () => {
  return { ...make(), limits: { ...noLimits, depth, messages: 4 } };
};

const everything = (faults = {}): Problem => {
  const ask = { type: 'invoke', at: 0, node: 'a', operation: 'ask', args: {} } as const;
  const problem = untimed(everythingSetup({}), { faults });
  return { ...problem, setting: { ...problem.setting, operations: [ask, ask] } };
};

describe('models', () => {
  test.each<readonly [string, () => Problem]>([
    ['two-phase commit', () => untimed(twoPhase(3))],
    ['messages that stay', () => untimed(twoPhase(3), { faults: staying })],
    ['drops and a crash', () => untimed(twoPhase(2), { faults: { drops: 1, crashes: 1 } })],
    ['a limit of the depth', within(6, () => untimed(twoPhase(3), { faults: staying }))],
    ['a limit that is reached by long runs first', within(9, () => untimed(twoPhase(3)))],
    ['draws, with a limit', within(4, () => everything({ drops: 1, duplicates: 1 }))],
    ['long runs that return to known states', within(4, () => everything({ crashes: Infinity }))],
    ['a planted fault', () => untimed(twoPhase(3, 1), { faults: staying })],
    ['a planted fault, with a limit', within(9, () => untimed(twoPhase(3, 1)))],
  ])('%s', (_, make) => {
    const tuples = exploreTuples(make(), 'dfs');
    expect(essence(tuples)).toEqual(essence(exploreWorlds(make(), 'dfs')));
    expect(essence(tuples)).toEqual(essence(exploreTuples(make(), 'bfs')));
    expect(isBrokenBy(make(), tuples)).toBe(true);
  });
});

test('random protocols, some of which are violated, with and without a limit', () => {
  const counts: Record<string, number> = { holds: 0, violated: 0, unknown: 0 };
  for (let seed = 1; seed <= 30; seed++) {
    const depth = seed % 2 === 0 ? 5 : Infinity;
    const make = (): Problem => {
      const problem = untimed(model(seed, false));
      return { ...problem, limits: { ...noLimits, depth, states: 1_500 } };
    };
    const tuples = exploreTuples(make(), 'dfs');
    expect(isBrokenBy(make(), tuples), `seed ${seed}`).toBe(true);
    counts[tuples!.type]++;
    // With a limit of states, those that are visited depend on the order of choices.
    const worlds = exploreWorlds(make(), 'dfs');
    if (tuples?.type === 'unknown' || worlds.type === 'unknown') continue;
    expect(essence(tuples), `seed ${seed}`).toEqual(essence(worlds));
  }
  expect(counts.holds).toBeGreaterThan(5);
  expect(counts.violated).toBeGreaterThan(3);
});
