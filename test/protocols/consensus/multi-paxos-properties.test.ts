/** Multi-Paxos under random faults: its invariants hold, and it recovers when the faults end. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { multiPaxos } from '../../../src/protocols/multi-paxos/multi-paxos.ts';
import type { ReplicaState } from '../../../src/protocols/multi-paxos/state.ts';
import type { Cluster } from '../cluster.ts';
import { multiPaxosFamily } from './families.ts';
import { ending, play } from './schedule.ts';
import { endFaults } from '../faults.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => 1 + i * size);

function states({ world }: Cluster): ReplicaState[] {
  const replicas = world.nodes.filter(({ role }) => role === 'replica');
  return replicas.map(({ state }) => state as unknown as ReplicaState);
}

/** A sentence that says what is wrong; undefined if nothing is. */
function whyWrong(seed: number, reached: { slots: number; ballots: number }): string | undefined {
  const { cluster } = play(multiPaxosFamily, multiPaxos, seed);
  const problem = () => cluster.violations[0]?.why ?? cluster.failures[0];
  if (problem()) return problem();
  reached.slots += Math.max(...states(cluster).map(({ applied }) => applied));
  reached.ballots += Math.max(...states(cluster).map(({ number }) => number));
  endFaults(cluster);
  cluster.run('1s');
  cluster.do('c1 put {"key":"z","value":"recovered"}');
  for (let i = 0; i < 10 && !isRecovered(cluster); i++) cluster.run('500ms');
  if (problem()) return problem();
  return isRecovered(cluster) ? undefined : 'not all replicas executed the write after the faults';
}

function isRecovered(cluster: Cluster): boolean {
  const [first] = states(cluster).map(({ kv }) => JSON.stringify(Object.entries(kv).sort()));
  return states(cluster).every(
    ({ kv }) => kv.z === 'recovered' && JSON.stringify(Object.entries(kv).sort()) === first,
  );
}

test.each(parts)('Multi-Paxos holds under random faults, seeds from %i on', { timeout: 300_000 }, async (from) => {
  await setImmediate();
  const reached = { slots: 0, ballots: 0 };
  for (let seed = from; seed < from + size; seed++) {
    const why = whyWrong(seed, reached);
    if (why !== undefined) expect.fail(`${why}\n${ending(multiPaxosFamily, multiPaxos, seed)}`);
  }
  // The faults are heavy, but not so heavy that nothing happens.
  expect(reached.slots / size).toBeGreaterThan(2);
  expect(reached.ballots / size).toBeGreaterThan(2);
});
