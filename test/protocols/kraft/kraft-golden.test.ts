/** KRaft as golden texts: the first epoch of a quorum, and a controller that was replaced. */
import { describe, expect, test } from 'vitest';
import { defaultNetwork, type NodeSetup } from '../../../src/kernel/plan.ts';
import { divergingEpoch, truncationPoint } from '../../../src/protocols/kafka/partition/log.ts';
import { kraft } from '../../../src/protocols/kraft/kraft.ts';
import type { ControllerState } from '../../../src/protocols/kraft/state.ts';
import { expectGolden } from '../../golden.ts';
import { Cluster } from '../cluster.ts';

const broker = { minInsyncReplicas: 2 };
const nodes: NodeSetup[] = [
  // c1 is the first candidate.
  ...['c1', 'c2', 'c3'].map((id) => ({
    id, role: 'controller',
    options: { brokerSessionTimeout: 2_000_000, electionTimeout: id === 'c1' ? 300_000 : 1_000_000 },
  })),
  ...['b1', 'b2', 'b3'].map((id) => ({
    id, role: 'broker', options: { ...broker, heartbeatInterval: 500_000, retryBackoff: 500_000 },
  })),
  { id: 'p', role: 'producer', options: { requestTimeout: 1_000_000 } },
];

function newCluster(): Cluster {
  const network = { ...defaultNetwork, latency: [2_000, 2_000] as const };
  return new Cluster({ protocol: kraft, seed: 1, nodes, network });
}

function stateOf({ world }: Cluster, name: string): ControllerState {
  return world.nodes.find(({ id }) => id === name)!.state as unknown as ControllerState;
}

/** Without the fetches that bring nothing, and the timers behind them. */
const quiet = /(fire \S+ (fetch|fetchWait|request|retry|heartbeat|register|isrCheck|beginQuorumEpoch)\b|records=\[\]|MetadataFetch currentLeaderEpoch=\S+ fetchOffset=\S+ lastFetchedEpoch=\S+ highWatermark=\S+$|Fetch leaderEpoch=\S+ offset=\S+ lastFetchedEpoch=\S+$|BeginQuorumEpoch(Response)? (leaderEpoch|error)=[^!]*$|Heartbeat)/;

function shown(cluster: Cluster): string {
  return cluster.lines.filter((one) => !quiet.test(one) && !one.includes('LOST')).join('\n');
}

test('a quorum elects its leader, brokers register, and the partition has one', () => {
  const cluster = newCluster();
  cluster.untilEvent('FollowerStarted', 'b3');
  cluster.do('p send {"value":"a"}');
  expect(cluster.untilReply('p#1')).toBe(0);
  expectGolden(import.meta.url, 'kraft-first-epoch', shown(cluster));
});

test('a controller that was cut off commits nothing, and drops what only it has', () => {
  const cluster = newCluster();
  cluster.untilEvent('FollowerStarted', 'b3');
  cluster.lines.length = 0;
  cluster.do('partition c1 b3 | c2 c3 b1 b2 p');
  cluster.untilEvent('BrokerFenced', 'c1');
  // It acts on its own records before they are committed, and takes them back.
  expect(stateOf(cluster, 'c1').image.brokers.b1.fenced).toBe(true);
  cluster.untilEvent('ControllerActivated');
  cluster.run('1s');
  expect(stateOf(cluster, 'c1').image.brokers.b1.fenced).toBe(false);
  cluster.do('heal');
  cluster.untilEvent('MetadataTruncated', 'c1');
  cluster.run('50ms');
  expectGolden(import.meta.url, 'kraft-zombie-controller', shown(cluster));
});

describe('where two logs diverge', () => {
  const log = (...epochs: number[]) => epochs.map((leaderEpoch) => ({ leaderEpoch }));

  test.each([
    // the leader's log, the follower's, and the end at which that is cut; null if it is a prefix
    [[1, 1, 3], [1, 1], null],
    [[1, 1, 3], [1, 1, 2], 2],
    [[1, 1, 3], [1, 1, 1, 1], 2],
    [[1, 2, 3], [1, 1, 1], 1],
    [[1, 1, 3, 3], [1, 1, 2, 2, 2], 2],
    [[], [1], 0],
  ])('%j and %j: %j', (leaders, followers, end) => {
    const own = log(...followers);
    const last = followers[followers.length - 1];
    const diverging = divergingEpoch(log(...leaders), followers.length, last);
    expect(diverging && truncationPoint(own, diverging).endOffset).toBe(end);
  });
});
