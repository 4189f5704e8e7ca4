/** In which order the mode that does all tries searches and walks. */
import { expect, test } from 'vitest';
import { noFaults, noLimits } from '../../src/explore/budgets.ts';
import { autoTries, type Auto, type Tried } from '../../src/explore/auto/driver.ts';
import type { Exploration, Walked } from '../../src/explore/verdict.ts';
import { readFile } from './read.ts';

const extent = {
  time: 'timed', faults: noFaults, limits: noLimits, transitions: 9, depth: 3, cut: [],
} as const;

const stopped = (at: 'states' | 'time'): Exploration => {
  return { type: 'unknown', why: { code: 'stopped', at }, states: 9, ...extent };
};

const found: Exploration = {
  type: 'violated', states: 9, ...extent, subject: { kind: 'run' }, reason: { code: 'reached' },
  trace: { actions: [] },
};

/** Walks that find nothing, unless they are untimed. */
function walked(time: 'timed' | 'untimed'): Walked {
  const { limits, ...rest } = extent;
  const about = { ...rest, limits, time, cut: [], seeds: [1, 9] as const, runs: 9 };
  if (time === 'timed') return { type: 'unknown', why: { code: 'stopped', at: 'time' }, ...about };
  return {
    type: 'violated', ...about, subject: { kind: 'invariant', name: 'One Leader' },
    reason: { code: 'reached' }, seed: 4, before: 7, trace: { actions: [] }, nodes: [],
  };
}

/** What is tried in a scenario with too many states, and the verdict. */
function tried(whole: Exploration): { order: string[]; auto: Auto<Tried> } {
  const { scenario } = readFile('samples/find-the-bug/quorum.scenario.yaml');
  const tries = autoTries<Tried>({
    scenario, time: 'timed', faults: noFaults, limits: noLimits, strategies: [{ type: 'random' }],
    seeds: [1, 100], stepsMost: 100, msMost: 60_000, goesBeyond: true, leavesOutStates: false,
  });
  const order: string[] = [];
  let next = tries.next();
  while (!next.done) {
    const one = next.value;
    order.push(one.type === 'walk' ? `walk ${one.time}` : one.isFirst ? 'first' : 'whole');
    const verdict = one.type === 'walk' ? walked(one.time) : one.isFirst ? stopped('states') : whole;
    next = tries.next({ verdict });
  }
  return { order, auto: next.value };
}

test('a search of too many states takes the time that is left after all others', () => {
  const { order, auto } = tried(stopped('time'));
  expect(order.at(-1)).toBe('whole');
  expect(order.at(-2)).toBe('walk untimed');
  expect(auto.result.verdict).toMatchObject({ type: 'unknown', why: { at: 'time' } });
  expect(auto.notice).toMatchObject({ time: 'untimed', verdict: { seed: 4 } });
  expect(auto.outside.why).toBe('noticed');
});

test('what it finds is the verdict, without a notice', () => {
  const { auto } = tried(found);
  expect(auto.result.verdict).toBe(found);
  expect(auto.notice).toBeUndefined();
  expect(auto.outside.why).toBe('broken');
});
