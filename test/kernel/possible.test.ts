/** What can happen next, and why an action cannot. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action } from '../../src/kernel/action.ts';
import { whyImpossible } from '../../src/kernel/impossible.ts';
import { actsOn, possibleActions, takenNow } from '../../src/kernel/possible.ts';
import type { Subject } from '../../src/kernel/seam/acts.ts';
import { step } from '../../src/kernel/step.ts';
import { actionText, parseAction } from '../../src/kernel/text/action-text.ts';
import { impossibleText } from '../../src/kernel/text/impossible-text.ts';
import type { World } from '../../src/kernel/world.ts';
import { leaseSetup } from './lease.ts';
import { doing } from './mistakes.ts';
import { choices, commands, play, seeds } from './schedules.ts';
import { runScript } from './script.ts';

const always = (check: (picked: string[]) => void) =>
  fc.assert(
    fc.property(choices, (picked) => void check(picked)),
    { numRuns: seeds, seed: 1 },
  );

describe('what can happen next', () => {
  test('is possible, and holds what happens without interference', () => {
    always((picked) => {
      const { world } = play(picked);
      const possible = possibleActions(world);
      const next = world.next();
      if (next) expect(possible.map(actionText)).toContain(actionText(next));
      // Two partitions may end at the same time; a message and a timer are in the list once.
      const texts = possible.filter(({ type }) => type !== 'postponed').map(actionText);
      expect(new Set(texts).size).toBe(texts.length);
      for (const action of possible) {
        const fork = world.fork();
        expect(step(fork, takenNow(fork, action))).toBe(true);
      }
    });
  });

  test('has a timer that was set again to a later time', () => {
    const { world } = doing((node) => {
      node.setTimer('later', [10, 20]);
      node.setTimer('later', [30, 50]);
    });
    expect(possibleActions(world).map(actionText)).toEqual(['fire a later']);
  });

  test('has a timer once that was set to the time of an earlier setting', () => {
    const { world } = doing((node) => {
      node.setTimer('later', 20);
      node.setTimer('later', 5);
      node.setTimer('later', 20);
    });
    world.next();
    expect(possibleActions(world).map(actionText)).toEqual(['fire a later']);
  });
});

test('an action is impossible exactly if there is a reason', () => {
  const names = fc.constantFrom('A->server#1', 'server->A#1', 'B->server#2.1', 'A->B#1');
  const named = fc
    .tuple(fc.constantFrom('deliver', 'drop', 'duplicate', 'delay'), names)
    .map(([verb, name]) => `${verb} ${name}${verb === 'delay' ? ' by 1ms' : ''}`);
  const others = fc.constantFrom(
    ...['fire server expiry', 'fire B retry', 'fire B retry[x]', 'crash C', 'fire C retry'],
    ...['A lease {} on waking', 'server lease {}', 'clock C jump +1s', 'pause server', 'restart B'],
  );
  const actions = fc.oneof(named, others, fc.constantFrom(...commands));
  fc.assert(
    fc.property(choices, fc.array(actions, { maxLength: 20 }), (picked, tried) => {
      const { world } = play(picked);
      const parsed = tried.map((text): Action => ({ ...parseAction(text)!, at: world.time }));
      for (const action of [...parsed, ...world.queue.items, ...world.nodes.flatMap((n) => n.held)]) {
        // The queue may have an entry of a timer that was set again: it is not an action any more.
        if (action.type === 'fire' && action.at < world.time) continue;
        const reason = whyImpossible(world, action);
        expect(step(world.fork(), action), actionText(action)).toBe(reason === undefined);
      }
    }),
    { numRuns: seeds, seed: 1 },
  );
});

test.each([
  ['crash C', 'there is no node C'],
  ['deliver A->server#7', 'A->server#7 is not in flight'],
  ['deliver A->server#1', 'A->server#1 waits until server resumes'],
  ['fire server expiry', 'server is paused'],
  ['fire B retry["a b"]', 'timer retry["a b"] of B is not set'],
  ['server lease {}', 'server has no operation lease'],
  ['B lease {} on waking', 'lease does not wait for B to resume'],
  ['restart server', 'server is paused'],
  ['restart B', 'B is running'],
  ['resume B', 'B is not paused'],
  ['crash A', 'A is crashed'],
  ['A lease {}', 'A is crashed'],
])('%s is impossible: %s', (text, reason) => {
  const { world } = runScript(leaseSetup(), 'A lease {}\npause server\ncrash A');
  const action = parseAction(text)!;
  expect(step(world, action)).toBe(false);
  expect(impossibleText(whyImpossible(world, action)!)).toBe(reason);
});

describe('what a person can do', () => {
  const subjects: Subject[] = [
    { type: 'node', node: 'server' },
    { type: 'node', node: 'B' },
    { type: 'node', node: 'nowhere' },
    { type: 'timer', node: 'server', timer: 'expiry', key: '' },
    { type: 'message', message: { from: 'A', to: 'server', ordinal: 1, copy: 0 } },
    { type: 'link', nodes: ['A', 'server'] },
    { type: 'link', nodes: ['server', 'B'] },
  ];

  test('is possible unless there is a reason, and then changes something', () => {
    always((picked) => {
      const { world } = play(picked);
      for (const { action, obstacle } of subjects.flatMap((one) => actsOn(world, one))) {
        const fork = world.fork();
        const taken = step(fork, action);
        expect(taken, actionText(action)).toBe(whyImpossible(world, action) === undefined);
        expect(parseAction(actionText(action)), actionText(action)).toEqual({ ...action, at: 0 });
        if (obstacle?.type === 'already cut' || obstacle?.type === 'not cut') {
          expect(fork.network.cut).toEqual(world.network.cut);
        } else if (['cut', 'heal', 'partition'].includes(action.type)) {
          expect(severed(fork), actionText(action)).not.toEqual(severed(world));
        } else expect(taken).toBe(obstacle === undefined);
      }
    });
  });

  const severed = ({ nodes, network }: World) =>
    nodes.map((_, from) => nodes.map((__, to) => network.isSevered(from, to)));

  test('to a link says which ways are cut already', () => {
    const { world } = runScript(leaseSetup(), 'cut A -> server');
    const obstacles = actsOn(world, { type: 'link', nodes: ['A', 'server'] }).map(
      ({ action, obstacle }) => `${actionText(action)}: ${obstacle?.type ?? 'possible'}`,
    );
    expect(obstacles).toEqual([
      'cut A -> server: already cut',
      'cut server -> A: possible',
      'partition A | server: possible',
      'heal A -> server: possible',
      'heal server -> A: not cut',
      'heal A server -> A server: possible',
    ]);
  });
});
