/** Caches in front of a database: what they keep under faults, and the races that they allow. */
import { describe, expect, test } from 'vitest';
import { cache } from '../../../src/protocols/cache/cache.ts';
import { expectGolden } from '../../golden.ts';
import { clusterOf, holdsUnderFaults } from '../consensus/harness.ts';
import { nodes } from '../consensus/schedule.ts';
import { cacheFamily } from './cache-family.ts';

describe('caches', () => {
  holdsUnderFaults(cacheFamily, cache, [{ of: ({ answers }) => answers.size, atLeast: 1 }]);

  test('a miss, a fill, a hit, a write and a delete', () => {
    const cluster = clusterOf(cache, [
      ...nodes('database', ['db']), ...nodes('cache', ['mc'], { leases: true }),
      ...nodes('client', ['c1', 'c2']),
    ]);
    cluster.do('c1 get {"key":"k1"}');
    cluster.untilReply('c1#1');
    cluster.do('c2 get {"key":"k1"}');
    cluster.untilReply('c2#1');
    cluster.do('c1 put {"key":"k1","value":7}');
    cluster.untilReply('c1#2');
    cluster.do('c2 get {"key":"k1"}');
    cluster.untilReply('c2#2');
    expectGolden(import.meta.url, 'look-aside', cluster.lines.join('\n'));
  });

  test('an edge fetches once for several, and again when the entry is over', () => {
    const cluster = clusterOf(cache, [
      ...nodes('database', ['db']), ...nodes('edge', ['e1'], { collapse: true, ttl: 50_000 }),
      ...nodes('client', ['c1', 'c2']),
    ]);
    cluster.do('c1 get {"key":"k1"}');
    cluster.do('c2 get {"key":"k1"}');
    cluster.untilReply('c2#1');
    expectGolden(import.meta.url, 'edge', cluster.lines.join('\n'));
    expect(cluster.lines.filter((line) => line.includes('Fetched'))).toHaveLength(1);
  });
});
