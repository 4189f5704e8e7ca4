/** A disk that is slow or stands still: what waits for it, what goes on, and what a crash loses. */
import { describe, expect, test } from 'vitest';
import { stepTwice } from '../../src/kernel/compare/determinism.ts';
import { digest } from '../../src/kernel/compare/digest.ts';
import { Effects } from '../../src/kernel/effects.ts';
import type { Setup } from '../../src/kernel/plan.ts';
import { Run } from '../../src/kernel/run.ts';
import { Snapshot } from '../../src/kernel/snapshot.ts';
import { start, step } from '../../src/kernel/step.ts';
import { actionText, parseAction } from '../../src/kernel/text/action-text.ts';
import type { World } from '../../src/kernel/world.ts';
import { defineProtocol, operation, role } from '../../src/protocol/define.ts';
import { seconds } from '../../src/protocol/units.ts';

interface Store {
  state: { value: number; seen: number };
  receives: { Put: { value: number }; Ping: { number: number }; Again: object };
  sends: { Done: { value: number }; Pong: { number: number }; Early: { value: number } };
  timers: { beat: void };
  events: { Stored: { value: number } };
  options: object;
}

const handlers = (sync: 'always' | 'manual') =>
  role<Store>({
    doc: 'Stores a value, and answers pings.',
    init: () => ({ value: 0, seen: 0 }),
    durable: ['value'],
    sync,
    start: (node) => node.setTimer('beat', seconds(1)),
    messages: {
      Put(node, { value }, from) {
        node.send(from, { type: 'Early', value });
        node.state.value = value;
        node.sync();
        node.event('Stored', { value });
        node.send(from, { type: 'Done', value });
      },
      Again: (node, _message, from) => node.send(from, { type: 'Done', value: 99 }),
      Ping(node, { number }, from) {
        node.state.seen = number;
        node.send(from, { type: 'Pong', number });
      },
    },
    timers: {
      beat(node) {
        node.setTimer('beat', seconds(1));
        for (const id of node.nodes('client')) node.send(id, { type: 'Pong', number: 0 });
      },
    },
    background: ['beat'],
    operations: {
      set: operation<Store>()({
        doc: 'Sets the value.',
        parameters: { value: 'integer' },
        run(node, { value }, id) {
          node.state.value = value;
          node.sync();
          node.reply(id, 'OK');
        },
      }),
    },
  });

interface Client {
  state: { log: string[] };
  receives: Store['sends'];
  sends: Store['receives'];
  timers: object;
  events: object;
  options: object;
}

const client = role<Client>({
  doc: 'Notes what it hears.',
  init: () => ({ log: [] }),
  messages: {
    Done: (node, { value }) => void node.state.log.push(`done ${value}`),
    Early: (node, { value }) => void node.state.log.push(`early ${value}`),
    Pong: (node, { number }) => void (number > 0 && node.state.log.push(`pong ${number}`)),
  },
  timers: {},
  operations: {
    put: operation<Client>()({
      doc: 'Sends a value.',
      parameters: { to: 'node', value: 'integer' },
      run: (node, { to, value }) => node.send(to, { type: 'Put', value }),
    }),
    again: operation<Client>()({
      doc: 'Asks for an answer that needs no write.',
      parameters: { to: 'node' },
      run: (node, { to }) => node.send(to, { type: 'Again' }),
    }),
    ping: operation<Client>()({
      doc: 'Sends a ping.',
      parameters: { to: 'node', number: 'integer' },
      run: (node, { to, number }) => node.send(to, { type: 'Ping', number }),
    }),
  },
});

const protocol = defineProtocol({
  name: 'store', doc: 'A store.', source: 'the kernel tests',
  events: { Stored: 'The handler has written.' },
  roles: { always: handlers('always'), manual: handlers('manual'), client },
  invariants: {},
});

function setup(): Setup {
  return {
    protocol,
    seed: 3,
    nodes: [
      { id: 'A', role: 'always', options: {} },
      { id: 'M', role: 'manual', options: {} },
      { id: 'C', role: 'client', options: {} },
    ],
    network: { latency: [1_000, 1_000], loss: 0, duplicate: 0, reorder: false },
  };
}

/** Takes actions given as text, each at a time in milliseconds, and what happens between them. */
class Play {
  readonly world: World = start(setup());
  readonly effects = new Effects();
  readonly answers: string[] = [];
  readonly run = new Run(this.world.fork());

  do(at: number, text: string): this {
    this.until(at);
    const action = parseAction(text)!;
    expect(actionText(action)).toBe(text);
    this.take({ ...action, at: at * 1_000 });
    return this;
  }

  until(at: number): this {
    for (;;) {
      const next = this.world.next();
      if (next === undefined || next.at > at * 1_000) break;
      this.take(next);
    }
    return this;
  }

  private take(action: Parameters<typeof step>[1]): void {
    expect(stepTwice(this.world, action, this.effects).difference).toBeUndefined();
    this.run.record(this.world, action, this.effects);
    for (const { operation: id, result } of this.effects.replies) this.answers.push(`${id} ${result}`);
  }

