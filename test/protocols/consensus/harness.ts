/** What the tests with random schedules of any protocol share. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { defaultNetwork, type NodeSetup } from '../../../src/kernel/plan.ts';
import type { Protocol } from '../../../src/protocol/types.ts';
import { Cluster } from '../cluster.ts';
import { ending, type Family, type Played, play } from './schedule.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const size = 200;

/** What schedules do before `after`: more than so much of it on average, or too little happens. */
export interface Reached {
  of(played: Played): number;
  atLeast: number;
}

/** Random schedules of a protocol that keeps its invariants; `after` says what is wrong later. */
export function holdsUnderFaults(
  family: Family,
  protocol: Protocol,
  reached: readonly Reached[],
  after?: (played: Played) => string | undefined,
): void {
  const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => 1 + i * size);
  test.each(parts)('it holds under random faults, seeds from %i on', { timeout: 300_000 }, (from) =>
    playsWithoutProblem(family, protocol, { from, count: size }, reached, after));
}

/** Plays the schedules of some seeds, and fails at the first problem. */
export async function playsWithoutProblem(
  family: Family,
  protocol: Protocol,
  { from = 1, count }: { readonly from?: number; readonly count: number },
  reached: readonly Reached[],
  after?: (played: Played) => string | undefined,
): Promise<void> {
  await setImmediate();
  const sums = reached.map(() => 0);
  for (let seed = from; seed < from + count; seed++) {
    const played = play(family, protocol, seed);
    const problem = () => played.cluster.violations[0]?.why ?? played.cluster.failures[0];
    for (const [i, one] of reached.entries()) sums[i]! += one.of(played);
    const later = problem() === undefined ? after?.(played) : undefined;
    const why = problem() ?? later;
    if (why !== undefined) expect.fail(`${why}\n${ending(family, protocol, seed)}`);
  }
  for (const [i, { atLeast }] of reached.entries()) expect(sums[i]! / count).toBeGreaterThan(atLeast);
}

/** The invariants that some of these schedules violate; none stops at the first. */
export function violatedBy(family: Family, protocol: Protocol, schedules = 10): string[] {
  const seen = new Set<string>();
  for (let seed = 1; seed <= schedules; seed++) {
    const { cluster } = play(family, protocol, seed, { violated: 'none' });
    for (const { monitor } of cluster.violations) seen.add(monitor);
  }
  return [...seen].sort();
}

/** A cluster whose messages take two milliseconds each. */
export function clusterOf(protocol: Protocol, setup: NodeSetup[]): Cluster {
  const network = { ...defaultNetwork, latency: [2_000, 2_000] as const };
  return new Cluster({ protocol, seed: 1, nodes: setup, network });
}
