/** The effects of each action, as golden texts. */
import { describe, expect, test } from 'vitest';
import { expectGolden } from '../golden.ts';
import { leaseSetup } from './lease.ts';
import { runScript } from './script.ts';

const golden = (name: string, setup: ReturnType<typeof leaseSetup>, script: string) => {
  const run = runScript(setup, script);
  expectGolden(import.meta.url, name, run.text);
  return run;
};

describe('step', () => {
  test('delivers, fires, invokes', () => {
    const { world } = golden(
      'deliver',
      leaseSetup(),
      `
      A lease {}
      B lease {"tag":"first"}
      run 200ms`,
    );
    expect(world.node('server')!.state.grants).toBe(2);
  });

  test('drops, duplicates and delays a message', () => {
    golden(
      'messages',
      leaseSetup(),
      `
      A lease {}
      duplicate A->server#1
      delay A->server#1 by 30ms
      run 10ms
      B lease {}
      drop B->server#1
      drop B->server#1
      run 50ms`,
    );
  });

  test('a crash loses the volatile state, and a restart restores the durable state', () => {
    const { world } = golden(
      'crash',
      leaseSetup(),
      `
      A lease {}
      run 20ms
      crash server
      crash server
      B lease {}
      run 20ms
      restart server
      B lease {}
      run 20ms`,
    );
    expect(world.node('server')!.state).toMatchObject({ grants: 2, heard: 1, holder: 'B' });
  });

  test('a paused node does nothing, and catches up when it resumes', () => {
    golden(
      'pause',
      leaseSetup(),
      `
      A lease {}
      run 10ms
      pause server for 300ms
      pause A
      B lease {}
      A lease {"tag":"while A is paused"}
      run 400ms
      resume A
      run 50ms`,
    );
  });

  test('a timer that counts ticks stands still in a pause; another fires when it ends', () => {
    const { timers, ...server } = leaseSetup().protocol.roles.server;
    const fired = (ticking: string[]) => {
      const roles = { ...leaseSetup().protocol.roles, server: { ...server, timers, ticking } };
      const setup = { ...leaseSetup(), protocol: { ...leaseSetup().protocol, roles } };
      const script = 'A lease {}\nrun 10ms\npause server for 300ms\nrun 301ms';
      const { world } = runScript(setup, script);
      return !world.node('server')!.timers.some(({ isSet }) => isSet);
    };
    expect(fired([])).toBe(true);
    expect(fired(Object.keys(timers))).toBe(false);
  });

  test('a partition cuts both directions and a cut one, until they heal', () => {
    golden(
      'partition',
      leaseSetup(),
      `
      A lease {}
      partition server | A B for 40ms
      B lease {}
      run 50ms
      cut server -> B
      B lease {}
      run 30ms
      heal
      run 100ms`,
    );
  });

  test('clocks are set, jump and drift; only the drift changes timers', () => {
    const { world } = golden(
      'clock',
      leaseSetup(),
      `
      clock server offset +5ms
      A lease {}
      run 20ms
      clock server jump -1s
      clock server drift +500000ppm
      B lease {}
      run 100ms`,
    );
    const seen = world.node('server')!.state.seen as { at: number }[];
    expect(seen[0].at).toBeGreaterThan(5_000);
    expect(seen[1].at).toBeLessThan(-900_000);
  });

  test('network rules: loss, duplication, latency and delay, on the given links', () => {
    golden(
      'network',
      leaseSetup(),
      `
      network loss=100% on A -> server
      A lease {}
      network duplicate=100% latency=7ms..7ms delay=1ms on B -> *
      B lease {}
      run 30ms`,
    );
  });

  test('a handler that throws, or sends what it cannot, crashes only its own node', () => {
    const { world } = golden(
      'throw',
      leaseSetup(),
      `
      A lease {"tag":"poison"}
      run 10ms
      restart server
      A babble {}
      run 10ms
      restart A
      A lease {"to":"nobody"}
      B lease {}
      run 10ms`,
    );
    expect(world.node('A')!.up).toBe(false);
    expect(world.node('server')!.up).toBe(true);
  });

  test('a link keeps its order, unless reordering lets later messages overtake', () => {
    const order = (reorder: boolean) => {
      const script = Array.from({ length: 12 }, () => 'A lease {}').join('\n');
      const { text } = runScript(leaseSetup({ reorder }), `${script}\nrun 20ms`);
      return [...text.matchAll(/deliver A->server#(\d+)/g)].map((match) => Number(match[1]));
    };
    const sorted = (numbers: number[]) => [...numbers].sort((a, b) => a - b);
    expect(order(false)).toEqual(sorted(order(false)));
    expect(order(true)).not.toEqual(sorted(order(true)));
  });
});
