/** The register store: each configuration keeps the models that it claims, whatever happens. */
import { describe, expect, test } from 'vitest';
import { registerStore } from '../../../src/protocols/register-store/register-store.ts';
import { expectGolden } from '../../golden.ts';
import { clusterOf, playsWithoutProblem, type Reached } from '../consensus/harness.ts';
import { nodes, play } from '../consensus/schedule.ts';
import { configurations, familyOf, names, whyNot } from './store-families.ts';

const seeds = Math.ceil(Number(process.env.LOCKSTEP_SEEDS ?? 200) / names.length);

describe('histories under random faults', () => {
  test.each(names)('%s', { timeout: 300_000 }, (name) => {
    const one = configurations[name];
    const answered: Reached = { of: ({ answers }) => answers.size, atLeast: 4 };
    return playsWithoutProblem(
      familyOf(one), registerStore, { count: seeds }, [answered], (played) => whyNot(played, one.models),
    );
  });

  /** Some schedule within this many shows that the configuration is not that strong. */
  const tooStrong = [
    ['a follower nearby', 'read-your-writes', 60],
    ['any server', 'linearizable', 60],
  ] as const;
  test.each(tooStrong)('%s is not %s', (name, model, most) => {
    const family = familyOf(configurations[name]);
    const isViolated = (seed: number) =>
      whyNot(play(family, registerStore, seed), [model]) !== undefined;
    expect(Array.from({ length: most }, (_, i) => i + 1).some(isViolated)).toBe(true);
  });
});

/** The lines of a write and two reads. */
function linesOf(servers: number, server: object, between = ''): string {
  const ids = Array.from({ length: servers }, (_, i) => `n${i + 1}`);
  const { replication } = server as { replication: string };
  const cluster = clusterOf(registerStore, [
    ...nodes('server', ids, server), ...nodes('client', ['c1', 'c2'], { replication }),
  ]);
  if (between !== '') cluster.do(between);
  cluster.do('c1 write {"key":"x","value":1}');
  cluster.untilReply('c1#1');
  cluster.do('c2 read {"key":"x"}');
  cluster.untilReply('c2#1');
  cluster.run('300ms');
  return cluster.lines.join('\n');
}

describe('one write and one read', () => {
  test('under a leader with one synchronous follower', () => {
    expectGolden(import.meta.url, 'store-leader', linesOf(3, { replication: 'leader', synchronousFollowers: 1 }));
  });
  test('under quorums with write-back and read repair', () => {
    const server = { replication: 'quorum', writeBack: true, readRepair: true };
    expectGolden(import.meta.url, 'store-quorum', linesOf(3, server, 'cut n1 -> n3 for 8ms'));
  });
  test('under sloppy quorums', () => {
    const server = { replication: 'quorum', copies: 3, sloppy: true };
    expectGolden(import.meta.url, 'store-sloppy', linesOf(4, server, 'crash n3'));
  });
});
