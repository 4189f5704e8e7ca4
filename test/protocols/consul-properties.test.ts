/** Consul under random faults: its invariants and Raft's hold, and it serves again after them. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { consulLock } from '../../src/protocols/consul/consul-lock.ts';
import type { ServerState } from '../../src/protocols/consul/state.ts';
import type { Cluster } from './cluster.ts';
import { consulStorm, recover } from './consul-storm.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const first = Number(process.env.LOCKSTEP_FIRST_SEED ?? 1);

const steps = 600;

// In parts, so that a long run shows its progress.
const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => first + i * size);

const limit = { timeout: 300_000 };

test.each(parts)('Consul holds under random faults, seeds from %i on', limit, async (from) => {
  let applied = 0;
  const count = Math.min(size, first + seeds - from);
  for (let seed = from; seed < from + count; seed++) {
    // The runner receives messages from its worker only between the schedules.
    if (seed % 20 === 0) await setImmediate();
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
  expect(applied / count).toBeGreaterThan(8);
});

function serversOf({ world }: Cluster): { id: string; state: ServerState }[] {
  return world.nodes
    .filter(({ role }) => role === 'server')
    .map(({ id, state }) => ({ id, state: state as unknown as ServerState }));
}
