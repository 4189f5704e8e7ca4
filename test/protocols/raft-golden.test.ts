/** Raft step by step: golden texts of what a reader of the paper expects, in the expected order. */
import { expect, test } from 'vitest';
import { expectGolden } from '../golden.ts';
import { Cluster, type ClusterOptions, setupOf } from './cluster.ts';
import { beginningWith, figure7, logOf } from './paper.ts';

function clusterOf(options: ClusterOptions = {}): Cluster {
  return new Cluster(setupOf(options));
}

/** Compares the whole run with its golden text; no invariant was violated in it. */
function expectStory(cluster: Cluster, name: string): void {
  expect(cluster.violations).toEqual([]);
  expect(cluster.failures).toEqual([]);
  expectGolden(import.meta.url, name, cluster.lines.join('\n'));
}

function agree(cluster: Cluster): boolean {
  const [first, ...others] = cluster.servers().map(({ state }) => state);
  return others.every(
    (one) => one.log.length === first.log.length && one.commitIndex === first.log.length,
  ) && first.commitIndex === first.log.length;
}

test('a first election', () => {
  const cluster = clusterOf({ clients: 0 });
  cluster.untilEvent('LeaderElected');
  cluster.until(agree);
  expectStory(cluster, 'first-election');
});

test('a write: from the client to the log, to a majority, to the state machine, and back', () => {
  const cluster = clusterOf({ replicas: 3 });
  cluster.untilEvent('LeaderElected');
  cluster.until(agree);
  cluster.lines.length = 0;
  cluster.do('c1 put {"key":"x","value":1}');
  expect(cluster.untilReply('c1#1')).toBe('OK');
  cluster.until(agree);
  cluster.do('c1 cas {"key":"x","expected":1,"value":2}');
  expect(cluster.untilReply('c1#2')).toBe(true);
  cluster.do('c1 get {"key":"x"}');
  expect(cluster.untilReply('c1#3')).toBe(2);
  expectStory(cluster, 'write');
});

test('two candidates split the vote; their next timeouts differ', () => {
  const network = { latency: [10_000, 15_000] as const };
  const cluster = clusterOf({ replicas: 4, clients: 0, seed: 5, network });
  expect(cluster.untilEvent('LeaderElected').term).toBeGreaterThan(1);
  cluster.untilEvent('EntryCommitted');
  expectStory(cluster, 'split-vote');
});

test('the leader crashes: the next leader has all committed entries, the old one follows it', () => {
  const cluster = clusterOf({ replicas: 3, seed: 3 });
  cluster.untilEvent('LeaderElected');
  cluster.do('c1 put {"key":"x","value":1}');
  cluster.untilReply('c1#1');
  const old = cluster.leader()!;
  cluster.do(`crash ${old}`);
  cluster.do('c1 get {"key":"x"}');
  expect(cluster.untilReply('c1#2')).toBe(1);
  cluster.do(`restart ${old}`);
  cluster.until(agree);
  expect(cluster.state(old).kv).toEqual({ x: 1 });
  expectStory(cluster, 'leader-crash');
});

test('a partition 3 | 2: the smaller side commits nothing, and loses its entries when it heals', () => {
  const cluster = clusterOf({ clients: 2 });
  cluster.untilEvent('LeaderElected');
  cluster.until(agree);
  const old = cluster.leader()!;
  const [other, ...rest] = cluster.servers().map(({ id }) => id).filter((id) => id !== old);
  // c1 knows the leader, and is on the smaller side with it.
  cluster.do('c1 put {"key":"x","value":"before"}');
  cluster.untilReply('c1#1');
  cluster.lines.length = 0;
  cluster.do(`partition ${old} ${other} c1 | ${rest.join(' ')} c2`);
  cluster.do('c1 put {"key":"x","value":"minority"}');
  expect(cluster.untilEvent('LeaderElected').term).toBe(2);
  cluster.do('c2 put {"key":"x","value":"majority"}');
  cluster.untilReply('c2#1');
  expect(cluster.state(old).standing).toBe('leader');
  expect(cluster.state(old).kv).toEqual({ x: 'before' });
  cluster.do('heal');
  cluster.untilEvent('LogTruncated', old);
  cluster.untilReply('c1#2');
  cluster.until(agree);
  expect(cluster.state(old).kv).toEqual({ x: 'minority' });
  expectStory(cluster, 'partition');
});

const followers = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

test.each([
  ['figure-7', true],
  ['figure-7-entry-by-entry', false],
])('the leader of Figure 7 makes the logs of its followers equal to its own (%s)', (name, conflictHint) => {
  const states = Object.fromEntries(
    ['leader', ...followers].map((id, i) => [
      `n${i + 1}`,
      { currentTerm: 7, log: logOf(figure7[id as keyof typeof figure7]) },
    ]),
  );
  const cluster = clusterOf({
    protocol: beginningWith(states),
    replicas: 7,
    clients: 0,
    options: { conflictHint },
    nodeOptions: { n1: { electionTimeout: [10_000, 10_000] } },
  });
  expect(cluster.untilEvent('LeaderElected')).toEqual({ term: 8, votes: 4 });
  cluster.until(agree);
  for (const { id } of cluster.servers()) expect(cluster.terms(id)).toEqual([...figure7.leader, 8]);
  expectStory(cluster, name);
});
