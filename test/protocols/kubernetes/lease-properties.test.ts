/** The Kubernetes lease under random faults: its invariants hold, and afterwards one candidate leads. */
import { expect, test } from 'vitest';
import type { NodeSetup } from '../../../src/kernel/plan.ts';
import { defaultNetwork } from '../../../src/kernel/plan.ts';
import { kubernetesLease } from '../../../src/protocols/kubernetes/kubernetes-lease.ts';
import type { CandidateState } from '../../../src/protocols/kubernetes/state.ts';
import { Cluster } from '../cluster.ts';
import { holdsUnderFaults, type Reached } from '../consensus/harness.ts';
import { endFaults } from '../faults.ts';
import { Dice } from '../dice.ts';
import { leaseFamily } from './family.ts';

function leaders({ world }: Cluster): string[] {
  return world.nodes
    .filter(({ role, up, state }) => role === 'candidate' && up && (state as unknown as CandidateState).term !== null)
    .map(({ id }) => id);
}

const written: Reached = {
  of: ({ answers }) => [...answers.values()].filter((one) => one === 'OK').length, atLeast: 1,
};

holdsUnderFaults(leaseFamily, kubernetesLease, [written], ({ cluster }) => {
  endFaults(cluster);
  cluster.run('8s');
  const found = leaders(cluster);
  if (found.length !== 1) return `after the faults, ${found.join(' and ') || 'no candidate'} leads`;
  cluster.do(`${found[0]} write {"name":"x","value":"recovered"}`);
  cluster.run('1s');
  const { value } = cluster.world.node('db')!.state as { value?: unknown };
  return value === 'recovered' ? undefined : 'the leader cannot write after the faults';
});

/** Crashes, clocks that are set, and clocks that drift: no process pauses, and no answer is late. */
function calmEvents(seed: number): string[] {
  const dice = new Dice(seed);
  const options = {
    leaseDuration: 3_000_000, renewDeadline: 2_000_000, retryPeriod: 200_000, restartAfter: 100_000,
  };
  const nodes: NodeSetup[] = [
    { id: 'api', role: 'apiServer', options: {} },
    ...['A', 'B', 'C'].map((id) => ({ id, role: 'candidate', options })),
    { id: 'db', role: 'storage', options: {} },
  ];
  const network = { ...defaultNetwork, latency: [1_000, 5_000] as const };
  const cluster = new Cluster({ protocol: kubernetesLease, seed, nodes, network }, false);
  const names: string[] = [];
  for (const id of ['A', 'B', 'C']) cluster.do(`clock ${id} drift ${dice.one(['+12%', '-12%', '+0ppm'])}`);
  for (let taken = 0; taken < 250; taken++) {
    if (dice.chance(0.04)) {
      const node = dice.one(['A', 'B', 'C', 'api']);
      const { up } = cluster.world.node(node)!;
      if (dice.chance(0.5)) cluster.do(`clock ${node} jump ${dice.one(['+1h', '-1h', '+3s'])}`);
      else cluster.do(`${up ? 'crash' : 'restart'} ${node}`);
    }
    const next = cluster.world.next();
    if (next !== undefined) cluster.take(next);
    names.push(...cluster.effects.events.map(({ name }) => name));
  }
  expect(cluster.violations, `seed ${seed}`).toEqual([]);
  expect(names, `seed ${seed}`).not.toContain('TwoLeaders');
  return names;
}

test('crashes and clocks within the stated tolerance never make two leaders', () => {
  const names = Array.from({ length: 40 }, (_, i) => calmEvents(i + 1)).flat();
  expect(names.filter((name) => name === 'StartedLeading').length).toBeGreaterThan(45);
});
