// The order, the waits and the times of a transcript's steps.
import { expect, test } from 'vitest';
import type { Step } from './adapter.ts';
import { type Operation, replaySteps } from './steps.ts';

/** Time in which an action happens at each of these milliseconds. */
class ScriptedTime {
  nowMs = 0;
  constructor(private readonly actions: number[]) {}
  advance(untilMs: number): boolean {
    const next = this.actions[0];
    if (next === undefined || next > untilMs) {
      this.nowMs = Math.max(this.nowMs, untilMs);
      return false;
    }
    this.nowMs = this.actions.shift()!;
    return true;
  }
}

const replay = (actions: number[], steps: readonly Omit<Step, 'n'>[]) => {
  const time = new ScriptedTime(actions);
  const begin = ({ action, args = {} }: Step): Operation | undefined => {
    if (action !== 'wait') return undefined;
    const limit = args.limit === undefined ? undefined : { ms: Number(args.limit), result: 'none' };
    return { poll: () => (time.nowMs >= Number(args.at) ? 'done' : undefined), limit };
  };
  const transcript = {
    name: '', group: '', shows: '', server: { name: '', version: '' },
    steps: steps.map((step, i) => ({ n: i + 1, ...step })),
    observed: [], runs: 3, outcome: 'same every time',
  };
  return replaySteps(transcript, time, begin);
};

test('a step ends with its result, and its time is measured', () => {
  expect(replay([7, 30], [{ action: 'wait', args: { at: 30 } }])).toEqual([
    { step: 1, result: 'done', ms: 30 },
  ]);
});

test('a step that waits long enough has the result for that', () => {
  expect(replay([30], [{ action: 'wait', args: { at: 30, limit: 20 } }])).toEqual([
    { step: 1, result: 'none' },
  ]);
});

test('a step that runs beside is timed from its start, or from a mark, to its own end', () => {
  const steps: Omit<Step, 'n'>[] = [
    { action: 'wait', args: { at: 30 }, as: 'op' },
    { action: 'still-waiting', args: { op: 'op', for_ms: 10 } },
    { action: 'nothing', mark: 'now' },
    { action: 'sleep', args: { ms: 100 } },
    { action: 'still-waiting', args: { op: 'op', for_ms: 10 } },
    { action: 'await', args: { op: 'op', within_ms: 50 } },
    { action: 'await', args: { op: 'op', within_ms: 50, since: 'now' } },
  ];
  expect(replay([30], steps)).toEqual([
    { step: 2, result: { waiting: true } },
    { step: 5, result: { waiting: false } },
    { step: 6, result: 'done', ms: 30 },
    { step: 7, result: 'done', ms: 10 },
  ]);
});

test('what never comes is still awaited when its time is over', () => {
  const steps: Omit<Step, 'n'>[] = [
    { action: 'wait', args: { at: 500 }, as: 'op' },
    { action: 'await', args: { op: 'op', within_ms: 50 } },
  ];
  expect(replay([], steps)).toEqual([{ step: 2, result: { waiting: true } }]);
});
