/** Raft's membership changes at the moments for which the thesis has a rule of its own (§4.2.2). */
import { expect, test } from 'vitest';
import { Cluster, setupOf } from '../cluster.ts';

/** n1 leads, removes itself, and crashes as the only server that has the new configuration. */
function removedAndCrashed(replicas: number): Cluster {
  const cluster = new Cluster(setupOf({ replicas, options: { electionTimeout: [300_000, 600_000] } }));
  cluster.do('fire n1 election');
  cluster.untilEvent('LeaderElected', 'n1');
  cluster.run('100ms');
  for (const { id } of cluster.servers().slice(1)) cluster.do(`cut n1 -> ${id}`);
  cluster.do('c1 removeServer {"server":"n1"}');
  cluster.untilEvent('MembersChanged', 'n1');
  cluster.do('crash n1');
  cluster.do('heal');
  return cluster;
}

test('Figure 4.6: a removed leader stands for election until its removal is committed', () => {
  const cluster = removedAndCrashed(2);
  cluster.run('3s');
  // n2 needs both votes of the configuration that it knows.
  expect(cluster.leader()).toBeUndefined();
  cluster.do('restart n1');
  cluster.untilEvent('LeaderElected', 'n1');
  cluster.untilEvent('LeaderSteppedDown', 'n1');
  cluster.untilEvent('LeaderElected', 'n2');
  cluster.run('1s');
  expect(cluster.servers().map(({ state }) => state.members)).toEqual([['n2'], ['n2']]);
  // Now it knows that its removal is committed.
  const { currentTerm } = cluster.state('n1');
  cluster.run('10s');
  expect(cluster.state('n1').currentTerm).toBe(currentTerm);
  expect(cluster.violations).toEqual([]);
});

test('a server that is not a member does not count its own vote', () => {
  const cluster = removedAndCrashed(3);
  cluster.do('crash n3');
  cluster.do('restart n1');
  cluster.do('crash n2');
  cluster.do('fire n1 election');
  cluster.do('restart n2');
  cluster.untilEvent('VoteGranted', 'n2');
  cluster.run('3s');
  // It has the vote of n2, and needs two of the two members.
  expect(cluster.state('n1').standing).not.toBe('leader');
  expect(cluster.violations).toEqual([]);
});
