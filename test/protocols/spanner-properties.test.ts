/** Spanner under random faults: its invariants hold, operations end, and much has happened. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { calm, spannerStorm, stormSteps } from './spanner-storm.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const first = Number(process.env.LOCKSTEP_FIRST_SEED ?? 1);
/** After every so many schedules, the faults end, and what was begun must end, too. */
const calmEvery = 10;

interface Progress {
  commits: number;
  groups: number;
  leases: number;
}

/** A sentence that says what is wrong; empty if nothing is. */
function whyWrong(seed: number, progress: Progress): string {
  const cluster = spannerStorm(seed, stormSteps);
  const problem = () => cluster.violations[0]?.why ?? cluster.failures[0] ?? '';
  if (problem() === '' && seed % calmEvery === 0) calm(cluster);
  for (const { id, state } of cluster.world.nodes) {
    const { outcomes, promised } = state as { outcomes?: Record<string, number | null>; promised?: number };
    if (outcomes === undefined) continue;
    const committed = Object.values(outcomes).filter((one) => one !== null).length;
    if (id === 'a1') progress.commits += committed;
    if (id === 'b1') progress.groups += committed;
    progress.leases += Number(promised! > 0);
  }
  return problem() || (seed % calmEvery === 0 ? whyUnanswered(cluster.world.nodes) : '');
}

function whyUnanswered(nodes: readonly { id: string; role: string; state: object }[]): string {
  for (const { id, role, state } of nodes) {
    if (role !== 'client') continue;
    const { transactions, open, reads } = state as {
      transactions: Record<string, object>; open: string | null; reads: Record<string, object>;
    };
    const left = [...Object.keys(transactions).filter((one) => one !== open), ...Object.keys(reads)];
    if (left.length > 0) return `${id} still waits for ${left.join(', ')}`;
  }
  return '';
}

// In parts, so that a long run shows its progress.
const size = 100;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => first + i * size);

test.each(parts)('Spanner holds under random faults, seeds from %i on', { timeout: 300_000 }, async (from) => {
  // The runner receives messages from its worker only between the parts.
  await setImmediate();
  const count = Math.min(size, first + seeds - from);
  const progress: Progress = { commits: 0, groups: 0, leases: 0 };
  for (let seed = from; seed < from + count; seed++) {
    expect(whyWrong(seed, progress), `seed ${seed}`).toBe('');
    if (seed % 20 === 0) await setImmediate();
  }
  // The faults are heavy, but not so heavy that nothing happens.
  expect(progress.commits / count).toBeGreaterThan(3);
  expect(progress.groups / count).toBeGreaterThan(3);
  expect(progress.leases / count).toBeGreaterThan(3);
});
