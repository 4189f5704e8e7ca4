/** Actions, durations and events in words: as scenarios write them, with the declared units. */
import { expect, test } from 'vitest';
import type { Action } from '../../src/kernel/action.ts';
import { defaultNetwork } from '../../src/kernel/plan.ts';
import { start } from '../../src/kernel/step.ts';
import { timeText } from '../../src/kernel/text/duration.ts';
import { library } from '../../src/protocols/library.ts';
import {
  actionSentence,
  commandText,
} from '../../src/view/words.ts';

test.each([
  [0, '0 s'],
  [850, '850 µs'],
  [2_980, '3 ms'],
  [12_345, '12.3 ms'],
  [197_400, '197 ms'],
  [999_700, '1 s'],
  [1_204_000, '1.204 s'],
  [15_000_000, '15 s'],
])('%i µs is written %s', (micros, time) => {
  expect(timeText(micros)).toBe(time);
});

test('an operation is written as in a scenario, with its durations', () => {
  const protocol = library.find(({ name }) => name === 'redis-lock')!;
  const nodes = [
    { id: 'redis', role: 'redis' },
    { id: 'A', role: 'worker' },
  ];
  const world = start({ protocol, seed: 1, nodes, network: defaultNetwork });
  const args = { key: 'order42', ttl: 2_000_000 };
  const action: Action = { type: 'invoke', at: 0, node: 'A', operation: 'lock', args };
  expect(commandText(action, world)).toBe('A lock order42 ttl=2s');
  expect(actionSentence(action, null, world)).toBe('A invokes lock order42 ttl=2s');
  expect(commandText({ ...action, woken: true }, world)).toBe('A lock order42 ttl=2s on waking');
});
