/** Properties of runs over random schedules: determinism, time travel, forks, traces. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { worldText } from '../../src/kernel/compare/digest.ts';
import { startTwice, stepTwice } from '../../src/kernel/compare/determinism.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { nodesMax } from '../../src/kernel/joining.ts';
import { asAction, Run } from '../../src/kernel/run.ts';
import { start, step } from '../../src/kernel/step.ts';
import { parseAction } from '../../src/kernel/text/action-text.ts';
import { differenceText } from '../../src/kernel/text/difference-text.ts';
import { parseTraceLine, traceLine } from '../../src/kernel/text/trace.ts';
import type { Monitor } from '../../src/kernel/world.ts';
import { lease, leaseSetup } from './lease.ts';
import type { Untyped } from './mistakes.ts';
import { choices, play, seeds } from './schedules.ts';

const always = (check: (picked: string[]) => void) =>
  fc.assert(fc.property(choices, check), { numRuns: seeds, seed: 1 });

const actionsOf = (run: Run) => Array.from({ length: run.length }, (_, i) => run.action(i + 1));

describe('a run', () => {
  test('is the same when it is run again', () => {
    always((picked) => {
      expect(worldText(play(picked).world)).toBe(worldText(play(picked).world));
    });
  });

  test('restores any moment from a checkpoint and by replay', () => {
    always((picked) => {
      const { run, moments } = play(picked);
      for (let number = run.length; number >= 0; number -= 7) {
        expect(worldText(run.at(number))).toBe(worldText(moments[number]));
      }
    });
  });

  test('is the same after it was written as text', () => {
    always((picked) => {
      const { run, world } = play(picked);
      const lines = actionsOf(run).map(traceLine);
      const again = start(leaseSetup());
      for (const line of lines) expect(step(again, parseTraceLine(line)!)).toBe(true);
      expect(worldText(again)).toBe(worldText(world));
    });
  });

  test('keeps the actions between as many nodes as a cluster can have', () => {
    const { nodes, ...setup } = leaseSetup();
    const client = nodes.find(({ id }) => id === 'A')!;
    const others = nodes.filter((node) => node !== client);
    const more = Array.from({ length: nodesMax - others.length }, (_, i) => ({ ...client, id: `w${i}` }));
    const world = start({ ...setup, nodes: [...others, ...more] });
    const run = new Run(world);
    const effects = new Effects();
    const texts: string[] = [];
    for (const { id } of more) {
      const ask = { type: 'invoke' as const, at: world.time, node: id, operation: 'lease', args: {} };
      run.take(world, ask, effects);
      texts.push(traceLine({ ...ask, at: world.time }));
    }
    for (let next = world.next(); next && texts.length < 2_000; next = world.next()) {
      run.take(world, next, effects);
      texts.push(traceLine({ ...asAction(next), at: world.time }));
    }
    expect(actionsOf(run).map(traceLine)).toEqual(texts);
    // The first and the last node sent to each other.
    expect(texts.filter((text) => text.includes(`w${more.length - 1}`)).length).toBeGreaterThan(2);
    expect(worldText(run.at(run.length))).toBe(worldText(world));
  });

  test('is not changed by its branches', () => {
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

  test('is not changed by forks of its world', () => {
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

  test('has fewer checkpoints far from its end, and still restores every moment', () => {
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
  test('accepts handlers that use only their node', () => {
    always((picked) => {
      const { run } = play(picked);
      const world = start(leaseSetup());
      const effects = new Effects();
      for (const action of actionsOf(run)) {
        expect(stepTwice(world, action, effects)).toEqual({ taken: true });
      }
    });
  });

  const impure = (change: (node: { state: { heard: number } }, hidden: number) => void) => {
    let hidden = 0;
    const protocol = withOwnServer();
    const ask = protocol.roles.server.messages.Ask;
    protocol.roles.server.messages.Ask = (node, message, from, connection) => {
      change(node as never, hidden++);
      ask(node, message, from, connection);
    };
    const world = start({ ...leaseSetup(), protocol });
    step(world, { type: 'invoke', at: 0, node: 'A', operation: 'lease', args: {} });
    return stepTwice(world, world.next()!, new Effects()).difference!;
  };

  test('finds state that a handler keeps outside of its node', () => {
    const difference = impure((node, hidden) => (node.state.heard = hidden));
    expect(difference).toEqual({
      type: 'state',
      node: 'server',
      path: ['heard'],
      first: 1,
      second: 2,
    });
    expect(differenceText(difference)).toBe(
      'server.state.heard is 1 the first time and 2 the second time',
    );
  });

  test.each<[string, (node: Untyped, hidden: number) => void, string]>([
    [
      'an error',
      (_, hidden) => {
        if (hidden === 1) throw new Error('again');
      },
      'it throws nothing more the first time and `again` the second time',
    ],
    [
      'a timer',
      (node, hidden) => node.setTimer('expiry', 1_000 * (hidden + 1), 'a b'),
      'it sets expiry["a b"] to 0.002144s and 1 more the first time',
    ],
    [
      'a message',
      (node, hidden) => node.send('B', { type: 'Granted', grant: hidden }),
      'it sends server->B#1 {type: "Granted", grant: 0} to arrive at 0.00',
    ],
    [
      'an event',
      (node, hidden) => hidden > 0 && node.event('Expired', { holder: 'B' }),
      'it reports Granted {to: "A", grant: 1} the first time and Expired {holder: "B"} and 1 more',
    ],
    [
      'a draw whose number is not used',
      (node, hidden) => hidden > 0 && node.random(2),
      'server differs the second time (number of random draws)',
    ],
    [
      'the order of fields',
      (node, hidden) => {
        const [one, other] = hidden > 0 ? ['x', 'y'] : ['y', 'x'];
        node.state[one] = node.state[other] = 1;
      },
      'server differs the second time (order of the fields in its state)',
    ],
  ])('finds %s', (_, change, words) => {
    expect(differenceText(impure(change))).toContain(words);
  });

  test('finds nodes that boot differently', () => {
    let boots = 0;
    const protocol = withOwnServer();
    const init = protocol.roles.server.init;
    expect(startTwice({ ...leaseSetup(), protocol }, [])).toBeUndefined();
    protocol.roles.server.init = (node) => ({ ...init(node), heard: boots++ });
    const found = startTwice({ ...leaseSetup(), protocol }, []);
    expect(found).toMatchObject({ type: 'state', path: ['heard'], first: 0, second: 1 });
  });

  test('finds a monitor that keeps state outside of its memory', () => {
    let calls = 0;
    const monitor: Monitor<{ calls: number }> = {
      name: 'counting',
      start: () => ({ calls: 0 }),
      after: (_world, _action, _effects, memory) => void (memory.calls = calls++),
    };
    const world = start(leaseSetup(), [monitor]);
    const action = parseAction('crash A')!;
    expect(stepTwice(world, action, new Effects()).difference).toEqual({
      type: 'memory',
      monitor: 'counting',
    });
  });
});

function withOwnServer() {
  const { server, worker } = lease.roles;
  return { ...lease, roles: { server: { ...server, messages: { ...server.messages } }, worker } };
}
