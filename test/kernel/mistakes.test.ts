/** The mistakes that an author can make with `node`, and the message for each, thrown at its line. */
import { describe, expect, test } from 'vitest';
import { Effects } from '../../src/kernel/effects.ts';
import { Run } from '../../src/kernel/run.ts';
import { step } from '../../src/kernel/step.ts';
import { doing, protocolOf, refusal, type Untyped, worldOf } from './mistakes.ts';

class Log {
  entries = [];
}

describe('a message', () => {
  test.each([
    [undefined, "a sends undefined, which is not a message: write node.send(to, { type: 'Ping', … })"],
    [null, "a sends null, which is not a message: write node.send(to, { type: 'Ping', … })"],
    ['Ping', `a sends "Ping", which is not a message: write node.send(to, { type: 'Ping', … })`],
    [{}, "a sends {}, which has no type: write node.send(to, { type: 'Ping', … })"],
    [
      { type: 5 },
      "a sends {type: 5}, which has the type 5: write node.send(to, { type: 'Ping', … })",
    ],
  ])('that is %j', (message, words) => {
    expect(refusal((node) => node.send('b', message))).toBe(words);
  });

  test('that its receiver does not handle', () => {
    const words = 'which has no handler for it: role other handles Ping, Pong';
    expect(refusal((node) => node.send('b', { type: 'Hello' }))).toBe(
      `a sends Hello to b, ${words}`,
    );
    expect(refusal((node) => node.send('b', { type: 'constructor' }))).toContain(
      'a sends constructor to b, which has no handler for it',
    );
  });

  test('to a node that does not exist', () => {
    expect(refusal((node) => node.send(undefined, { type: 'Ping' }))).toBe(
      'a sends Ping to undefined, which is not a node: the nodes are a, b',
    );
    expect(refusal((node) => node.send('c'))).toContain('a sends undefined, which is not a message');
  });

  const cyclic: Record<string, unknown> = { name: 'x' };
  cyclic.self = cyclic;
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = { deep };
  test.each<[string, unknown, string, string?]>([
    ['entries', [0, 1, { seen: new Set() }], 'entries[2].seen is a Set'],
    ['table', new Map(), 'table is a Map'],
    ['log', new Log(), 'log is an instance of the class Log'],
    ['act', () => undefined, 'act is a function, but messages cannot hold functions: define them in the module'],
    ['key', Symbol('k'), 'key is a symbol'],
    ['big', 5n, 'big is a bigint'],
    ['frozen', Object.freeze([Object.freeze(new Set())]), 'frozen[0] is a Set'],
    ['loop', cyclic, 'loop.self refers to itself: store an id instead'],
  ])('whose field %s is not plain data', (field, value, words) => {
    expect(refusal((node) => node.send('b', { type: 'Ping', [field]: value }))).toContain(words);
  });

  test('without an end', () => {
    expect(refusal((node) => node.send('b', { type: 'Ping', deep }))).toContain(
      'is nested more than 500 levels deep: use an array or store ids',
    );
  });

  test('arrives with what JSON cannot express: undefined, NaN, Infinity', () => {
    const body = { type: 'Ping', nothing: undefined, number: NaN, most: Infinity };
    const { world, threw } = doing((node) => node.send('b', body));
    expect(threw).toBeUndefined();
    step(world, world.next()!);
    expect(world.node('b')!.state.heard).toEqual([body]);
  });

  test('does not change with the state, and does not freeze it', () => {
    const { effects, threw } = doing((node) => {
      node.send('b', { type: 'Ping', list: node.state.list });
      node.state.list[0].n = 2;
      node.state.list.push(3);
    });
    expect(threw).toBeUndefined();
    expect(effects.sent[0].body).toEqual({ type: 'Ping', list: [{ n: 1 }] });
  });
});

describe('an event', () => {
  test('that the protocol does not declare', () => {
    expect(refusal((node) => node.event('Hapened', {}))).toBe(
      "the event Hapened is not declared: the protocol's `events` has Happened, Ended",
    );
    expect(refusal((node) => node.event('toString', {}))).toContain('the event toString is not declared');
    expect(refusal((node) => node.event())).toContain('the event undefined is not declared');
  });

  test('without fields has none', () => {
    const { effects, threw } = doing((node) => node.event('Happened'));
    expect(threw).toBeUndefined();
    expect(effects.events).toEqual([{ node: 'a', name: 'Happened', fields: {} }]);
  });

  test('whose fields are not an object', () => {
    expect(refusal((node) => node.event('Happened', 'text'))).toBe(
      `the fields of the event Happened are "text": write node.event('Happened', { field: value })`,
    );
    expect(refusal((node) => node.event('Happened', [1]))).toContain('are [1]: write');
    expect(refusal((node) => node.event('Happened', { seen: new Set() }))).toBe(
      'seen is a Set, but events are saved and compared as plain data: use an array or an object',
    );
  });

  test('does not change with the state', () => {
    const { effects } = doing((node) => {
      node.event('Happened', { list: node.state.list });
      node.event('Ended', node.state);
      node.state.list[0].n = 2;
      node.state.count = 5;
    });
    expect(effects.events.map(({ fields }) => fields)).toEqual([
      { list: [{ n: 1 }] },
      { count: 0, list: [{ n: 1 }] },
    ]);
  });
});

