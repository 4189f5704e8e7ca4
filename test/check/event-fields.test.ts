// A condition on a field that no such event of the run had: the verdict names the field.
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { isFailure, verdictReason } from '../../src/check/verdict-words.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

/** Why the parts of a scenario that fail do so. */
function failuresOf(more: string): string[] {
  const source = `protocol: raft\nnodes: { n1..n3: replica }\nseed: 1\n${more}`;
  const { scenario, problems } = parseScenario(source, 'x', [raft]);
  if (!scenario) throw new Error(JSON.stringify(problems));
  return simulate(scenario).verdicts.filter(isFailure).map((one) => verdictReason(one)!);
}

const elected = 'steps:\n  - fire n1 election\n  - wait until LeaderElected\n';
const noTrm = /; there is no field `trm` in TermChanged; its fields are from, to \(/;

test.each([
  ['a wait', 'steps:\n  - wait until TermChanged where event.trm > 0 within 1s\n', noTrm],
  ['a wait at a node', 'steps:\n  - wait until TermChanged at n2 where event.trm > 0 within 1s\n', noTrm],
  ['a condition without an error', 'steps:\n  - wait until TermChanged where has(event.trm) within 1s\n', noTrm],
  ['a placement', 'steps:\n  - after TermChanged where event.trm > 0: crash n1\n', noTrm],
  [
    'an expectation',
    `${elected}expect:\n  - event LeaderElected where event.candidate == 1\n`,
    /; there is no field `candidate` in LeaderElected; its fields are term, votes \(/,
  ],
  ['until', `${elected}until: TermChanged where event.trm > 0\n`, /before this happened; there is no field `trm` in Term/],
])('%s', (_name, more, why) => {
  const all = failuresOf(more);
  expect(all).toHaveLength(1);
  expect(all[0]).toMatch(why);
});

test('a wait for a value that a field never had does not name the field', () => {
  const late = 'steps:\n  - wait until TermChanged where event.to > 9 within 1s\n';
  expect(failuresOf(late)).toEqual([expect.stringMatching(/did not happen within 1s \(/)]);
});

test('without such an event, nothing is known of its fields', () => {
  const none = `${elected}expect:\n  - event LogTruncated where event.nothing == 1\n`;
  expect(failuresOf(none)).toEqual([expect.stringMatching(/did not happen \(/)]);
});

test('a field that a pattern names beside one that matches is not reported', () => {
  const more = 'steps:\n  - wait until TermChanged where event.to > 0 || event.trm > 0\n';
  expect(failuresOf(more)).toEqual([]);
});
