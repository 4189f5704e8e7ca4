/** Each reason for which choices depend on each other: without it, a search misses something. */
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../src/explore/search/problem.ts';
import type { Shared } from '../../../src/explore/search/reduction/footprint.ts';
import { followed, problem } from './cluster.ts';
import {
  lastActed, lastSeen, manyWays, oneSender, pair, ready, readyStep, steps, throwers, twoSenders,
} from './examples.ts';
import { compared } from './same.ts';

const cases: readonly (readonly [Shared, string, () => Problem])[] = [
  ['node', 'two messages to one node', () => problem(twoSenders)],
  ['link', 'a message is delivered or duplicated', () =>
    problem(oneSender, { faults: { duplicates: 1 } })],
  ['network', 'a message is sent before a partition, or after it', () =>
    problem(oneSender, { faults: { partitions: 1 } })],
  ['reads', 'an invariant reads another node', () => problem(readyStep)],
  ['reads', 'an invariant remembers what another node has', () => problem(lastSeen)],
  ['readers of steps', 'an invariant reads who acted', () => problem(readyStep)],
  ['memory', 'an invariant remembers who acted last', () => problem(lastActed)],
  ['events', 'an event must not be reported under a condition', () =>
    followed(ready, 'expect:\n  - no event Done at a where b.state.isReady\n')],
  ['failures', 'an error is expected under a condition', () =>
    followed(throwers, 'expect:\n  - throws "no" where b.state.isOn\n')],
  ['limits', 'more messages in flight', () => problem(pair(2), { limits: { messages: 1 } })],
  ['limits', 'a node that is not explored further', () =>
    problem(pair(0), { targets: { nodeWithin: ({ state }) => !((state.on as number) > 1) } })],
  ['scenario', 'a step that waits for a condition', () => followed(steps,
    'steps:\n  - "when a.state.on == 1 && b.state.on == 1 && c.state.on == 0: crash c"\n')],
];

test('depth-first, what wakes up in a state that is met again is taken', () => {
  const make = () => problem(manyWays);
  expect(compared(make, 'dfs').difference).toBeUndefined();
  expect(compared(make, 'dfs', new Set(['sleepers'])).difference).toBeDefined();
});

describe.each(['bfs', 'dfs'] as const)('%s', (order) => {
  test.each(cases)('%s: %s', (shared, _, make) => {
    expect(compared(make, order).difference).toBeUndefined();
    expect(compared(make, order, new Set([shared])).difference).toBeDefined();
  });
});
