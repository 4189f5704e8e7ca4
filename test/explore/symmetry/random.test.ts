/** Random small protocols of alike nodes, with faults planted: symmetry changes no verdict. */
import { expect, test } from 'vitest';
import { exploreWorlds } from '../../../src/explore/search/worlds.ts';
import { untimed } from '../models/search.ts';
import { model } from './random.ts';

const states = 1_500;

test('verdicts with and without symmetry are the same', () => {
  const counts = { holds: 0, violated: 0, unknown: 0, reduced: 0 };
  for (let seed = 1; seed <= 40; seed++) {
    const explored = [true, false].map((alike) => {
      const problem = untimed(model(seed, alike));
      return exploreWorlds({ ...problem, limits: { ...problem.limits, states } }, 'bfs');
    });
    const [reduced, plain] = explored;
    expect(reduced.symmetry, `seed ${seed}`).toEqual({ alike: [['n1', 'n2', 'n3']] });
    // With a limit of states, fewer of them reach further.
    if (plain.type === 'unknown') continue;
    counts[plain.type]++;
    expect(reduced.type, `seed ${seed}`).toBe(plain.type);
    if (reduced.states < plain.states) counts.reduced++;
    if (reduced.type !== 'violated' || plain.type !== 'violated') continue;
    expect(reduced.trace.actions.length).toBe(plain.trace.actions.length);
  }
  expect(counts.violated).toBeGreaterThan(3);
  expect(counts.holds).toBeGreaterThan(3);
  expect(counts.reduced).toBeGreaterThan(3);
});