describe('a timer', () => {
  const range = 'write microseconds, such as milliseconds(50), or a range [shortest, longest]';
  test.each<[unknown, string]>([
    ['soon', `"soon": ${range}`],
    [undefined, `undefined: ${range}`],
    [NaN, `NaN: ${range}`],
    [Infinity, `Infinity: ${range}`],
    [-1, `-1: ${range}`],
    [[50, 5], '[50, 5], a range that ends before it begins: write [5, 50]'],
    [[5], `[5]: ${range}`],
    [[1, 2, 3], `[1, 2, 3]: ${range}`],
    [['1', '2'], `["1", "2"]: ${range}`],
  ])('after %j', (after, words) => {
    expect(refusal((node) => node.setTimer('later', after))).toBe(
      `timer later cannot be set to ${words}`,
    );
  });

  test('rounds fractions of a microsecond', () => {
    const { effects } = doing((node) => node.setTimer('later', 1.6));
    expect(effects.timers).toEqual([{ node: 'a', timer: 'later', key: '', at: 2 }]);
  });

  test('takes a string as its data and as its key, unless another key is given', () => {
    const keysOf = (act: (node: Untyped) => void) => doing(act).effects.timers.map(({ key }) => key);
    expect(keysOf((node) => node.setTimer('later', 5, 's1'))).toEqual(['s1']);
    expect(keysOf((node) => node.setTimer('later', 5, 's1', 'other'))).toEqual(['other']);
    expect(keysOf((node) => node.setTimer('later', 5, { round: 1 }))).toEqual(['']);
    expect(keysOf((node) => node.setTimer('later', 5, undefined, 's1'))).toEqual(['s1']);
  });

  test('whose key is not a string', () => {
    expect(refusal((node) => node.setTimer('later', 5, undefined, 3))).toBe(
      'the key of timer later is 3: it must be a string, such as String(3)',
    );
  });

  test('that the role does not have', () => {
    const words = 'role plain has no timer "latter": it has go, later';
    expect(refusal((node) => node.setTimer('latter', 5))).toBe(words);
    expect(refusal((node) => node.cancelTimer('latter'))).toBe(words);
  });

  test('keeps the data that it was set with', () => {
    expect(refusal((node) => node.setTimer('later', 5, { seen: new Set() }))).toBe(
      'data.seen is a Set, but timer data is saved and compared as plain data: use an array or an object',
    );
    const { world } = doing((node) => {
      node.setTimer('later', 5, node.state.list);
      node.state.list[0].n = 2;
    });
    const { data } = world.node('a')!.timers.find(({ name }) => name === 'later')!;
    expect(data).toEqual([{ n: 1 }]);
    expect(Object.isFrozen(data)).toBe(true);
  });
});

describe('the node', () => {
  test.each([
    ['state', 'node.state cannot be replaced: change its fields, as in node.state.field = …'],
    ['id', 'node.id cannot be assigned: it is read-only'],
    ['options', 'node.options cannot be assigned: it is read-only'],
    ['peers', 'node.peers cannot be assigned: it is read-only'],
  ])('%s cannot be assigned', (name, words) => {
    expect(refusal((node) => (node[name] = {}))).toBe(words);
  });

  test('cannot be extended', () => {
    expect(refusal((node) => (node.secret = 1))).toContain('not extensible');
  });

  test('has methods that can be detached', () => {
    const { effects, threw } = doing(({ send, setTimer, event, now }) => {
      send('b', { type: 'Ping', at: now() });
      setTimer('later', 5);
      event('Happened');
    });
    expect(threw).toBeUndefined();
    expect([effects.sent.length, effects.timers.length, effects.events.length]).toEqual([1, 1, 1]);
  });

  test.each([0, -1, 1.5, NaN, Infinity, undefined, '6'])('refuses to draw below %j', (bound) => {
    expect(refusal((node) => node.random(bound))).toContain(
      'the bound must be a positive integer',
    );
  });

  test('answers operations with plain data', () => {
    expect(refusal((node) => node.reply('a#1', new Map()))).toBe(
      'the result is a Map, but replies are saved and compared as plain data: use an array or an object',
    );
    expect(refusal((node) => node.reply(undefined, 1))).toBe(
      'node.reply(undefined, …) names no operation: pass the third argument of `run`',
    );
  });
});

