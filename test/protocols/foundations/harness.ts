/** What the tests of the protocols of clocks and impossibility share. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { defaultNetwork, type NodeSetup } from '../../../src/kernel/plan.ts';
import type { Protocol } from '../../../src/protocol/types.ts';
import { Cluster } from '../cluster.ts';
import { ending, type Family, type Played, play } from '../consensus/schedule.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const size = 200;

/**
 * Random schedules of a protocol that keeps its invariants. `reached` counts what a schedule has
 * done, so that a schedule in which nothing happens is noticed; `after` says what is wrong later.
 */
export function holdsUnderFaults(
  family: Family,
  protocol: Protocol,
  reached: { of(played: Played): number; atLeast: number },
  after?: (played: Played) => string | undefined,
): void {
  const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => 1 + i * size);
  test.each(parts)('it holds under random faults, seeds from %i on', { timeout: 300_000 }, async (from) => {
    await setImmediate();
    let sum = 0;
    for (let seed = from; seed < from + size; seed++) {
      const played = play(family, protocol, seed);
      const problem = () => played.cluster.violations[0]?.why ?? played.cluster.failures[0];
      sum += reached.of(played);
      const why = problem() ?? after?.(played) ?? problem();
      if (why !== undefined) expect.fail(`${why}\n${ending(family, protocol, seed)}`);
    }
    expect(sum / size).toBeGreaterThan(reached.atLeast);
  });
}

/** The invariants that some of ten schedules violate; none stops at the first. */
export function violatedBy(family: Family, protocol: Protocol): string[] {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 10; seed++) {
    const { cluster } = play(family, protocol, seed, { violated: 'none' });
    for (const { monitor } of cluster.violations) seen.add(monitor);
  }
  return [...seen].sort();
}

/** The same family, in which all nodes of a role have these options, too. */
export function withOptions(family: Family, role: string, options: object): Family {
  return {
    ...family,
    nodes: (dice) => family.nodes(dice).map((one) =>
      one.role === role ? { ...one, options: { ...one.options, ...options } } : one,
    ),
  };
}

/** Nodes of one role with the same options. */
export function nodes(role: string, names: readonly string[], options = {}): NodeSetup[] {
  return names.map((id) => ({ id, role, options: { ...options } }));
}

/** A cluster whose messages take two milliseconds each. */
export function clusterOf(protocol: Protocol, setup: NodeSetup[]): Cluster {
  const network = { ...defaultNetwork, latency: [2_000, 2_000] as const };
  return new Cluster({ protocol, seed: 1, nodes: setup, network });
}
