/** A message that the scenario delays is overtaken in walks, as the simulator lets it be. */
import { expect, test } from 'vitest';
import { noFaults } from '../../src/explore/budgets.ts';
import { walk } from '../../src/explore/walks/walks.ts';
import { readFile } from './read.ts';

test('the run of the scenario itself breaks what it breaks in the simulator', () => {
  const { scenario } = readFile('samples/mutual-exclusion/overtaken.broken.scenario.yaml');
  const { finding } = walk(scenario, {
    strategies: [{ type: 'plain' }], time: 'timed', faults: noFaults, seeds: [1, 1],
    stepsMost: 1_000,
  });
  expect(finding?.broken.subject).toMatchObject({ kind: 'invariant', name: 'Links Keep Order' });
});
