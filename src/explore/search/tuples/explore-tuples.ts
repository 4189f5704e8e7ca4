/** Searches a problem as tuples if that applies, and as worlds if it does not. */
import type { InvariantMonitor } from '../../../check/invariants.ts';
import type { Exploration, Reduction } from '../../verdict.ts';
import { symmetryOf } from '../../symmetry/alike.ts';
import type { Problem } from '../problem.ts';
import { exploreWorlds } from '../worlds.ts';
import { NotLocal } from './local.ts';
import { Reclassified } from './state-checks.ts';
import { isOfTuples, TupleSearch } from './tuples.ts';

export function exploreBreadthFirst(problem: Problem): Exploration {
  const symmetry = symmetryOf(problem);
  // States of which many are one are fewer to visit, though each takes longer.
  if (symmetry !== undefined && 'alike' in symmetry) return exploreWorlds(problem, 'bfs');
  const explored = exploreTuples(problem);
  if (explored === undefined) return exploreWorlds(problem, 'bfs');
  const reduction: Reduction = { none: { code: problem.reduces === false ? 'off' : 'look-ups' } };
  return { ...explored, ...(symmetry && { symmetry }), reduction };
}

/**
 * Undefined if the problem is not one of tuples. It takes each step of a node once, whatever the
 * rest of the world does: who watches all steps needs the worlds.
 */
export function exploreTuples(problem: Problem): Exploration | undefined {
  if (problem.setting.watch !== undefined || !isOfTuples(problem)) return undefined;
  return searchTuples(problem)?.explored;
}

/** The search with its verdict. Undefined if it turns out that the problem is not one of tuples. */
export function searchTuples(
  problem: Problem,
): { readonly search: TupleSearch; readonly explored: Exploration } | undefined {
  // What an invariant reads is known once it has read it: then the search begins again.
  const readingSteps = new Set<InvariantMonitor>();
  for (;;) {
    try {
      const search = new TupleSearch(problem, readingSteps);
      return { search, explored: search.run() };
    } catch (error) {
      if (error instanceof NotLocal) return undefined;
      if (!(error instanceof Reclassified)) throw error;
    }
  }
}
