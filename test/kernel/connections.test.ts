/** Connections: what a host and its process notice, and when. */
import { describe, expect, test } from 'vitest';
import type { Action } from '../../src/kernel/action.ts';
import { digest } from '../../src/kernel/compare/digest.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { socketFrom } from '../../src/kernel/connection/socket.ts';
import { HandlerRefusal } from '../../src/kernel/refusals/refused.ts';
import { whyImpossible } from '../../src/kernel/impossible.ts';
import { messagesInFlight } from '../../src/kernel/network/in-flight.ts';
import { Run } from '../../src/kernel/run.ts';
import { start, step } from '../../src/kernel/step.ts';
import { actionText, parseAction } from '../../src/kernel/text/action-text.ts';
import { impossibleText } from '../../src/kernel/text/impossible-text.ts';
import type { World } from '../../src/kernel/world.ts';
import { talkSetup } from './talk.ts';

const second = 1_000_000;

/** A run in which commands are given at times, in seconds: `[1, 'A open {}']`. */
function run(commands: readonly (readonly [number, string])[], until: number, setup = talkSetup()) {
  const world = start(setup);
  for (const [at, text] of commands) {
    proceed(world, at * second);
    expect(step(world, { ...parseAction(text)!, at: at * second }), text).toBe(true);
  }
  proceed(world, until * second);
  return world;
}

function proceed(world: World, until: number): void {
  for (let next = world.next(); next && next.at <= until; next = world.next()) step(world, next);
}

const log = (world: World, node: string) => (world.node(node)!.state as { log: string[] }).log;
const heard = (world: World, node: string) =>
  (world.node(node)!.state as { heard: Record<string, number[]> }).heard;

/** When a message with a number arrives, in seconds: by running until it does. */
function arrival(world: World, node: string, number: number, within = 2_000): number {
  const end = world.time + within * second;
  for (let next = world.next(); next && next.at <= end; next = world.next()) {
    step(world, next);
    if (Object.values(heard(world, node)).flat().includes(number)) return world.time / second;
  }
  return NaN;
}

