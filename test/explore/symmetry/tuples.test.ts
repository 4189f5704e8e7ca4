/** Alike nodes in tuples: as many orbits as in worlds, and the same verdicts. */
import { describe, expect, test } from 'vitest';
import { noLimits } from '../../../src/explore/budgets.ts';
import type { Problem } from '../../../src/explore/search/problem.ts';
import { exploreTuples } from '../../../src/explore/search/tuples/explore-tuples.ts';
import { exploreWorlds } from '../../../src/explore/search/worlds.ts';
import { start, step } from '../../../src/kernel/step.ts';
import { staying, untimed } from '../models/search.ts';
import { model } from './random.ts';
import { twoPhase } from './two-phase.ts';

test.each(['bfs', 'dfs'] as const)('two-phase commit, %s: 8,832 states in 314 orbits', (order) => {
  const found = exploreTuples(untimed(twoPhase(5), { faults: staying }), order);
  const symmetry = { alike: [['r1', 'r2', 'r3', 'r4', 'r5']] };
  expect(found).toMatchObject({ type: 'holds', states: 314, symmetry });
});

describe('as many orbits as in worlds', () => {
  const ordered = (one: Problem): Problem => {
    const setup = twoPhase(3);
    const network = { ...setup.network, reorder: false };
    return { ...untimed({ ...setup, network }), limits: one.limits };
  };
  test.each<readonly [string, () => Problem]>([
    ['messages that are consumed', () => untimed(twoPhase(3))],
    ['links that keep their order', () => ordered(untimed(twoPhase(3)))],
    ['a drop and a duplicate', () => {
      return untimed(twoPhase(2), { faults: { drops: 1, duplicates: 1 } });
    }],
    ['a partition', () => {
      const problem = untimed(twoPhase(3), { faults: { partitions: 1 } });
      return { ...problem, limits: { ...noLimits, depth: 5 } };
    }],
    ['names are compared', () => untimed(twoPhase(3, { compares: true }), { faults: staying })],
    ['one is privileged', () => untimed(twoPhase(3, { privileged: true }), { faults: staying })],
  ])('%s', (_, make) => {
    const tuples = exploreTuples(make());
    const worlds = exploreWorlds(make(), 'bfs');
    expect(tuples?.type).toBe('holds');
    expect(tuples?.states).toBe(worlds.states);
    expect(Object.keys(tuples!.symmetry!)).toEqual(Object.keys(worlds.symmetry!));
  });
});

test('a planted fault is found by a run as short as without symmetry, which can be taken', () => {
  const setup = twoPhase(4, { missing: 1 });
  const problem = untimed(setup, { faults: staying });
  const found = exploreTuples(problem);
  const plain = untimed(twoPhase(4, { missing: 1, alike: false }), { faults: staying });
  const other = exploreTuples(plain);
  if (found?.type !== 'violated' || other?.type !== 'violated') throw new Error('not found');
  expect(found.symmetry).toHaveProperty('alike');
  expect(found.trace.actions).toHaveLength(other.trace.actions.length);
  const world = start(setup, problem.world.monitors);
  for (const action of found.trace.actions) expect(step(world, action)).toBe(true);
});

test('random protocols: the same orbits and verdicts', () => {
  const counts: Record<string, number> = { holds: 0, violated: 0, unknown: 0 };
  for (let seed = 1; seed <= 25; seed++) {
    const make = (): Problem => {
      const problem = untimed(model(seed, true));
      return { ...problem, limits: { ...problem.limits, states: 600 } };
    };
    const tuples = exploreTuples(make());
    const worlds = exploreWorlds(make(), 'bfs');
    counts[worlds.type]++;
    expect(tuples?.type, `seed ${seed}`).toBe(worlds.type);
    expect(tuples?.symmetry, `seed ${seed}`).toEqual(worlds.symmetry);
    if (worlds.type === 'holds') expect(tuples?.states, `seed ${seed}`).toBe(worlds.states);
    if (tuples?.type !== 'violated' || worlds.type !== 'violated') continue;
    expect(tuples.trace.actions).toHaveLength(worlds.trace.actions.length);
  }
  expect(counts.holds).toBeGreaterThan(3);
  expect(counts.violated).toBeGreaterThan(2);
});
