/** Properties of connections in random schedules of faults. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action } from '../../src/kernel/action.ts';
import { digest } from '../../src/kernel/compare/digest.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { handlerOf } from '../../src/kernel/next-handler.ts';
import { whyImpossible } from '../../src/kernel/impossible.ts';
import { possibleActions, takenNow } from '../../src/kernel/possible.ts';
import type { Setup } from '../../src/kernel/plan.ts';
import { Run } from '../../src/kernel/run.ts';
import { start, step } from '../../src/kernel/step.ts';
import { actionText, parseAction } from '../../src/kernel/text/action-text.ts';
import type { World } from '../../src/kernel/world.ts';
import { choices, play, seeds } from './schedules.ts';
import { talkSetup } from './talk.ts';

const second = 1_000_000;

const log = (world: World, node: string) => (world.node(node)!.state as { log: string[] }).log;

const commands = [
  ...['A open {}', 'B open {}', 'A say {}', 'A say {}', 'B say {}', 'server say {"to":"A"}', 'A close {}'],
  ...['server say {"to":"B"}', 'A sayOn {"connection":"A-server:1"}', 'crash A', 'restart A', 'crash server'],
  ...['restart server', 'pause server for 30ms', 'pause A', 'resume A', 'partition A | server for 1s'],
  ...['cut A -> server', 'cut server -> A for 300ms', 'heal', 'network loss=30%', 'network loss=0%'],
  ...['power off A for 2s', 'power off server', 'unplug A for 1s', 'unplug server', 'plug in server'],
  ...['reset A - server', 'reset B - server', 'network reorder=true latency=1ms..40ms'],
];

const schedules = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<string>('next') },
    { weight: 3, arbitrary: fc.constantFrom(...commands) },
    { weight: 1, arbitrary: fc.constantFrom('drop', 'duplicate', 'delay', 'overtake') },
  ),
  { maxLength: 150 },
);

const always = (check: (picked: string[], setup: Setup) => void) =>
  fc.assert(
    fc.property(schedules, fc.boolean(), (picked, isShort) => {
      const own = isShort ? { keepAlive: true, userTimeout: 2 * second, reopens: true } : {};
      check(picked, talkSetup(own));
    }),
    { numRuns: seeds, seed: 3 },
  );

describe('in all schedules of faults', () => {
  test('each connection delivers a beginning of what was sent on it, in order', () => {
    always((picked, setup) => {
      const { world } = play(picked, setup);
      for (const node of world.nodes) {
        const { came } = node.state as { came: Record<string, number[]> };
        for (const places of Object.values(came)) {
          expect(places).toEqual(places.map((_, i) => i + 1));
        }
      }
    });
  });

  test('an action is possible exactly if there is no reason against it', () => {
    always((picked, setup) => {
      const { world } = play(picked, setup);
      const tried = commands.map((text): Action => ({ ...parseAction(text)!, at: world.time }));
      const flying = world.messages.flatMap(({ from, to, ordinal, copy }) =>
        (['deliver', 'drop', 'duplicate'] as const).map((type): Action => {
          return { type, at: world.time, from, to, ordinal, copy };
        }),
      );
      for (const action of [...tried, ...flying, ...possibleActions(world)]) {
        const reason = whyImpossible(world, action);
        const taken = action.type === 'fire' ? takenNow(world, action) : action;
        expect(step(world.fork(), taken), actionText(action)).toBe(reason === undefined);
      }
    });
  });

  test('what can happen next is possible, and holds what happens without interference', () => {
    always((picked, setup) => {
      const { world } = play(picked, setup);
      const possible = possibleActions(world);
      const next = world.next();
      if (next) expect(possible.map(actionText)).toContain(actionText(next));
      for (const action of possible) {
        const fork = world.fork();
        expect(step(fork, takenNow(fork, action)), actionText(action)).toBe(true);
      }
    });
  });

  test('a handler runs exactly if it was foretold', () => {
    always((picked, setup) => {
      const { moments } = play(picked, setup);
      for (const moment of moments) {
        for (const action of possibleActions(moment)) {
          const effects = new Effects();
          effects.locate = false;
          const fork = moment.fork();
          const foretold = handlerOf(fork, takenNow(fork, action));
          step(fork, takenNow(fork, action), effects);
          const logs = fork.nodes.map(({ id }) => log(fork, id).length);
          const before = moment.nodes.map(({ id }) => log(moment, id).length);
          const logged = logs.some((length, i) => length > before[i]);
          if (logged) expect(foretold?.kind, actionText(action)).toBe('connection');
          if (foretold?.kind === 'connection') expect(logged, actionText(action)).toBe(true);
        }
      }
    });
  });

  test('a replay and a checkpoint reach the same world', () => {
    always((picked, setup) => {
      const { run: recorded, moments } = play(picked, setup);
      const fresh = start(setup);
      const again = new Run(fresh);
      for (let i = 1; i <= recorded.length; i++) {
        expect(again.take(fresh, recorded.action(i), new Effects())).toBe(true);
        expect(digest(fresh)).toBe(digest(moments[i]));
      }
      const middle = Math.floor(recorded.length / 2);
      expect(digest(recorded.at(middle))).toBe(digest(moments[middle]));
    });
  });

  test('each end that waits has a retransmission pending, and no other has', () => {
    always((picked, setup) => {
      const { world } = play(picked, setup);
      for (const { id, ends } of world.nodes) {
        for (const end of ends) {
          const pending = world.queue.items.filter(
            (one) =>
              one.type === 'postponed' &&
              one.action.type === 'retransmit' &&
              one.action.node === id &&
              one.action.connection === end.id,
          );
          expect(pending.length, end.id).toBe(end.since >= 0 ? 1 : 0);
          if (end.outbox.length > 0 && end.status !== 'opening') expect(end.since).toBeGreaterThanOrEqual(0);
        }
      }
    });
  });
});

test('random choices of the other protocol do not touch connections', () => {
  fc.assert(
    fc.property(choices, (picked) => {
      for (const node of play(picked).world.nodes) expect(node.ends).toEqual([]);
    }),
    { numRuns: 20, seed: 1 },
  );
});
