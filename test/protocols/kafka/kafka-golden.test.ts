/** Kafka as golden texts: a change of leader with a truncation, and the epochs of KIP-279. */
import { describe, expect, test } from 'vitest';
import { defaultNetwork, type NodeSetup } from '../../../src/kernel/plan.ts';
import { electLeader } from '../../../src/protocols/kafka/election.ts';
import { kafka } from '../../../src/protocols/kafka/kafka.ts';
import { endOfEpoch } from '../../../src/protocols/kafka/partition/log.ts';
import type { LogRecord } from '../../../src/protocols/kafka/partition/replica.ts';
import { expectGolden } from '../../golden.ts';
import { Cluster } from '../cluster.ts';

test('a leader that was cut off returns, and drops what only it has', () => {
  const broker = { sessionTimeout: 3_000_000, minInsyncReplicas: 2 };
  const nodes: NodeSetup[] = [
    { id: 'zk', role: 'zookeeper', options: {} },
    ...['n1', 'n2', 'n3'].map((id) => ({ id, role: 'broker', options: broker })),
    { id: 'p', role: 'producer', options: { acks: '1', retries: 0 } },
    { id: 'q', role: 'producer', options: { acks: 'all', requestTimeout: 1_000_000 } },
  ];
  const network = { ...defaultNetwork, latency: [2_000, 2_000] as const };
  const cluster = new Cluster({ protocol: kafka, seed: 1, nodes, network });
  cluster.untilEvent('FollowerStarted', 'n3');
  cluster.do('q send {"value":"a"}');
  expect(cluster.untilReply('q#1')).toBe(0);
  cluster.do('partition n1 p | zk n2 n3 q');
  cluster.do('p send {"value":"lost"}');
  expect(cluster.untilReply('p#1')).toBe(1);
  cluster.untilEvent('LeaderStarted', 'n2');
  cluster.do('q send {"value":"b"}');
  expect(cluster.untilReply('q#2')).toBe(1);
  cluster.do('heal');
  cluster.untilEvent('LogTruncated', 'n1');
  cluster.run('100ms');
  const quiet = /^\S+ {2}(fire n. (fetch|zkRetry|inform)|fire \w+ (ping|isrCheck)|deliver n.->zk#\d+ {2}Ping)/;
  const lines = cluster.lines.filter((one) => !quiet.test(one) && !one.includes('LOST'));
  expectGolden(import.meta.url, 'kafka-zombie-leader', lines.join('\n'));
});

describe('the end of an epoch in a log', () => {
  const log = (...epochs: number[]): LogRecord[] =>
    epochs.map((leaderEpoch, i) => ({ value: i, producer: 'p', serial: i, leaderEpoch }));

  test.each([
    // log, asked, epoch, end
    [[0, 0, 2, 2, 3], 0, 0, 2],
    [[0, 0, 2, 2, 3], 1, 0, 2],
    [[0, 0, 2, 2, 3], 2, 2, 4],
    [[0, 0, 2, 2, 3], 3, 3, 5],
    [[0, 0, 2, 2, 3], 9, 3, 5],
    [[2, 2], 1, 1, 0],
    [[], 1, 1, 0],
  ])('of %j, asked for %i: epoch %i ends at %i', (epochs, asked, epoch, endOffset) => {
    expect(endOfEpoch(log(...epochs), asked)).toEqual({ epoch, endOffset });
  });
});

describe('the leader of the partition', () => {
  const assignment = ['n1', 'n2', 'n3'];
  const elect = (leader: string | null, isr: string[], up: string[], unclean = false) =>
    electLeader({ leader, leaderEpoch: 4, isr, controllerEpoch: 1 }, assignment,
      (id) => up.includes(id), unclean);

  test('is the first in the order of the assignment that is up and in sync', () => {
    expect(elect('n1', ['n3', 'n2', 'n1'], ['n2', 'n3'])).toEqual(
      { leader: 'n2', leaderEpoch: 5, isr: ['n3', 'n2'] });
    expect(elect('n1', ['n3', 'n1'], ['n2', 'n3'])).toEqual(
      { leader: 'n3', leaderEpoch: 5, isr: ['n3'] });
  });

  test('stays while it is up, in a new epoch if a replica in sync is gone', () => {
    expect(elect('n1', ['n1', 'n2'], ['n1', 'n2'])).toBeNull();
    expect(elect('n1', ['n1', 'n2'], ['n1', 'n3'])).toEqual(
      { leader: 'n1', leaderEpoch: 5, isr: ['n1'] });
  });

  test('is none without a replica in sync, unless an unclean election may be held', () => {
    expect(elect('n1', ['n1'], ['n2', 'n3'])).toEqual({ leader: null, leaderEpoch: 5, isr: ['n1'] });
    expect(elect(null, ['n1'], ['n2', 'n3'])).toBeNull();
    expect(elect(null, ['n1'], ['n2', 'n3'], true)).toEqual(
      { leader: 'n2', leaderEpoch: 5, isr: ['n2'] });
  });
});
