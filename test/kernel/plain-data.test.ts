/** Plain data: each kind of value that is not, found at its path and worded for its author. */
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { findNotPlain, notPlainMessage } from '../../src/kernel/data/plain-data.ts';
import { seal } from '../../src/kernel/data/seal.ts';

class Log {}
const cycle: Record<string, unknown> = {};
cycle.self = { again: cycle };
let deep: unknown = 1;
for (let i = 0; i < 600; i++) deep = [deep];

describe('what is not plain data', () => {
  test.each<[string, unknown, string, (string | number)[]]>([
    ['function', { f: [() => 1] }, 'function', ['f', 0]],
    ['symbol', { 'a b': Symbol('s') }, 'symbol', ['a b']],
    ['bigint', [1n], 'bigint', [0]],
    ['Set', { list: [{ seen: new Set() }] }, 'built-in-object', ['list', 0, 'seen']],
    ['class', { log: new Log() }, 'class-instance', ['log']],
    ['class that extends Array', new (class extends Array {})(), 'class-instance', []],
    ['class with the name of a standard one', new (class Set {})(), 'class-instance', []],
    ['object without a constructor', Object.create(Object.create(null)), 'class-instance', []],
    ['cycle', cycle, 'cycle', ['self', 'again']],
  ])('%s', (_, value, code, path) => {
    expect(findNotPlain(value)).toMatchObject({ code, path });
  });

  test('is found in a value that is nested too deep, before the call stack is full', () => {
    expect(findNotPlain(deep)).toMatchObject({ code: 'too-deep' });
  });

  test('is not an object of another realm, nor a value without a name in JSON', () => {
    const other: unknown = runInNewContext('({ list: [{ n: 1 }], none: null })');
    const value = { other, nothing: undefined, bare: Object.create(null), numbers: [NaN, -0] };
    expect(findNotPlain(value)).toBeUndefined();
  });
});

describe('the message', () => {
  test('names the whole value if it has no path', () => {
    const found = findNotPlain(new Log())!;
    expect(notPlainMessage(found, '', 'messages')).toBe(
      'the message is an instance of the class Log, but messages are saved and compared as plain ' +
        'data: use an object and functions that take it',
    );
  });

  test('says that a value changes, if a getter returns plain data on the second read only', () => {
    let reads = 0;
    const value = { get n() { return reads++ === 0 ? new Set() : 1; } };
    expect(() => seal({ value }, 'data', 'timers')).toThrow(
      'data changes between reads: use plain fields instead of getters',
    );
  });
});
