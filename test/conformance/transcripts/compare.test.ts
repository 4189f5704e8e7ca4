// The comparison of a simulated run with a recorded one: what counts as equal.
import { expect, test } from 'vitest';
import { NotModelled, type Observation, type Outcome, replaying } from './adapter.ts';
import { differencesOf, isAlike } from './compare.ts';
import { countText, failureText } from './report.ts';

const transcriptOf = (observed: readonly Observation[]) => ({
  name: 'one',
  group: 'examples',
  shows: 'An example.',
  server: { name: 'Redis', version: '7.0.15' },
  steps: [{ n: 1, actor: 'A', action: 'cmd', args: { cmd: ['GET', 'k'] } }],
  observed,
  runs: 3,
  outcome: 'same every time',
});
const differences = (observation: Omit<Observation, 'step'>, outcome: Omit<Outcome, 'step'>) =>
  differencesOf(transcriptOf([{ step: 1, ...observation }]), [{ step: 1, ...outcome }]);

test('a result must be the recorded one, and there must be one', () => {
  expect(differences({ result: { reply: 1 } }, { result: { reply: 1 } })).toEqual([]);
  expect(differences({ result: { reply: 1 } }, { result: { reply: '1' } })).toHaveLength(1);
  expect(differencesOf(transcriptOf([{ step: 1, result: null }]), [])).toMatchObject([
    { got: 'no result' },
  ]);
});

test('a result that varies may be any of those recorded', () => {
  const varies = [
    { result: 'a', runs: 1 },
    { result: 'b', runs: 7 },
  ];
  expect(differences({ varies }, { result: 'a' })).toEqual([]);
  expect(differences({ varies }, { result: 'b' })).toEqual([]);
  expect(differences({ varies }, { result: 'c' })).toMatchObject([{ expected: '"a" or "b"' }]);
});

test('a time must lie within its tolerance', () => {
  const observation = { result: null, ms: { typical: 500, least: 490, most: 520, tolerance: 80 } };
  expect(differences(observation, { result: null, ms: 420 })).toEqual([]);
  expect(differences(observation, { result: null, ms: 580 })).toEqual([]);
  expect(differences(observation, { result: null, ms: 581 })).toMatchObject([
    { expected: 'null after 500 ± 80 ms', got: 'null after 581 ms' },
  ]);
  expect(differences(observation, { result: null })).toHaveLength(1);
});

test('fields may come in any order, elements may not', () => {
  expect(isAlike({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
  expect(isAlike([1, 2], [2, 1])).toBe(false);
  expect(isAlike({ a: null }, {})).toBe(false);
  expect(isAlike({}, [])).toBe(false);
});

test('a rounded time to live may be a little off', () => {
  expect(isAlike('about 3100', 'about 3062')).toBe(true);
  expect(isAlike('about 3100', 'about 3300')).toBe(false);
  expect(isAlike('about 3100', '3100')).toBe(false);
});

test('what is not modelled ends a replay with its reason', () => {
  const replay = replaying(() => {
    throw new NotModelled("Lockstep's Redis does not model GEOADD");
  });
  expect(replay).toEqual({
    type: 'not modelled',
    reason: "Lockstep's Redis does not model GEOADD",
  });
});

test('a failure shows the step, what was expected and what happened', () => {
  const transcript = transcriptOf([{ step: 1, result: { reply: 'v' } }]);
  const found = differencesOf(transcript, [{ step: 1, result: { reply: null } }]);
  const verdict = { type: 'failed', seed: 2, differences: found } as const;
  expect(failureText({ path: 'redis/one', transcript, verdict })).toBe(
    'redis/one failed (seed 2): An example.\n' +
      '  step 1: A cmd {"cmd":["GET","k"]}\n' +
      '    expected  {"reply":"v"}\n' +
      '    got       {"reply":null}',
  );
  expect(countText({ passed: 3, failed: 1, notModelled: 2 })).toBe(
    '3 passed, 1 failed, 2 not modelled',
  );
});
