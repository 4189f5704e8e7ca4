/** A run that is tried for a saved scenario ends with the time for it, not with the run. */
import { expect, test } from 'vitest';
import { breaks, breaksPlainly, plainScenario } from '../../src/explore/saved/saved.ts';
import { readScenario } from './read.ts';

test('a run that is long is given up once the time is over', () => {
  const text = 'protocol: raft\nnodes: { n1..n3: replica }\nuntil: 100h\n';
  const { scenario } = readScenario(text);
  const subject = { kind: 'invariant', name: 'None' } as const;
  const calls = { inTime: 0, isOver: 0 };
  const trying = {
    inTime: <Result>(act: () => Result) => {
      calls.inTime++;
      return act();
    },
    isOver: () => ++calls.isOver % 3 === 0,
  };
  expect(breaks(text, scenario, subject, trying)).toBe(false);
  expect(breaksPlainly(text, scenario, subject, trying)).toBe(false);
  expect(plainScenario({ scenario, text }, 5, subject, trying)).toBeUndefined();
  expect(calls).toEqual({ inTime: 9, isOver: 9 });
});