  state(node: string): Record<string, unknown> {
    return this.world.node(node)!.state;
  }

  get log(): string[] {
    return this.state('C').log as string[];
  }
}

const put = (to: string, value: number) => `C put {"to":"${to}","value":${value}}`;
const ping = (number: number, to = 'A') => `C ping {"to":"${to}","number":${number}}`;

describe.each([['A', []], ['M', ['early 1']]])('a stalled disk of %s', (node, early) => {
  test('holds what was sent after the write, and nothing else', () => {
    const play = new Play().do(10, `disk ${node} stall for 5s`);
    play.do(20, put(node, 1)).do(30, ping(7, node)).until(4_900);
    expect(play.log).toEqual([...early, 'pong 7']);
    expect(play.state(node)).toMatchObject({ value: 1, seen: 7 });
    expect(play.world.node(node)!.disk).toEqual({ value: 0 });
    play.until(5_100);
    const rest = node === 'A' ? ['early 1', 'done 1'] : ['done 1'];
    expect(play.log).toEqual([...early, 'pong 7', ...rest]);
  });

  test('holds a message of the same kind to the same receiver, which may rely on the write', () => {
    const play = new Play().do(10, `disk ${node} stall for 5s`);
    play.do(20, put(node, 1)).do(30, `C again {"to":"${node}"}`).until(4_900);
    expect(play.log).toEqual(early);
    play.until(5_100);
    expect(play.log.slice(-2)).toEqual(['done 1', 'done 99']);
  });

  test('loses the write and what waited for it in a crash', () => {
    const play = new Play().do(10, `disk ${node} stall for 5s`).do(20, put(node, 1));
    play.do(1_000, `crash ${node}`).do(1_100, `restart ${node}`).until(9_000);
    expect(play.log).toEqual(early);
    expect(play.state(node).value).toBe(0);
  });

  test('keeps the order of writes, and of what waits for them', () => {
    const play = new Play().do(10, `disk ${node} stall`);
    for (const value of [1, 2, 3]) play.do(20 + value, put(node, value));
    play.until(100_000);
    expect(play.log.filter((line) => line.startsWith('done'))).toEqual([]);
    play.do(100_001, `disk ${node} ok`).until(100_100);
    expect(play.log.filter((line) => line.startsWith('done'))).toEqual(['done 1', 'done 2', 'done 3']);
    play.do(100_200, `crash ${node}`).do(100_300, `restart ${node}`);
    expect(play.state(node).value).toBe(3);
  });

  test('holds the answer to an operation', () => {
    const play = new Play().do(10, `disk ${node} slow 20ms`).do(20, `${node} set {"value":4}`);
    play.until(39);
    expect(play.answers).toEqual([]);
    play.until(41);
    expect(play.answers).toEqual([`${node}#1 OK`]);
  });

  test('completes one fsync after the other', () => {
    const play = new Play().do(10, `disk ${node} slow 20ms`);
    play.do(20, put(node, 1)).do(21, put(node, 2)).until(41);
    expect(play.world.node(node)!.disk).toEqual({ value: 1 });
    play.do(50, `crash ${node}`).do(60, `restart ${node}`);
    expect(play.state(node).value).toBe(1);
  });

  test('is written while the process is paused, which sends only afterwards', () => {
    const play = new Play().do(10, `disk ${node} slow 20ms`).do(20, put(node, 1));
    play.do(30, `pause ${node} for 1s`).until(1_000);
    expect(play.log).toEqual(early);
    expect(play.world.node(node)!.disk).toEqual({ value: 1 });
    play.until(1_100);
    expect(play.log.at(-1)).toBe('done 1');
  });

  test('can be written early by hand, once for each write', () => {
    const play = new Play().do(10, `disk ${node} stall`).do(20, put(node, 1));
    play.do(30, `disk ${node} synced`).until(40);
    expect(play.log.at(-1)).toBe('done 1');
    expect(step(play.world, { type: 'synced', node, at: 0 })).toBe(false);
  });
});

test('a world with waiting writes is forked, packed and replayed as it is', () => {
  const play = new Play().do(10, 'disk A stall for 5s').do(15, 'disk M slow 50ms');
  play.do(20, put('A', 1)).do(21, put('M', 2)).do(22, put('A', 3)).until(30);
  const { world } = play;
  const replayed = play.run.at(world.step);
  expect(digest(replayed)).toBe(digest(world));
  expect(digest(new Snapshot(world).restore())).toBe(digest(world));
  const forked = world.fork();
  const before = digest(world);
  for (let i = 0; i < 60; i++) step(forked, forked.next()!);
  expect(digest(world)).toBe(before);
  play.until(6_000);
  expect(play.log.slice(-4)).toEqual(['early 1', 'done 1', 'early 3', 'done 3']);
});

test('without a fault of the disk nothing is held up', () => {
  const play = new Play().do(20, put('A', 1)).do(21, put('M', 2)).until(23);
  expect(play.log).toEqual(['early 1', 'done 1', 'early 2', 'done 2']);
});
