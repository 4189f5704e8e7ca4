/** A message of a node to itself stays in its process: no fault of the network reaches it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { verdictLine } from '../../src/check/verdict-words.ts';
import { whyImpossible } from '../../src/kernel/impossible.ts';
import { defaultNetwork, type NetworkSetup, type Setup } from '../../src/kernel/plan.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { start, step } from '../../src/kernel/step.ts';
import { parseAction } from '../../src/kernel/text/action-text.ts';
import { impossibleText } from '../../src/kernel/text/impossible-text.ts';
import type { World } from '../../src/kernel/world.ts';
import { defineProtocol, operation, role } from '../../src/protocol/define.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

interface Counter {
  state: { heard: number[]; sent: number };
  receives: { Note: { number: number } };
  sends: { Note: { number: number } };
  timers: object;
  events: { Noted: { number: number } };
  options: object;
}

/** `note` sends three numbered messages to the node itself and to its peers. */
const notes = defineProtocol({
  name: 'notes',
  doc: 'Nodes that send notes to themselves and to others.',
  source: 'a test',
  events: { Noted: 'A node received a note.' },
  roles: {
    counter: role<Counter>({
      doc: 'Sends and receives notes.',
      init: () => ({ heard: [], sent: 0 }),
      messages: {
        Note(node, { number }, from) {
          if (from === node.id) node.state.heard.push(number);
          node.event('Noted', { number });
        },
      },
      timers: {},
      operations: {
        note: operation<Counter>()({
          doc: 'Sends three notes.',
          parameters: {},
          run(node, _none, id) {
            for (let i = 0; i < 3; i++) {
              const number = ++node.state.sent;
              for (const to of [node.id, ...node.peers]) node.send(to, { type: 'Note', number });
            }
            node.reply(id, 'OK');
          },
        }),
      },
      look: (state) => ({ standing: state.sent > 0 ? 'sender' : 'idle' }),
    }),
  },
  invariants: {},
});

function setupOf(network: Partial<NetworkSetup> = {}): Setup {
  const nodes = ['a', 'b', 'c'].map((id) => ({ id, role: 'counter' }));
  return { protocol: notes, seed: 1, nodes, network: { ...defaultNetwork, ...network } };
}

function take(world: World, text: string): Effects {
  const effects = new Effects();
  const action = parseAction(text)!;
  expect(step(world, { ...action, at: world.time }, effects), text).toBe(true);
  return effects;
}

function runOut(world: World): void {
  for (let next = world.next(); next !== undefined; next = world.next()) step(world, next);
}

const faults = [
  'partition a | b c', 'cut a b c -> a b c', 'cut a -> a', 'network loss=100%',
  'network delay=5s', 'network duplicate=100%', 'network latency=1s..9s reorder=true',
  'network loss=100% on a -> a b',
];

describe('whatever the network does', () => {
  test('its messages to itself arrive once, in order, and at once', () => {
    const disturbances = fc.subarray(faults, { minLength: 1 });
    fc.assert(
      fc.property(disturbances, (chosen) => {
        const world = start(setupOf({ loss: 1, duplicate: 1, reorder: true, latency: [5, 9e6] }));
        for (const fault of chosen) take(world, fault);
        const { sent } = take(world, 'a note {}');
        expect(sent.filter(({ to }) => to === 'a').map(({ lost }) => lost)).toEqual(['', '', '']);
        take(world, 'cut a -> a b c');
        for (let i = 0; i < 3; i++) step(world, world.next()!);
        expect(world.time).toBe(0);
        expect(world.node('a')!.state.heard).toEqual([1, 2, 3]);
        runOut(world);
        expect(world.node('a')!.state.heard).toEqual([1, 2, 3]);
      }),
    );
  });

  test.each(['drop', 'duplicate', 'delay'])('to %s one is impossible', (verb) => {
    const world = start(setupOf());
    take(world, 'a note {}');
    const action = parseAction(`${verb} a->a#2${verb === 'delay' ? ' by 5ms' : ''}`)!;
    const reason = whyImpossible(world, action);
    expect(step(world, action)).toBe(false);
    expect(impossibleText(reason!)).toBe(
      'a->a#2 is a message of a to itself, which does not pass through the network',
    );
    take(world, 'deliver a->a#2');
    expect(world.node('a')!.state.heard).toEqual([2]);
  });
});

test('they end with the process: a node that restarts does not receive what it sent before', () => {
  const world = start(setupOf());
  take(world, 'a note {}');
  take(world, 'crash a');
  take(world, 'restart a');
  runOut(world);
  expect(world.node('a')!.state).toEqual({ heard: [], sent: 0 });
});

/** The verdicts of a scenario that are violated. */
function failures(...steps: string[]): string[] {
  const source = `protocol: notes\nnodes: { a: counter, b: counter, c: counter }\nsteps:\n${steps
    .map((line) => `  - ${line}\n`)
    .join('')}`;
  const { scenario, problems } = parseScenario(source, 'x.yaml', [notes]);
  expect(problems).toEqual([]);
  const { verdicts } = simulate(scenario!);
  return verdicts.filter(({ type }) => type === 'violated').map((verdict) => verdictLine(verdict));
}

describe('a command of a scenario', () => {
  test('passes over such a message', () => {
    expect(failures('a note', 'drop a->*')).toEqual([]);
    expect(failures('cut a -> b c', 'a note', 'delay [Note] by 1s')).toEqual([
      expect.stringMatching('no such message is in flight'),
    ]);
  });

  test('says so if a standing names the node on the other side', () => {
    const links = ['cut the sender -> a', 'network loss=5% on the sender -> a'];
    for (const command of ['drop the sender->a', ...links]) {
      expect(failures('a note', command)).toEqual([
        expect.stringMatching('`a` has no link to itself'),
      ]);
    }
  });
});
