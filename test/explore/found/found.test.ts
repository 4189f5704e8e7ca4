/**
 * Nightly: every planted fault is found by `lockstep explore FILE` in 60 s, without options, and
 * what it saves shows it again. The table beside this file is written by this test.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { allMutants } from '../../mutants/all.ts';
import { type PlainScenario, plainScenarios } from './plain.ts';
import { cpuMs, type Row, withRow } from './search.ts';
import {
  brokenSamples, bugs, exploredFile, exploredMutant, exploredPlain,
} from './subjects.ts';

const table = fileURLToPath(new URL('README.md', import.meta.url));

// The 60 s are those of the processor: a machine that is busy would find less.
beforeAll(() => void vi.spyOn(performance, 'now').mockImplementation(cpuMs));

/** Written as it grows, so that a run that is ended shows how far it was. */
function expectFound(row: Row): void {
  writeFileSync(table, withRow(readFileSync(table, 'utf8'), row));
  expect(row.by, `${row.name} is not found`).toBeDefined();
  expect(row.isRepeated, `${row.name} is not repeated by its saved file`).toBe(true);
}

test.each([...bugs, ...brokenSamples])('%s', async (file) => expectFound(await exploredFile(file)));

// Few delays tell a shorter story than what is found first.
test('find-the-bug/commitment, by delays', async () => {
  const file = 'samples/find-the-bug/commitment.scenario.yaml';
  expectFound(await exploredFile(file, '--untimed', '--mode', 'delay'));
});

describe('mutants', () => {
  test.each(allMutants)('$name: $mutant.doc', async (one) => {
    expectFound(await exploredMutant(one));
  });
});

// Otherwise a scenario could be what is broken.
describe('in their scenarios, the protocols themselves break nothing', () => {
  test.each(Object.keys(plainScenarios) as PlainScenario[])('%s', async (name) => {
    expect(await exploredPlain(name, name, '--for', '20s')).not.toHaveProperty('by');
  });
});
