/** The nearest run that does not break: what it changes, and that it keeps the promise. */
import { expect, test } from 'vitest';
import { noFaults } from '../../src/explore/budgets.ts';
import { nearestHolding, type NearestRun } from '../../src/explore/nearest/nearest.ts';
import { violatingRun } from '../../src/explore/nearest/of-finding.ts';
import { changeText } from '../../src/explore/nearest/words.ts';
import { shrink } from '../../src/explore/shrink/shrink.ts';
import { setupOf, strategiesDefault, walk } from '../../src/explore/walks/walks.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { asPending } from '../../src/kernel/run.ts';
import { step } from '../../src/kernel/step.ts';
import { readFile } from './read.ts';

function nearest(violating: NonNullable<ReturnType<typeof violatingRun>>): NearestRun | undefined {
  const all = nearestHolding(violating);
  for (;;) {
    const next = all.next();
    if (next.done) return next.value;
  }
}

const read = readFile('test/explore/last-promise/duel.scenario.yaml');
const { scenario } = read;
const { finding } = walk(scenario, {
  strategies: strategiesDefault, time: 'timed', faults: noFaults, seeds: [1, 500], stepsMost: 400,
});

/** Takes a run again, and says whether it breaks the promise. */
function breaksAgain(
  violating: NonNullable<ReturnType<typeof violatingRun>>,
  { base, actions }: Pick<NearestRun, 'base' | 'actions'>,
): boolean {
  const world = violating.world.fork();
  const effects = new Effects();
  const before = violating.actions.slice(0, base - world.step);
  return [...before, ...actions].some((action) => {
    expect(step(world, asPending(world, action), effects)).toBe(true);
    return violating.isBroken(world, action, effects);
  });
}

test.each([false, true])('of a walk that breaks Agreement, shrunk: %s', (isShrunk) => {
  const { broken: { subject }, seed, time, actions } = finding!;
  const shrunk = shrink(scenario, finding!)!;
  const violating = violatingRun(scenario, isShrunk
    ? {
        setup: shrunk.setup, actions: shrunk.actions.map(({ action }) => action), subject,
        hasOwnSteps: true,
      }
    : { setup: setupOf(scenario, seed, time), actions, subject, hasOwnSteps: false })!;
  expect(breaksAgain(violating, { base: 0, actions: violating.actions })).toBe(true);
  const found = nearest(violating)!;
  expect(breaksAgain(violating, found)).toBe(false);
  expect(found.base).toBe(found.change.step - 1);
  expect(changeText(found.change)).toMatch(/^\w+ .* \(step \d+\)$/);
  expect(found.change.type).toBe('before');
});

test('a promise that nothing keeps has no such run, and the search is bounded', () => {
  const { broken: { subject }, seed, time, actions } = finding!;
  const found = { setup: setupOf(scenario, seed, time), actions, subject, hasOwnSteps: false };
  const violating = violatingRun(scenario, found)!;
  let tried = 0;
  const never = { ...violating, isBrokenAtEnd: () => (tried++, true) };
  expect(nearest(never)).toBeUndefined();
  expect(tried).toBeGreaterThan(5);
  expect(tried).toBeLessThan(2_000);
});
