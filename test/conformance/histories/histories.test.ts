// Recorded histories and litmus tests: the verdicts that others have found are found here.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { skipUnavailable } from '../unavailable.ts';
import { historyResults } from './histories.ts';
import { litmusResults } from './litmus.ts';

const root = process.env.LOCKSTEP_CONFORMANCE;
const unset = 'LOCKSTEP_CONFORMANCE is not set. Set it to the folder with histories and litmus.tsv.';

test('recorded histories are linearizable or not, as their table says', (context) => {
  if (root === undefined) skipUnavailable(context, unset);
  const folder = join(root, 'histories');
  if (!existsSync(folder)) skipUnavailable(context, `There are no histories in ${folder}.`);
  const results = historyResults(folder);
  expect(results.filter(({ expected, found }) => expected !== found)).toEqual([]);
  expect(results.length).toBeGreaterThan(0);
});

test('and so they are when the object and its start are guessed', (context) => {
  if (root === undefined) skipUnavailable(context, unset);
  const folder = join(root, 'histories');
  if (!existsSync(folder)) skipUnavailable(context, `There are no histories in ${folder}.`);
  const results = historyResults(folder, true);
  expect(results.filter(({ expected, found }) => expected !== found)).toEqual([]);
});

test('litmus tests have the verdict of each model', (context) => {
  if (root === undefined) skipUnavailable(context, unset);
  const file = join(root, 'litmus.tsv');
  if (!existsSync(file)) skipUnavailable(context, `There is no ${file}.`);
  const results = litmusResults(readFileSync(file, 'utf8'));
  expect(results.filter(({ expected, found }) => expected !== found)).toEqual([]);
  expect(results.length).toBeGreaterThan(0);
});

test('a litmus test that cannot be read is refused', () => {
  expect(() => litmusResults('id\thistory\tlinearizable\nX\tA: Wx1 Foo\tY')).toThrow('Foo');
});
