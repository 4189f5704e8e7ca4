/** Raft's options `checkQuorum` and `preVote`, as the thesis and etcd/raft describe them. */
import { expect, test } from 'vitest';
import { Cluster, type ClusterOptions, setupOf } from './cluster.ts';

/** n1 is elected first; the others wait for 300 ms to 600 ms. */
function clusterWith(options: Record<string, boolean>, more: ClusterOptions = {}): Cluster {
  const cluster = new Cluster(setupOf({
    replicas: 3,
    options: { electionTimeout: [300_000, 600_000], ...options },
    ...more,
  }));
  cluster.do('fire n1 election');
  cluster.untilEvent('LeaderElected', 'n1');
  cluster.run('100ms');
  return cluster;
}

test('without checkQuorum, a leader that is cut off goes on leading', () => {
  const cluster = clusterWith({});
  cluster.do('partition n1 | n2 n3');
  cluster.run('10s');
  expect(cluster.state('n1').standing).toBe('leader');
});

test('with checkQuorum, a leader without a quorum steps down within two election timeouts', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const cluster = clusterWith({ checkQuorum: true }, { seed });
    cluster.run(`${seed * 17}ms`);
    const lost = cluster.world.time;
    cluster.do('partition n1 | n2 n3');
    const { term, answered } = cluster.untilEvent('QuorumLost', 'n1');
    expect([term, answered]).toEqual([1, 1]);
    expect(cluster.world.time - lost).toBeGreaterThan(250_000);
    expect(cluster.world.time - lost).toBeLessThanOrEqual(600_000);
    expect(cluster.state('n1')).toMatchObject({ standing: 'follower', leaderId: null, currentTerm: 1 });
    expect(cluster.violations).toEqual([]);
  }
});

test('with checkQuorum, one of two followers is enough for a leader', () => {
  const cluster = clusterWith({ checkQuorum: true });
  cluster.do('partition n1 n2 | n3');
  cluster.run('10s');
  expect(cluster.state('n1').standing).toBe('leader');
});

test('with checkQuorum, a server that hears its leader does not answer a candidate', () => {
  const cluster = clusterWith({ checkQuorum: true });
  cluster.do('cut n1 -> n3');
  cluster.do('fire n3 election');
  expect(cluster.untilEvent('VoteIgnored', 'n2')).toEqual({ term: 2, candidateId: 'n3' });
  cluster.run('250ms');
  expect(cluster.state('n2').currentTerm).toBe(1);
  expect(cluster.state('n1').standing).toBe('leader');
});

/** n3 is cut off for 3 s, and comes back. */
function rejoin(options: Record<string, boolean>): Cluster {
  const cluster = clusterWith(options);
  cluster.do('partition n1 n2 | n3');
  cluster.run('3s');
  cluster.do('heal');
  cluster.run('2s');
  expect(cluster.violations).toEqual([]);
  return cluster;
}

test('without preVote, a server that was cut off deposes the leader, checkQuorum or not', () => {
  for (const checkQuorum of [false, true]) {
    const cluster = rejoin({ checkQuorum });
    expect(cluster.state('n3').currentTerm).toBeGreaterThan(4);
    expect(cluster.state('n1').currentTerm).toBe(cluster.state('n3').currentTerm);
  }
});

test('with preVote, a server that was cut off comes back without a new term', () => {
  for (const checkQuorum of [false, true]) {
    const cluster = rejoin({ checkQuorum, preVote: true });
    expect(cluster.leader()).toBe('n1');
    for (const id of ['n1', 'n2', 'n3']) expect(cluster.state(id).currentTerm).toBe(1);
  }
});

test('with preVote, the servers elect another leader when theirs is gone', () => {
  for (const checkQuorum of [false, true]) {
    const cluster = clusterWith({ checkQuorum, preVote: true });
    cluster.do('crash n1');
    cluster.untilEvent('LeaderElected');
    expect(cluster.state(cluster.leader()!).currentTerm).toBe(2);
    expect(cluster.violations).toEqual([]);
  }
});

test('with preVote, a candidate of an earlier term learns of the later one', () => {
  const cluster = clusterWith({ preVote: true });
  cluster.do('pause n3');
  cluster.do('crash n1');
  cluster.do('restart n1');
  cluster.do('fire n2 election');
  cluster.untilEvent('LeaderElected', 'n2');
  cluster.do('crash n2');
  cluster.do('resume n3');
  cluster.do('restart n2');
  cluster.run('5s');
  expect(cluster.leader()).toBeDefined();
  expect(cluster.violations).toEqual([]);
});

test.each([{ checkQuorum: true }, { preVote: true }, { checkQuorum: true, preVote: true }])(
  'with %o, faults violate no invariant, and a leader is elected after them',
  (options) => {
    for (let seed = 1; seed <= 15; seed++) {
      const cluster = new Cluster(
        setupOf({
          replicas: 5, options, seed,
          network: { latency: [1_000, 30_000], loss: 0.1, duplicate: 0.1, reorder: true },
        }),
        false,
      );
      for (const [i, id] of ['n1', 'n2', 'n3', 'n4', 'n5'].entries()) {
        cluster.run('400ms');
        cluster.do((i + seed) % 2 === 0 ? `pause ${id} for 700ms` : `crash ${id}`);
        cluster.do(`partition n1 n2 | n3 n4 n5 for ${100 * seed}ms`);
        if ((i + seed) % 2 !== 0) cluster.do(`restart ${id}`);
      }
      cluster.run('5s');
      expect(cluster.leader(), `seed ${seed}`).toBeDefined();
      expect(cluster.violations, `seed ${seed}`).toEqual([]);
      expect(cluster.failures, `seed ${seed}`).toEqual([]);
    }
  },
);