describe('a connection', () => {
  test('is opened by a SYN, and carries data in order, also what is sent before it is open', () => {
    const world = run([[1, 'A open {}'], [1, 'A say {}'], [1, 'A say {}'], [1.5, 'server say {"to":"A"}']], 2);
    expect(log(world, 'server')).toEqual(['A-server:1 opened A']);
    expect(log(world, 'A')).toEqual(['A-server:1 opened server']);
    expect(heard(world, 'server')).toEqual({ 'A-server:1': [1, 2] });
    expect(heard(world, 'A')).toEqual({ 'A-server:1': [1] });
  });

  test('loses what is sent without one', () => {
    const effects = new Effects();
    const world = start(talkSetup());
    step(world, parseAction('A say {}')!, effects);
    expect(effects.sent.map(({ lost }) => lost)).toEqual(['closed']);
  });

  test('delivers what was sent during a cut of 2 s about a second after it heals', () => {
    const world = run(
      [[1, 'A open {}'], [10, 'partition A | server for 2s'], [10, 'A say {}'], [11.9, 'A say {}']],
      10,
    );
    // Sent again after 0.2, 0.6, 1.4 and 3.0 s.
    expect(arrival(world, 'server', 1)).toBeCloseTo(13, 1);
    expect(arrival(world.fork(), 'server', 2)).toBeCloseTo(13, 1);
    expect(world.node('A')!.ends[0].since).toBe(-1);
  });

  test('gives up on data after 924.6 s, or after the user timeout', () => {
    const commands = [[1, 'A open {}'], [10, 'unplug server'], [10, 'A say {}']] as const;
    expect(log(run(commands, 934), 'A')).toEqual(['A-server:1 opened server']);
    expect(log(run(commands, 935), 'A')).toEqual(['A-server:1 opened server', 'A-server:1 timed out server']);
    const short = talkSetup({ userTimeout: 5 * second });
    expect(log(run(commands, 14.9, short), 'A')).toHaveLength(1);
    expect(log(run(commands, 15.1, short), 'A').at(-1)).toBe('A-server:1 timed out server');
  });

  test('is closed when a process ends, and its peer learns at once', () => {
    const world = run([[1, 'A open {}'], [2, 'crash A']], 2.1);
    expect(log(world, 'server')).toEqual(['A-server:1 opened A', 'A-server:1 closed A']);
    expect(world.nodes.map(({ ends }) => ends.length)).toEqual([0, 0, 0]);
  });

  test('is reset when a process ends that has not read everything', () => {
    const world = run([[1, 'A open {}'], [2, 'pause server'], [2, 'A say {}'], [3, 'crash server']], 4);
    expect(log(world, 'A')).toEqual(['A-server:1 opened server', 'A-server:1 reset server']);
  });

  test('is not closed when a host is lost: only keep-alive notices it', () => {
    const silent = run([[1, 'A open {}'], [2, 'power off A']], 10_000);
    expect(log(silent, 'server')).toEqual(['A-server:1 opened A']);
    const probing = talkSetup({ keepAlive: true });
    // Idle for 10 s, then probes after 0, 2 and 4 s; given up 2 s after the last.
    expect(log(run([[1, 'A open {}'], [2, 'power off A']], 16.9, probing), 'server')).toHaveLength(1);
    expect(log(run([[1, 'A open {}'], [2, 'power off A']], 17.1, probing), 'server').at(-1)).toBe(
      'A-server:1 timed out A',
    );
  });

  test('goes on after a host was unplugged for a while', () => {
    const world = run([[1, 'A open {}'], [2, 'unplug A for 60s'], [3, 'A say {}']], 200);
    expect(heard(world, 'server')).toEqual({ 'A-server:1': [1] });
    expect(log(world, 'A')).toHaveLength(1);
  });

  test('is unknown to a host that lost its power: the next data draws an RST', () => {
    const commands = [[1, 'A open {}'], [2, 'power off A for 5s'], [8, 'server say {"to":"A"}']] as const;
    const world = run(commands, 9);
    expect(log(world, 'server')).toEqual(['A-server:1 opened A', 'A-server:1 reset A']);
  });

  test('can be half-open: the server keeps the old end beside the new one', () => {
    const world = run([[1, 'A open {}'], [2, 'power off A for 1s'], [4, 'A open {}'], [5, 'A say {}']], 6);
    expect(world.node('server')!.connections.map(({ id }) => id)).toEqual(['A-server:1', 'A-server:2']);
    expect(heard(world, 'server')).toEqual({ 'A-server:2': [1] });
  });

  test('is half-open when one direction is cut', () => {
    const commands = [[1, 'A open {}'], [2, 'cut server -> A'], [3, 'A say {}']] as const;
    const world = run(commands, 20, talkSetup({ userTimeout: 10 * second }));
    expect(heard(world, 'server')).toEqual({ 'A-server:1': [1] });
    expect(log(world, 'A').at(-1)).toBe('A-server:1 timed out server');
    expect(log(world, 'server')).toEqual(['A-server:1 opened A']);
  });

  test('is refused by a host without the process, and times out without the host', () => {
    expect(log(run([[1, 'crash server'], [2, 'A open {}']], 3), 'A')).toEqual(['A-server:1 refused server']);
    const commands = [[1, 'power off server'], [2, 'A open {}']] as const;
    expect(log(run(commands, 128.9), 'A')).toEqual([]);
    expect(log(run(commands, 129.1), 'A')).toEqual(['A-server:1 timed out server']);
  });

  test('is opened after a SYN is sent again', () => {
    const world = run([[1, 'partition A | server for 2s'], [1, 'A open {}']], 5);
    expect(log(world, 'A')).toEqual(['A-server:1 opened server']);
  });

  test('is opened although the answer is lost, once that gets through', () => {
    const world = run([[1, 'cut server -> A for 2s'], [1, 'A open {}']], 9);
    expect([log(world, 'A'), log(world, 'server')]).toEqual([['A-server:1 opened server'], ['A-server:1 opened A']]);
  });

  test('is reset by command: what is in flight is lost, and both ends learn of it', () => {
    const world = run([[1, 'A open {}'], [2, 'A say {}'], [2, 'reset A - server']], 3);
    expect(heard(world, 'server')).toEqual({});
    expect(log(world, 'A').at(-1)).toBe('A-server:1 reset server');
    expect(log(world, 'server').at(-1)).toBe('A-server:1 reset A');
  });

  test('is reset by a drop of data', () => {
    const world = run([[1, 'A open {}'], [2, 'A say {}']], 2);
    const data = world.messages.find(({ body }) => body.type === 'Say')!;
    step(world, { ...data, type: 'drop', at: world.time } as Action);
    proceed(world, 3 * second);
    expect(heard(world, 'server')).toEqual({});
    expect(log(world, 'server').at(-1)).toBe('A-server:1 reset A');
  });

  test('lets a paused process read everything when it resumes', () => {
    const world = run(
      [[1, 'pause server'], [2, 'A open {}'], [3, 'A say {}'], [4, 'crash A'], [50, 'resume server']],
      51,
    );
    expect(log(world, 'server')).toEqual(['A-server:1 opened A', 'A-server:1 closed A']);
    expect(heard(world, 'server')).toEqual({ 'A-server:1': [1] });
  });

  test('lets nothing overtake what a paused process has not read, also if that arrived late', () => {
    const world = run(
      [[1, 'A open {}'], [2, 'pause server'], [2, 'A say {}'], [2, 'A say {}']], 2,
    );
    // As a schedule may have it: an earlier time was drawn for both.
    const [first, then] = messagesInFlight(world).map(({ from, to, ordinal, copy }) => {
      return { from, to, ordinal, copy };
    });
    expect(step(world, { type: 'deliver', ...first, at: 3 * second })).toBe(true);
    step(world, { ...parseAction('resume server')!, at: 3 * second });
    const late = { type: 'deliver', ...then, at: 3 * second } as const;
    expect(impossibleText(whyImpossible(world, late)!)).toContain('arrives before');
    proceed(world, 4 * second);
    expect(heard(world, 'server')).toEqual({ 'A-server:1': [1, 2] });
  });

  test('tells a paused process that it timed out when it resumes', () => {
    const commands = [[1, 'A open {}'], [2, 'unplug server'], [2, 'A say {}'], [3, 'pause A']] as const;
    const setup = talkSetup({ userTimeout: 5 * second });
    expect(log(run(commands, 20, setup), 'A')).toHaveLength(1);
    expect(log(run([...commands, [20, 'resume A']], 21, setup), 'A').at(-1)).toBe('A-server:1 timed out server');
  });

  test('is only delayed by loss', () => {
    const world = run([[1, 'A open {}'], ...Array.from({ length: 20 }, () => [2, 'A say {}'] as const)], 200,
      talkSetup({}, { loss: 0.3 }));
    expect(Object.values(heard(world, 'server'))).toEqual([Array.from({ length: 20 }, (_, i) => i + 1)]);
  });

  test('crashes the acceptor whose socket options throw', () => {
    const setup = talkSetup();
    setup.nodes[0].options = { throws: true };
    expect(run([[1, 'A open {}']], 3, setup).node('server')!.status).toBe('crashed');
  });

  test('opens over a slow link: a SYN that is sent again does not overtake, in a replay neither', () => {
    const setup = talkSetup({}, { latency: [600_000, 600_000] });
    const world = start(setup);
    const recorded = new Run(world);
    const take = (text: string) =>
      recorded.take(world, { ...parseAction(text)!, at: world.time }, new Effects());
    take('A open {}');
    take('A say {}');
    for (let next = world.next(); next; next = world.next()) recorded.take(world, next, new Effects());
    expect(heard(world, 'server')).toEqual({ 'A-server:1': [1] });
    const again = start(setup);
    for (let i = 1; i <= recorded.length; i++) {
      expect(step(again, recorded.action(i)), actionText(recorded.action(i))).toBe(true);
    }
    expect(digest(again)).toBe(digest(world));
  });

  test('says of each lost message when it is sent again, also of a SYN', () => {
    const effects = new Effects();
    const world = run([[1, 'unplug server'], [1, 'A open {}']], 1);
    step(world, world.next()!, effects);
    expect([effects.lost, effects.again]).toEqual([true, 2 * second]);
    const cut = run([[1, 'A open {}'], [2, 'partition A | server'], [2, 'A say {}'], [2.1, 'A say {}']], 2.1);
    expect(cut.messages.map(({ at }) => at)).toEqual([2.2 * second, 2.2 * second]);
  });

  test('that is closed before it is open ends at once, and its data is lost', () => {
    const commands = [[1, 'unplug server for 3s'], [1, 'A open {}'], [1, 'A say {}'], [1.1, 'A close {}']] as const;
    const world = run(commands, 1_000);
    expect(world.nodes.map(({ ends }) => ends.length)).toEqual([0, 0, 0]);
    expect(heard(world, 'server')).toEqual({});
  });

  test('is reset at the end that is on the network, although the other is unplugged', () => {
    const world = run([[1, 'A open {}'], [2, 'unplug A'], [3, 'reset A - server']], 4);
    expect(log(world, 'server').at(-1)).toBe('A-server:1 reset A');
    expect(log(world, 'A')).toEqual(['A-server:1 opened server']);
  });

  test('reports what the kernel noticed as events', () => {
    const world = run([[1, 'A open {}']], 1);
    const effects = new Effects();
    const events: string[] = [];
    for (let next = world.next(); next && next.at < 2 * second; next = world.next()) {
      step(world, next, effects);
      for (const { node, name, fields } of effects.events) events.push(`${node} ${name} ${fields.peer}`);
    }
    expect(events).toEqual(['server ConnectionOpened A', 'A ConnectionOpened server']);
  });
});

