/** Paxos under random faults: its invariants hold, and without faults a value is chosen. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { paxos } from '../../../src/protocols/paxos/paxos.ts';
import { paxosFamily } from './families.ts';
import { ending, play } from './schedule.ts';
import { endFaults } from '../faults.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => 1 + i * size);

/** A sentence that says what is wrong; undefined if nothing is. */
function whyWrong(seed: number, chosen: { count: number }): string | undefined {
  const { cluster } = play(paxosFamily, paxos, seed);
  const problem = () => cluster.violations[0]?.why ?? cluster.failures[0];
  if (problem()) return problem();
  endFaults(cluster);
  cluster.do('p1 propose {"value":"late"}');
  cluster.do('l1 learn {}');
  cluster.run('3s');
  if (problem()) return problem();
  const value = (id: string) => (cluster.world.node(id)!.state as { chosen: unknown }).chosen;
  if (value('p1') === null || value('l1') !== value('p1')) {
    return `p1 learned ${String(value('p1'))}, and l1 ${String(value('l1'))}`;
  }
  if (value('p1') !== 'late') chosen.count++;
  return undefined;
}

test.each(parts)('Paxos holds under random faults, seeds from %i on', { timeout: 300_000 }, async (from) => {
  await setImmediate();
  const chosen = { count: 0 };
  for (let seed = from; seed < from + size; seed++) {
    const why = whyWrong(seed, chosen);
    if (why !== undefined) expect.fail(`${why}\n${ending(paxosFamily, paxos, seed)}`);
  }
  // The faults are heavy, but not so heavy that nothing is chosen while they last.
  expect(chosen.count).toBeGreaterThan(size / 2);
});
