/**
 * Nightly: every planted fault is found by `lockstep explore FILE` in 60 s, without options, and
 * what it saves shows it again. The table beside this file is written by this test.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { allMutants } from '../../mutants/all.ts';
import { type PlainScenario, plainScenarios } from './plain.ts';
import { cpuMs, hasRow, type Row, withRow } from './search.ts';
import {
  brokenSamples, bugs, exploredFile, exploredMutant, exploredPlain, nameOfFile,
} from './subjects.ts';

const table = fileURLToPath(new URL('README.md', import.meta.url));

const before = readFileSync(table, 'utf8');

/** Of some thousand CPU seconds, `LOCKSTEP_FOUND` leaves what the table still needs. */
function isWanted(name: string): boolean {
  const wanted = process.env.LOCKSTEP_FOUND;
  if (wanted === undefined) return true;
  if (wanted !== 'missing' && wanted !== 'open') {
    throw new Error(`LOCKSTEP_FOUND must be "missing" or "open", and is "${wanted}".`);
  }
  return !hasRow(before, name, wanted === 'open' ? 'good' : 'any');
}

/** With a shorter time, those that are soon found need not wait for those that are not. */
const shorter = process.env.LOCKSTEP_FOUND_FOR;
const time = shorter === undefined ? [] : ['--for', shorter];

// The 60 s are those of the processor: a machine that is busy would find less.
beforeAll(() => void vi.spyOn(performance, 'now').mockImplementation(cpuMs));

/** Written as it grows, so that a run that is ended shows how far it was. */
function expectFound(row: Row): void {
  // Whole at once: another run of these tests may read it now.
  const written = `${table}.${process.pid}`;
  writeFileSync(written, withRow(readFileSync(table, 'utf8'), row));
  renameSync(written, table);
  expect(row.by, `${row.name} is not found`).toBeDefined();
  expect(row.isRepeated, `${row.name} is not repeated by its saved file`).toBe(true);
  // Else a shorter run would break the promise for another reason than the planted fault.
  expect(row.accusesOriginal ?? false, `${row.name}: the protocol breaks it, too`).toBe(false);
}

const files = [...bugs, ...brokenSamples].filter((file) => isWanted(nameOfFile(file)));
test.each(files)('%s', async (file) => expectFound(await exploredFile(file)));

// Few delays tell a shorter story than what is found first.
test('find-the-bug/commitment, by delays', async () => {
  const file = 'samples/find-the-bug/commitment.scenario.yaml';
  expectFound(await exploredFile(file, '--untimed', '--mode', 'delay'));
});

describe('mutants', () => {
  const wanted = allMutants.filter(({ name }) => isWanted(name));
  test.each(wanted)('$name: $mutant.doc', async (one) => {
    expectFound(await exploredMutant(one, ...time));
  });
});

// Otherwise a scenario could be what is broken.
describe('in their scenarios, the protocols themselves break nothing', () => {
  test.each(Object.keys(plainScenarios) as PlainScenario[])('%s', async (name) => {
    const { promise } = await exploredPlain(name, name, '--for', '20s');
    // Two generals cannot agree if a messenger may be lost: that is what they show.
    const possible = name.startsWith('two-generals') ? [undefined, 'Both Or Neither'] : [undefined];
    expect(possible).toContain(promise);
  });
});
