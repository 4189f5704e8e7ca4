/** Items of the sequence: a client operation is not a fault, but a handler that throws is one. */
import { expect, test } from 'vitest';
import type { Action } from '../../src/kernel/action.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { defaultNetwork } from '../../src/kernel/plan.ts';
import { start, step } from '../../src/kernel/step.ts';
import { library } from '../../src/protocols/library.ts';
import { SequenceItems, sequenceView } from '../../src/view/sequence.ts';

const protocol = library.find(({ name }) => name === 'redis-lock')!;
const nodes = [
  { id: 'redis', role: 'redis' },
  { id: 'A', role: 'worker' },
];
const lock = { operation: 'lock', args: { key: 'order42', ttl: 2_000_000 } };

test('an operation, a crash, and a handler that threw', () => {
  const moment = start({ protocol, seed: 1, nodes, network: defaultNetwork });
  const items = new SequenceItems();
  const effects = new Effects();
  const actions: Action[] = [
    { type: 'invoke', at: 0, node: 'A', ...lock },
    { type: 'crash', at: 0, node: 'redis' },
  ];
  for (const action of actions) {
    step(moment, action, effects);
    items.note({ step: moment.step, action, effects, moment });
  }
  effects.failure = { node: 'A', message: 'out of luck' } as Effects['failure'];
  items.note({ step: 2, action: null, effects, moment });
  const notes = items.finish(2, moment).filter(({ type }) => type !== 'message');
  expect(notes).toEqual([
    {
      type: 'operation',
      nodes: ['A'],
      text: 'A invokes lock order42 ttl=2s',
      step: 1,
      current: false,
    },
    { type: 'fault', nodes: ['redis'], text: 'redis crashes', step: 2, current: true },
    { type: 'fault', nodes: ['A'], text: 'A threw: out of luck', step: 2, current: true },
  ]);
  const { mermaid } = sequenceView(moment, notes);
  expect(mermaid).toContain('    Note over p1: A threw: out of luck\n');
});
