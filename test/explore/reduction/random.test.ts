/** Random small protocols: a search that leaves out choices finds what one without finds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Problem } from '../../../src/explore/search/problem.ts';
import type { Order } from '../../../src/explore/search/worlds.ts';
import { cyclicProblem } from './cyclic.ts';
import { randomProblem } from './random-cluster.ts';
import { compared, skippedPart } from './same.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 25);

const kinds: readonly (readonly [string, (seed: number) => Problem])[] = [
  ['nodes that share all there is', randomProblem],
  ['nodes that go round in circles', cyclicProblem],
];

const withMoreStates = (one: Problem): Problem => {
  return { ...one, limits: { ...one.limits, states: one.limits.states * 100 } };
};

test.each(kinds)('%s: as many states and choices, and the same verdict', (_, make) => {
  const counts = { holds: 0, violated: 0, unknown: 0, skipped: 0 };
  const isSame = (seed: number, order: Order) => {
    const { full, reduced, difference } = compared(() => make(seed), order);
    counts[full.type]++;
    if (full.type === 'unknown') return;
    if (reduced.type === 'unknown') {
      // Depth-first, it meets more states on its way to the same violation.
      expect(order).toBe('dfs');
      expect(compared(() => withMoreStates(make(seed)), order).difference).toBeUndefined();
      return;
    }
    counts.skipped = Math.max(counts.skipped, skippedPart(reduced));
    expect(difference).toBeUndefined();
  };
  const seed = fc.integer({ min: 1, max: 1_000_000 });
  const order = fc.constantFrom<Order>('bfs', 'dfs');
  fc.assert(fc.property(seed, order, isSame), { numRuns: seeds, seed: 1 });
  expect(counts.holds).toBeGreaterThan(5);
  expect(counts.skipped).toBeGreaterThan(0.3);
});
