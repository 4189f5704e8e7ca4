/** Each protocol of samples/find-the-bug has a fault that walks find, and that reads like a story. */
import { expect, test } from 'vitest';
import { type FaultBudget, noFaults } from '../../src/explore/budgets.ts';
import { breaks, savedScenario } from '../../src/explore/saved/saved.ts';
import { retold } from '../../src/explore/shrink/retell.ts';
import { shrink } from '../../src/explore/shrink/shrink.ts';
import type { TimeMode } from '../../src/explore/verdict.ts';
import { strategiesDefault, walk } from '../../src/explore/walks/walks.ts';
import { readFile } from './read.ts';

const oneCrash = { ...noFaults, crashes: 1 };

interface Planted {
  readonly name: string;
  readonly violates: string;
  readonly time: TimeMode;
  readonly faults: FaultBudget;
  /** How many actions its story has at most. */
  readonly actionsMost: number;
}

const planted: readonly Planted[] = [
  { name: 'quorum', violates: 'One Leader', time: 'untimed', faults: noFaults, actionsMost: 12 },
  { name: 'vote', violates: 'One Leader', time: 'untimed', faults: oneCrash, actionsMost: 14 },
  { name: 'lease', violates: 'Mutual Exclusion', time: 'timed', faults: noFaults, actionsMost: 14 },
  {
    name: 'commitment',
    violates: 'Committed Entries Stay',
    time: 'untimed',
    faults: noFaults,
    // Its links keep their order, so what is on the way of a vote arrives before it.
    actionsMost: 40,
  },
  { name: 'transaction', violates: 'Atomicity', time: 'timed', faults: oneCrash, actionsMost: 12 },
  {
    name: 'release',
    violates: 'Mutual Exclusion',
    time: 'timed',
    faults: noFaults,
    actionsMost: 16,
  },
];

test.each(planted)('$name', ({ name, violates, time, faults, actionsMost }) => {
  const { scenario, text } = readFile(`samples/find-the-bug/${name}.scenario.yaml`);
  const options = { strategies: strategiesDefault, time, faults, stepsMost: 150 };
  const { finding } = walk(scenario, { ...options, seeds: [1, 3_000] });
  expect(finding?.broken.subject).toEqual({ kind: 'invariant', name: violates });
  const first = shrink(scenario, finding!);
  const shrunk = first && retold(scenario, first, { ...options, length: 100 }, 12_000);
  expect(shrunk?.actions.length).toBeLessThanOrEqual(actionsMost);
  const saved = savedScenario({ scenario, text }, shrunk!);
  expect(breaks(saved!, scenario, finding!.broken.subject)).toBe(true);
});
