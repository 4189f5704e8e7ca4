/** Items of the sequence: a client operation is not a fault, but a handler that throws is one. */
import { expect, test } from 'vitest';
import type { Action } from '../../src/kernel/action.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { defaultNetwork } from '../../src/kernel/plan.ts';
import { start, step } from '../../src/kernel/step.ts';
import { library } from '../../src/protocols/library.ts';
import type { Upcoming } from '../../src/kernel/seam/moment.ts';
import { talkSetup } from '../kernel/talk.ts';
import { itemInWords, itemLabel } from '../../src/view/panel-words/sequence.ts';
import { SequenceItems } from '../../src/view/sequence/items.ts';
import { sequenceToMermaid } from '../../src/view/sequence/mermaid.ts';

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
  const notes = items.finish(moment).filter(({ type }) => type !== 'message');
  const when = { at: 0, current: false };
  expect(notes).toEqual([
    {
      type: 'operation',
      nodes: ['A'],
      operation: expect.any(String) as string,
      text: 'A invokes lock order42 ttl=2s',
      step: 1,
      ...when,
    },
    { type: 'fault', nodes: ['redis'], text: 'redis crashes', step: 2, ...when },
    { type: 'fault', nodes: ['A'], text: 'A threw: out of luck', step: 2, ...when },
  ]);
  const mermaid = sequenceToMermaid(nodes.map(({ id }) => ({ id, about: [] })), notes);
  expect(mermaid).toContain('      Note over p1: A threw: out of luck\n');
});

/** What the panel shows of A's connection to a server, with the commands at their seconds. */
function shownOfTalk(commands: readonly (readonly [number, Action])[], until: number): string[] {
  const world = start(talkSetup({ keepAlive: true }));
  const items = new SequenceItems();
  const effects = new Effects();
  const act = (action: Action | Upcoming) => {
    step(world, action as Action, effects);
    items.note({ step: world.step, action, effects, moment: world });
  };
  for (const [second, command] of [...commands, [until, null] as const]) {
    const at = second * 1_000_000;
    while ((world.next()?.at ?? Infinity) < at) act(world.next()!);
    if (command !== null) act({ ...command, at });
  }
  return items.finish(world).map((item) => {
    if (item.type === 'message') {
      const times = item.repeated ? ` × ${item.repeated.times}` : '';
      return `${item.label}, ${item.from} to ${item.to}, ${item.outcome}${times}`;
    }
    return item.type === 'event' ? item.name : itemLabel(item);
  });
}

const open: Action = { type: 'invoke', at: 0, node: 'A', operation: 'open', args: {} };
const tell: Action = { type: 'invoke', at: 0, node: 'server', operation: 'say', args: { to: 'A' } };
const lose: Action = { type: 'power-off', at: 0, node: 'A' };

test('a keep-alive probe is a message, and a timer that begins anew is not shown', () => {
  // Both hosts probe after 10 s without contact. What is said at 9 s lets both timers begin anew.
  const shown = shownOfTalk([[1, open], [9, tell]], 25);
  const probes = shown.filter((item) => item.startsWith('keep-alive probe'));
  expect(probes).toContain('keep-alive probe, A to server, delivered');
  expect(shown.filter((item) => /probes|need not/.test(item))).toEqual([]);
});

test('a probe without an answer is lost, and giving up is shown', () => {
  const shown = shownOfTalk([[1, open], [2, lose]], 20);
  expect(shown.filter((item) => item.includes('keep-alive'))).toEqual([
    'keep-alive probe, server to A, lost × 3',
  ]);
  expect(shown.at(-2)).toBe('server gives up on connection A-server:1');
  expect(shown.at(-1)).toBe('ConnectionEnded');
});

test('what reaches a host that does not know the connection is refused, not lost', () => {
  const shown = shownOfTalk([[1, open], [2, { ...lose, for: 3_000_000 } as Action], [8, tell]], 9);
  expect(shown).toContain('Say number 1, place 1, server to A, reset');
});

test('messages that say the same one after the other are one row', () => {
  const world = start(talkSetup());
  const effects = new Effects();
  const items = new SequenceItems();
  step(world, open, effects);
  const deliver = world.next() as Action;
  step(world, deliver, effects);
  effects.events = [];
  for (const number of [2, 3, 4]) items.note({ step: number, action: deliver, effects, moment: world });
  const [syn, ...others] = items.finish(world).filter(({ type }) => type === 'message');
  expect(syn).toMatchObject({ step: 4, repeated: { times: 3, since: 2 } });
  expect(others.every((other) => other.type === 'message' && other.repeated === undefined)).toBe(true);
  const mermaid = sequenceToMermaid([], [syn!]);
  expect(mermaid).toContain('× 3');
  expect(itemInWords(syn!)).toContain('3 times, steps 2 to 4');
});
