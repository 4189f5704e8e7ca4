/** States are held to plain data: what is repaired, and how little of a long log is read again. */
import { describe, expect, test } from 'vitest';
import { PlainTrees } from '../../src/code/limits/plain-state.ts';
import type { Written } from '../../src/code/limits/written.ts';

const trees = new PlainTrees();
const makePlain = (state: unknown, written?: Written) => trees.check(state, written);

type Entry = { readonly n: number };

describe('a log of 9,000 entries', () => {
  /** How often the field of an entry was read: each check of an entry reads it. */
  let reads = 0;
  const entry = (n: number, isFrozen: boolean): Entry => {
    const one = Object.defineProperty({}, 'n', {
      enumerable: true,
      configurable: true,
      get: () => {
        reads++;
        return n;
      },
    }) as Entry;
    return isFrozen ? Object.freeze(one) : one;
  };

  test.each([['frozen', true], ['not frozen', false]])(
    'whose entries are %s: each is read once, wherever it moves',
    (_, isFrozen) => {
      const log = Array.from({ length: 9_000 }, (_entry, n) => entry(n, isFrozen));
      const state = { log };
      reads = 0;
      expect(makePlain(state)).toBeUndefined();
      const readsOfOne = reads / log.length;
      expect(readsOfOne).toBeLessThanOrEqual(2);
      for (let i = 0; i < 200; i++) {
        log.shift();
        log.push(entry(9_000 + i, isFrozen));
        expect(makePlain(state, new Map([[log, 8_999]]))).toBeUndefined();
      }
      expect(reads).toBe(readsOfOne * 9_200);
    },
  );

  test('that holds something else at its end is refused there', () => {
    const log: unknown[] = Array.from({ length: 9_000 }, (_entry, n) => ({ n }));
    const state = { log };
    makePlain(state);
    log.push({ seen: new Set() });
    expect(makePlain(state)).toMatchObject({ code: 'built-in-object', path: ['log', 9_000, 'seen'] });
    expect(log.at(-1)).toEqual({ seen: '(a Set)' });
  });
});

describe('a state that is not plain data', () => {
  test('is plain data afterwards, with a description in each place', () => {
    const state: Record<string, unknown> = { f: () => 1, list: [new Map(), { big: 5n }] };
    state.self = state;
    const found = makePlain(state);
    expect(found).toMatchObject({ code: 'function', path: ['f'] });
    expect(state).toEqual({
      f: '(a function)',
      list: ['(a Map)', { big: '(a bigint)' }],
      self: '(not plain data)',
    });
    expect(makePlain(state)).toBeUndefined();
  });

  test('cannot be repaired in a frozen part, which is replaced as a whole', () => {
    const state = { frozen: Object.freeze({ inner: Object.freeze([new Set()]) }) as unknown };
    expect(makePlain(state)).toMatchObject({ path: ['frozen', 'inner', 0] });
    expect(state).toEqual({ frozen: '(not plain data)' });
  });
});

test('an object in two places is copied, also between two long lists', () => {
  const shared = { n: 1 };
  const state = { a: shared, b: shared };
  expect(makePlain(state)).toBeUndefined();
  expect(state.a).toBe(shared);
  expect(state.b).not.toBe(shared);
  const lists = { one: Array.from({ length: 100 }, (_, n) => ({ n })), other: [] as object[] };
  makePlain(lists);
  lists.other.push(...lists.one);
  makePlain(lists);
  expect(lists.other[7]).toEqual(lists.one[7]);
  expect(lists.other[7]).not.toBe(lists.one[7]);
});
