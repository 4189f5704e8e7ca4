/** Multi-Paxos as a golden text: an election, a command, a crash, and a gap that is filled. */
import { test } from 'vitest';
import { multiPaxos } from '../../../src/protocols/multi-paxos/multi-paxos.ts';
import { expectGolden } from '../../golden.ts';
import { Cluster, setupOf } from '../cluster.ts';

test('a new leader fills the gap that the old one left', () => {
  const network = { latency: [2_000, 2_000] as const };
  const cluster = new Cluster(setupOf({ protocol: multiPaxos, replicas: 3, seed: 1, network }));
  cluster.do('fire n1 election');
  cluster.untilEvent('LeaderElected', 'n1');
  cluster.do('c1 put {"key":"x","value":1}');
  cluster.untilReply('c1#1');
  cluster.do('cut n1 -> n2 n3');
  cluster.do('c1 put {"key":"y","value":2}');
  cluster.untilEvent('Proposed', 'n1');
  cluster.do('heal');
  cluster.do('c1 put {"key":"z","value":3}');
  cluster.untilEvent('Accepted', 'n3');
  cluster.do('crash n1');
  cluster.do('fire n2 election');
  cluster.untilEvent('GapFilled', 'n2');
  cluster.run('20ms');
  expectGolden(import.meta.url, 'multi-paxos-gap', cluster.lines.join('\n'));
});