describe('a first state', () => {
  test.each<[unknown, string]>([
    [{ seen: new Set() }, 'state.seen is a Set, but state is saved and compared as plain data'],
    [undefined, '`init` returned undefined: it must return an object, such as { count: 0 }'],
  ])('%j', (state, words) => {
    const effects = new Effects();
    const protocol = protocolOf(() => undefined, { init: () => state });
    worldOf(protocol, [], effects);
    expect(effects.failure?.message).toContain(words);
  });
});

describe('a handler that does not end', () => {
  test.each<[string, (node: Untyped, i: number) => void]>([
    ['it sent 10,000 messages', (node) => node.send('b', { type: 'Ping' })],
    ['it reported 10,000 events', (node) => node.event('Happened')],
    ['it set 10,000 timers', (node, i) => node.setTimer('later', 5, `${i % 3}`)],
  ])('%s', (what, act) => {
    const forever = (node: Untyped) => {
      for (let i = 0; ; i++) act(node, i);
    };
    expect(refusal(forever)).toContain(`the code does not end: ${what} in one step`);
  });
});

describe('what is thrown', () => {
  const evil = Object.defineProperty(new Error('x'), 'message', {
    get() {
      throw new Error('no');
    },
  });
  const bites = {
    toString() {
      throw new Error('no');
    },
  };
  test.each<[unknown, string]>([
    [{ code: 1 }, '{code: 1}'],
    [null, 'null'],
    [undefined, 'undefined'],
    ['text', 'text'],
    [Object.create(null), '{}'],
    [Object.assign(new Error(), { message: { code: 1 } }), '{code: 1}'],
    [new TypeError(), 'TypeError'],
    [evil, 'an error that cannot be read'],
    [bites, '{toString: a function}'],
    [Symbol('s'), 'Symbol(s)'],
    [new Proxy({}, { ownKeys: () => [].at(0)! }), 'a value that cannot be shown'],
  ])('has a message, whatever it is', (thrown, words) => {
    const { threw } = doing(() => {
      throw thrown;
    });
    expect(threw).toBe(words);
  });

  test('is cut if it is long', () => {
    const { threw } = doing(() => {
      throw { text: 'x'.repeat(1_000) };
    });
    expect(threw).toHaveLength(200);
  });
});

test('twenty copies of one message are recorded under their names', () => {
  const world = worldOf(protocolOf((node) => node.send('b', { type: 'Ping' })));
  const run = new Run(world);
  const effects = new Effects();
  run.take(world, world.next()!, effects);
  const name = { at: 0, from: 'a', to: 'b', ordinal: 1, copy: 0 };
  for (let i = 0; i < 20; i++) run.take(world, { type: 'duplicate', ...name }, effects);
  const copies: number[] = [];
  for (let next = world.next(); next?.type === 'deliver'; next = world.next()) {
    copies.push(next.copy);
    run.take(world, next, effects);
  }
  const recorded = Array.from({ length: 21 }, (_, i) => run.action(22 + i));
  expect(recorded.map((action) => action.type === 'deliver' && action.copy)).toEqual(copies);
  expect(Object.keys(recorded.at(-1)!).sort().join()).toBe('at,copy,from,ordinal,to,type');
  expect(run.at(run.length).node('b')!.state.heard).toHaveLength(21);
});

describe('a failure', () => {
  test('has the type of the mistake, so that nothing reads its message', () => {
    const { effects } = doing((node) => node.send('c', { type: 'Ping' }));
    expect(effects.failure?.refusal).toEqual({
      type: 'unknown receiver',
      from: 'a',
      message: 'Ping',
      found: '"c"',
      nodes: ['a', 'b'],
    });
    const plain = doing((node) => node.setTimer('later', 5, [new Set()])).effects.failure;
    expect(plain?.refusal).toEqual({
      type: 'not plain data',
      finding: { code: 'built-in-object', path: [0], value: new Set() },
      root: 'data',
      holder: 'timers',
    });
  });

  test('has none if the code of the handler itself threw', () => {
    const { effects } = doing(() => {
      throw new Error('on purpose');
    });
    expect(effects.failure).toMatchObject({ node: 'a', message: 'on purpose' });
    expect(effects.failure).not.toHaveProperty('refusal');
  });

  test('comes of a node that is used after its handler returned', () => {
    let kept: Untyped;
    const { world } = doing((node) => {
      kept = node;
      node.setTimer('later', 5);
    });
    expect(() => kept.now()).toThrow('node is used after its handler returned');
    step(world, world.next()!);
  });
});
