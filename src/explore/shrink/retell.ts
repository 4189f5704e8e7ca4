/** Finds a long violation again in runs with few delays, for a shorter story. */
import type { Scenario } from '../../scenario/scenario.ts';
import { promiseOf } from '../walks/broken.ts';
import { lengthAtFirst, walk, type WalkOptions } from '../walks/walks.ts';
import { shrink, type Shrunk } from './shrink.ts';

/** A story of so many actions is not told anew. */
export const shortActions = 12;

/** So many runs are tried for a shorter story. */
export const retoldRuns = 3_000;

/** The walks to find it again: only short runs have shorter stories than those of long ones. */
export function retelling<Options extends Pick<WalkOptions, 'length'>>(
  options: Options,
) {
  const { length = lengthAtFirst } = options;
  return {
    ...options,
    strategies: [{ type: 'delay', delays: 2 }] as const,
    stepsMost: 250,
    length: Math.min(length, 100),
  };
}

/** Faults count more than other actions. */
export function costOf({ actions }: Pick<Shrunk, 'actions'>): number {
  const faults = actions.filter(({ action: { type } }) => {
    return type !== 'deliver' && type !== 'invoke' && type !== 'fire';
  });
  return actions.length + 3 * faults.length;
}

/** The first shorter story, or the given one; for callers without a clock. */
export function retold(
  scenario: Scenario,
  first: Shrunk,
  options: Omit<WalkOptions, 'seeds' | 'slice'>,
  runs = retoldRuns,
): Shrunk {
  const promise = promiseOf(first.broken.subject);
  for (let seed = 1; seed <= runs && first.actions.length > shortActions;) {
    const { finding } = walk(scenario, { ...retelling(options), seeds: [seed, runs] });
    if (finding === undefined) return first;
    seed = finding.seed + 1;
    if (promiseOf(finding.broken.subject) !== promise) continue;
    const shrunk = shrink(scenario, finding);
    if (shrunk !== undefined && costOf(shrunk) < costOf(first)) return shrunk;
  }
  return first;
}
