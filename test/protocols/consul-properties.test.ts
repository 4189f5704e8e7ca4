/** Consul under random faults: its invariants and Raft's hold, and it serves again after them. */
import { expect, test } from 'vitest';
import { consulLock } from '../../src/protocols/consul/consul-lock.ts';
import type { ServerState } from '../../src/protocols/consul/state.ts';
import type { Cluster } from './cluster.ts';
import { consulStorm, recover } from './consul-storm.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const first = Number(process.env.LOCKSTEP_FIRST_SEED ?? 1);

const steps = 600;

test('the invariants hold under random faults, and the cluster serves again after them', () => {
  let applied = 0;
  for (let seed = first; seed < first + seeds; seed++) {
    const cluster = consulStorm(consulLock, seed, steps);
    const problem = () => cluster.violations[0]?.why ?? cluster.failures[0];
    expect(problem(), `seed ${seed}`).toBeUndefined();
    applied += Math.max(...serversOf(cluster).map(({ state }) => state.lastApplied));
    // A recovery takes longer than the faults: it is tried for some seeds.
    if (seed % 20 > 0) continue;
    recover(cluster);
    cluster.do('ops write {"key":"after","value":"faults"}');
    cluster.run('15s');
    expect(problem(), `seed ${seed}`).toBeUndefined();
    for (const { id, state } of serversOf(cluster)) {
      expect(state.keys.after?.value, `${id}, seed ${seed}`).toBe('faults');
    }
  }
  // The faults are heavy, but not so heavy that nothing happens.
  expect(applied / seeds).toBeGreaterThan(8);
});

function serversOf({ world }: Cluster): { id: string; state: ServerState }[] {
  return world.nodes
    .filter(({ role }) => role === 'server')
    .map(({ id, state }) => ({ id, state: state as unknown as ServerState }));
}
