/** What a search counts against `--max-memory` is what it takes, within a wide margin. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { type Sleeper, SleepSets } from '../../src/explore/search/reduction/sleep-sets.ts';
import { SymmetricNames } from '../../src/explore/symmetry/symmetric.ts';
import { untimed } from './models/search.ts';
import { dice } from './reduction/random-cluster.ts';
import { twoPhase } from './symmetry/two-phase.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function used(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Makes something of which `bytes` says what it takes, and measures it. */
function partCounted<Made extends { readonly bytes: number }>(make: () => Made): number {
  const before = used();
  const made = make();
  const took = used() - before;
  return made.bytes / took;
}

const roll = dice(1);

const sleeper = (name: number): Sleeper => ({
  name, outcomes: 1, node: name % 5, link: name % 25, fault: undefined, reads: 0, adds: 1,
  uses: name % 7, changes: name % 3, isVisible: false,
});

function manySets(): SleepSets {
  const sets = new SleepSets();
  const numbers = Array.from({ length: 2_000 }, (_, name) => sets.number(sleeper(name)));
  for (let i = 0; i < 50_000; i++) {
    sets.of(Array.from({ length: 4 + roll(12) }, () => numbers[roll(numbers.length)]));
  }
  for (let i = 0; i < 100_000; i++) sets.meet(1 + roll(50_000), 1 + roll(50_000));
  return sets;
}

function manyParts(): SymmetricNames {
  const names = new SymmetricNames(untimed(twoPhase(4)), [['r1', 'r2', 'r3', 'r4']]);
  for (let i = 0; i < 20_000; i++) {
    names.canonical.of([names.parts.ofFaults([i, roll(1_000), roll(1_000), 0, 0])]);
  }
  return names;
}

test.each<[string, () => { readonly bytes: number }]>([
  ['sets of choices that sleep', manySets],
  ['names of alike nodes', manyParts],
])('%s', (_, make) => {
  const part = partCounted(make);
  expect(part).toBeGreaterThan(0.5);
  expect(part).toBeLessThan(2);
});
