/** Multi-Paxos under random faults: its invariants hold, and it recovers when the faults end. */
import { describe } from 'vitest';
import { multiPaxos } from '../../../src/protocols/multi-paxos/multi-paxos.ts';
import type { ReplicaState } from '../../../src/protocols/multi-paxos/state.ts';
import type { Cluster } from '../cluster.ts';
import { multiPaxosFamily } from './families.ts';
import { holdsUnderFaults, type Reached } from './harness.ts';
import { endFaults } from '../faults.ts';

function states({ world }: Cluster): ReplicaState[] {
  const replicas = world.nodes.filter(({ role }) => role === 'replica');
  return replicas.map(({ state }) => state as unknown as ReplicaState);
}

function isRecovered(cluster: Cluster): boolean {
  const [first] = states(cluster).map(({ kv }) => JSON.stringify(Object.entries(kv).sort()));
  return states(cluster).every(
    ({ kv }) => kv.z === 'recovered' && JSON.stringify(Object.entries(kv).sort()) === first,
  );
}

// The faults are heavy, but not so heavy that nothing happens.
const slots: Reached = {
  of: ({ cluster }) => Math.max(...states(cluster).map(({ applied }) => applied)), atLeast: 2,
};
const ballots: Reached = {
  of: ({ cluster }) => Math.max(...states(cluster).map(({ number }) => number)), atLeast: 2,
};

describe('Multi-Paxos', () => {
  holdsUnderFaults(multiPaxosFamily, multiPaxos, [slots, ballots], ({ cluster }) => {
    endFaults(cluster);
    cluster.run('1s');
    cluster.do('c1 put {"key":"z","value":"recovered"}');
    for (let i = 0; i < 10 && !isRecovered(cluster); i++) cluster.run('500ms');
    return isRecovered(cluster) ? undefined : 'not all replicas executed the write after the faults';
  });
});
