/** Properties of runs over random schedules: determinism, time travel, forks, traces. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { worldText } from '../../src/kernel/digest.ts';
import { stepTwice } from '../../src/kernel/determinism.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { Run } from '../../src/kernel/run.ts';
import { start, step } from '../../src/kernel/step.ts';
import { parseTraceLine, traceLine } from '../../src/kernel/text/trace.ts';
import { lease, leaseSetup } from './lease.ts';
import { choices, play, seeds } from './schedules.ts';

const always = (check: (picked: string[]) => void) =>
  fc.assert(fc.property(choices, check), { numRuns: seeds, seed: 1 });

const actionsOf = (run: Run) => Array.from({ length: run.length }, (_, i) => run.action(i + 1));

describe('a run', () => {
  test('is the same when it is played again', () => {
    always((picked) => {
      expect(worldText(play(picked).world)).toBe(worldText(play(picked).world));
    });
  });

  test('any moment of it is had by checkpoint and replay', () => {
    always((picked) => {
      const { run, moments } = play(picked);
      for (let number = run.length; number >= 0; number -= 7) {
        expect(worldText(run.at(number))).toBe(worldText(moments[number]));
      }
    });
  });

  test('goes through text and back', () => {
    always((picked) => {
      const { run, world } = play(picked);
      const lines = actionsOf(run).map(traceLine);
      const again = start(leaseSetup());
      for (const line of lines) expect(step(again, parseTraceLine(line)!)).toBe(true);
      expect(worldText(again)).toBe(worldText(world));
    });
  });

  test('branches without touching what it branched from', () => {
    always((picked) => {
      const { run, world, moments } = play(picked);
      const half = Math.floor(run.length / 2);
      const other = run.at(half);
      const branch = new Run(other, run, half);
      const effects = new Effects();
      branch.take(
        other,
        { type: 'invoke', at: other.time, node: 'B', operation: 'lease', args: {} },
        effects,
      );
      for (let next = other.next(), i = 0; next && i < 20; next = other.next(), i++) {
        branch.take(other, next, effects);
      }
      expect(worldText(run.at(run.length))).toBe(worldText(world));
      expect(worldText(branch.at(branch.length))).toBe(worldText(other));
      expect(worldText(branch.at(half))).toBe(worldText(moments[half]));
    });
  });

  test('is unhurt by what its forks do', () => {
    always((picked) => {
      const { world } = play(picked);
      const before = worldText(world);
      const fork = world.fork();
      for (let i = 0; i < 20; i++) {
        const next = fork.next();
        if (!next) break;
        step(fork, next);
      }
      expect(worldText(world)).toBe(before);
    });
  });

  test('thins its checkpoints and still finds every moment of a long run', () => {
    const world = start(leaseSetup());
    const run = new Run(world);
    const effects = new Effects();
    const texts = new Map<number, string>();
    while (run.length < 60_000) {
      const idle = world.node('A')!.operations.length === 0 && run.length % 3 === 0;
      const ask = {
        type: 'invoke' as const,
        at: world.time,
        node: 'A',
        operation: 'lease',
        args: {},
      };
      const next = idle ? ask : (world.next() ?? ask);
      if (world.time > 1e12) break;
      run.take(world, next, effects);
      world.node('server')!.state.seen = [];
      if (run.length % 9_973 === 0)
        texts.set(run.length, worldText(world).replace(/"seen":\[.*?\]/, ''));
    }
    for (const [number, text] of texts) {
      expect(worldText(run.at(number)).replace(/"seen":\[.*?\]/, '')).toBe(text);
    }
  });
});

describe('the check of determinism', () => {
  test('finds nothing wrong with handlers that only use their node', () => {
    always((picked) => {
      const { run } = play(picked);
      const world = start(leaseSetup());
      const effects = new Effects();
      for (const action of actionsOf(run)) {
        expect(stepTwice(world, action, effects)).toEqual({ taken: true });
      }
    });
  });

  test('tells what differs where a handler keeps a secret of its own', () => {
    let secret = 0;
    const impure = structuredCloneOfRoles();
    const ask = impure.roles.server.messages.Ask;
    impure.roles.server.messages.Ask = (node, message, from) => {
      node.state.heard = secret++;
      ask(node, message, from);
    };
    const world = start({ ...leaseSetup(), protocol: impure });
    const effects = new Effects();
    step(world, { type: 'invoke', at: 0, node: 'A', operation: 'lease', args: {} });
    const { difference } = stepTwice(world, world.next()!, effects);
    expect(difference).toBe(
      'deliver A->server#1: server.state.heard is 2 once and 1 when it is taken again',
    );
  });
});

function structuredCloneOfRoles() {
  const { server, worker } = lease.roles;
  return { ...lease, roles: { server: { ...server, messages: { ...server.messages } }, worker } };
}
