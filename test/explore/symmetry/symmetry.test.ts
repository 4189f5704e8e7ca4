/** Nodes that are declared alike: there are fewer states, and the same verdicts. */
import { expect, test } from 'vitest';
import { fingerprintsOf, representatives } from './enumerate.ts';
import { exploreBreadthFirst } from '../../../src/explore/search/tuples/explore-tuples.ts';
import { exploreWorlds } from '../../../src/explore/search/worlds.ts';
import { start, step } from '../../../src/kernel/step.ts';
import { staying, untimed } from '../models/search.ts';
import { twoPhase, type Variant } from './two-phase.ts';

const all = ['r1', 'r2', 'r3', 'r4', 'r5'];

test.each(['bfs', 'dfs'] as const)('two-phase commit, %s: 8,832 states in 314 orbits', (order) => {
  const found = exploreWorlds(untimed(twoPhase(5), { faults: staying }), order);
  expect(found).toMatchObject({ type: 'holds', states: 314, symmetry: { alike: [all] } });
});

test('sorted by their own states only, in the order of choices of Stateright: its 665', () => {
  expect(representatives(twoPhase(5))).toBe(665);
});

test('without changing places, states have different names if their fingerprints differ', () => {
  const { fingerprints, names, orbits } = fingerprintsOf(twoPhase(3));
  expect({ fingerprints, names, orbits }).toEqual({ fingerprints: 288, names: 288, orbits: 80 });
});

test('messages that are consumed, on links that keep their order, have as many orbits', () => {
  const setup = twoPhase(3);
  const ordered = { ...setup, network: { ...setup.network, reorder: false } };
  for (const one of [setup, ordered]) {
    const problem = untimed(one);
    const reduced = exploreWorlds(problem, 'bfs');
    expect(reduced).toMatchObject({ type: 'holds', symmetry: { alike: [all.slice(0, 3)] } });
    expect(reduced.states).toBe(fingerprintsOf(one, {}).orbits);
  }
});

test.each<[string, Variant]>([
  ['the first node is treated otherwise', { privileged: true }],
  ['names are compared', { compares: true }],
])('a planted asymmetry is noticed: %s', (_, variant) => {
  const problem = untimed(twoPhase(3, variant), { faults: staying });
  const found = exploreWorlds(problem, 'bfs');
  expect(found.symmetry).toMatchObject({ none: { code: 'told-apart' } });
  const plain = untimed(twoPhase(3, { ...variant, alike: false }), { faults: staying });
  const { symmetry: _symmetry, ...rest } = found;
  expect(rest).toEqual(exploreWorlds(plain, 'bfs'));
});

test('of nodes with different options, those with equal ones are alike', () => {
  const setup = twoPhase(5);
  setup.nodes[1].options = { slow: true };
  const found = exploreWorlds(untimed(setup, { faults: staying }), 'bfs');
  expect(found).toMatchObject({ type: 'holds', symmetry: { alike: [all.slice(1)] } });
  expect(found.states).toBeGreaterThan(314);
});

test('a violation has as short a run, which can be taken', () => {
  const setup = twoPhase(4, { missing: 1 });
  const problem = untimed(setup, { faults: staying });
  const found = exploreBreadthFirst(problem);
  const plain = untimed(twoPhase(4, { missing: 1, alike: false }), { faults: staying });
  const other = exploreBreadthFirst(plain);
  if (found.type !== 'violated' || other.type !== 'violated') throw new Error('nothing was found');
  expect(found.subject).toEqual({ kind: 'invariant', name: 'consistent' });
  expect(found.trace.actions.length).toBe(other.trace.actions.length);
  const world = start(setup, problem.world.monitors);
  for (const action of found.trace.actions) expect(step(world, action)).toBe(true);
});

test('in time, draws tell nodes apart', () => {
  const problem = untimed(twoPhase(2));
  const timed = { ...problem, setting: { ...problem.setting, time: 'timed' as const } };
  const found = exploreWorlds({ ...timed, limits: { ...timed.limits, depth: 4 } }, 'bfs');
  expect(found.symmetry).toEqual({ none: { code: 'timed' } });
});
