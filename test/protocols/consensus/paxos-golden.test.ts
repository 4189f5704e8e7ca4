/** Paxos as a golden text: two proposers, a vote that must be adopted, a learner that asks. */
import { test } from 'vitest';
import { paxos } from '../../../src/protocols/paxos/paxos.ts';
import { expectGolden } from '../../golden.ts';
import { defaultNetwork } from '../../../src/kernel/plan.ts';
import { Cluster } from '../cluster.ts';

test('a proposer adopts the vote of another, and a learner that heard no vote asks', () => {
  const roles = { p1: 'proposer', p2: 'proposer', a1: 'acceptor', a2: 'acceptor', a3: 'acceptor', l1: 'learner' };
  const nodes = Object.entries(roles).map(([id, role]) => ({ id, role, options: {} }));
  const network = { ...defaultNetwork, latency: [2_000, 2_000] as const };
  const cluster = new Cluster({ protocol: paxos, seed: 1, nodes, network });
  cluster.do('cut a1 a2 a3 -> l1');
  cluster.do('p1 propose {"value":"red"}');
  cluster.untilEvent('ValueProposed', 'p1');
  cluster.do('cut p1 -> a2 a3');
  cluster.untilEvent('Accepted', 'a1');
  cluster.do('crash p1');
  cluster.do('cut a3 -> p2');
  cluster.do('p2 propose {"value":"blue"}');
  cluster.untilReply('p2#1');
  cluster.do('l1 learn {}');
  cluster.untilReply('l1#1');
  expectGolden(import.meta.url, 'paxos-adopted', cluster.lines.join('\n'));
});
