// The comparison of a sequence on a real server with the simulation: what counts as a difference.
import { expect, test } from 'vitest';
import type { Data, Outcome } from '../transcripts/adapter.ts';
import { differencesOf } from '../transcripts/compare.ts';
import { compareSequence, differenceText, type Sequence, transcriptOf } from './recording.ts';

/** A put and a read, for which the "real" server gives these results, run by run. */
function sequenceOf(...runs: readonly (readonly Data[])[]): Sequence {
  let next = 0;
  return {
    path: 'etcd/random-1',
    server: { name: 'etcd', version: '3.4.23' },
    steps: [
      { n: 1, actor: 'A', action: 'connect', args: { to: 'L' } },
      { n: 2, actor: 'A', action: 'put', args: { key: 'k', value: 'v' } },
      { n: 3, actor: 'A', action: 'delete', args: { key: 'k' } },
    ],
    run: async () => runs[next++].map((result, i): Outcome => ({ step: i + 2, result, ms: 5 })),
  };
}
const right: readonly Data[] = [{ revision: 2 }, { revision: 3, deleted: 1 }];
const wrong: readonly Data[] = [{ revision: 2 }, { revision: 3, deleted: 0 }];

test('one run is enough if the simulation does the same', async () => {
  const { verdict, runs } = await compareSequence(sequenceOf(right));
  expect([verdict, runs]).toEqual([{ type: 'passed' }, 1]);
});

test('what the simulation does otherwise than each of three runs is a difference', async () => {
  const sequence = sequenceOf(wrong, wrong, wrong);
  const compared = await compareSequence(sequence);
  expect(compared.runs).toBe(3);
  expect(differenceText(sequence.path, compared)).toBe(
    [
      'etcd/random-1 failed (seed 1): A random sequence.',
      '  step 3: A delete {"key":"k"}',
      '    expected  {"revision":3,"deleted":0}',
      '    got       {"revision":3,"deleted":1}',
      'All steps:',
      '  1 A connect {"to":"L"}',
      '  2 A put {"key":"k","value":"v"} → {"revision":2}',
      '  3 A delete {"key":"k"} → {"revision":3,"deleted":0}',
    ].join('\n'),
  );
});

test('what varies from run to run may be any of it', async () => {
  const { verdict, runs, transcript } = await compareSequence(sequenceOf(wrong, right));
  expect([verdict.type, runs, transcript.outcome]).toEqual(['passed', 2, 'varies']);
  expect(transcript.observed[1].varies).toEqual([
    { result: wrong[1], runs: 1 },
    { result: right[1], runs: 1 },
  ]);
});

test('a time may differ by the tolerance of a busy machine, and by the slack of the server', () => {
  const { path, server } = sequenceOf();
  const steps = [{ n: 1, actor: 'A', action: 'wait-gone', timed: true }];
  const recorded = transcriptOf({ path, server, steps, slackMs: 500 }, [
    [{ step: 1, result: null, ms: 1_000 }],
  ]);
  const isDifferent = (ms: number) =>
    differencesOf(recorded, [{ step: 1, result: null, ms }]).length > 0;
  expect([199, 201, 1_799, 1_801].map(isDifferent)).toEqual([true, false, false, true]);
});
