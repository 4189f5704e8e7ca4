/** Each invariant of caches can fail: schedules catch a mutant. */
import { describe, expect, test } from 'vitest';
import { cache } from '../../../src/protocols/cache/cache.ts';
import { cacheFamily } from '../../protocols/cache/cache-family.ts';
import { catches } from '../consensus/catches.ts';
import { cacheMutants } from './cache-mutants.ts';

describe('caches', () => {
  const sentences = catches(cache, cacheMutants, () => cacheFamily);
  test('a violation is explained in a sentence', () => {
    expect(sentences).toMatchInlineSnapshot(`
      [
        "Cached Values Come from the Database: mc has k1 = 1.5, which the database never had.",
        "No Entry Outlives Its TTL: e2 answered with k1 = 12 after it had expired.",
        "A Lease Keeps Old Values Out: mc was filled with k1 = 1, which was replaced before its last delete of the key.",
      ]
    `);
  });
});