test.each([
  [{ keepalive: { idle: 1 } }],
  [{ keepAlive: { idle: 1, interval: 1, count: 1, more: 1 } }],
  [{ keepAlive: { idle: 0, interval: 1, count: 1 } }],
  [{ userTimeout: -1 }],
])('options of a connection that do not exist are refused: %j', (options) => {
  expect(() => socketFrom(options as never)).toThrow(HandlerRefusal);
});

describe('is refused with the reason:', () => {
  const opened = () => run([[1, 'A open {}'], [2, 'A say {}'], [2, 'A say {}']], 2);
  const said = (world: World, number: number) =>
    world.messages.find(({ body }) => body.number === number)!;

  test('a copy of data, and data before what was sent earlier', () => {
    const world = opened();
    const [first, other] = [said(world, 1), said(world, 2)];
    const copied = whyImpossible(world, { ...first, type: 'duplicate', at: 0 } as Action)!;
    expect(impossibleText(copied)).toBe('A->server#2 is on connection A-server:1, which delivers it once');
    const early = whyImpossible(world, { ...other, type: 'deliver', at: 0 } as Action)!;
    expect(impossibleText(early)).toBe('on connection A-server:1, A->server#2 arrives before A->server#3');
  });

  test('what waits until it is sent again', () => {
    const world = run([[1, 'A open {}'], [2, 'partition A | server'], [2, 'A say {}']], 3);
    const reason = whyImpossible(world, { ...said(world, 1), type: 'deliver', at: 0 } as Action)!;
    expect(impossibleText(reason)).toBe('A->server#2 did not arrive: A will send it again');
  });
});
