/** Raft under random faults while servers are added and removed: its invariants hold. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { raft } from '../../../src/protocols/raft/raft.ts';
import { membershipFamily } from './families.ts';
import { ending, play } from './schedule.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => 1 + i * size);

test.each(parts)('Raft holds while its members change, seeds from %i on', { timeout: 300_000 }, async (from) => {
  await setImmediate();
  let changes = 0;
  for (let seed = from; seed < from + size; seed++) {
    const { cluster } = play(membershipFamily, raft, seed);
    const why = cluster.violations[0]?.why ?? cluster.failures[0];
    if (why !== undefined) expect.fail(`${why}\n${ending(membershipFamily, raft, seed)}`);
    const servers = cluster.servers().map(({ state }) => state);
    const longest = servers.reduce((a, b) => (b.commitIndex > a.commitIndex ? b : a));
    const committed = longest.log.slice(0, longest.commitIndex);
    changes += committed.filter(({ command }) => (command.op as string) === 'configuration').length;
  }
  // Some changes are committed in spite of the faults.
  expect(changes / size).toBeGreaterThan(0.5);
});
