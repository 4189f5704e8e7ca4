/** Searches a problem as tuples if that applies, and as worlds if it does not. */
import { drawsLosses } from '../../fingerprint/parts.ts';
import { symmetryOf } from '../../symmetry/alike.ts';
import { ToldApart } from '../../symmetry/symmetric.ts';
import type { Exploration, Reduction, Symmetry } from '../../verdict.ts';
import type { Problem } from '../problem.ts';
import { exploreWorlds } from '../worlds.ts';
import { isObserver } from './control.ts';
import { NotLocal } from './local.ts';
import { isOfTuples as isScenarioOfTuples } from './script.ts';
import { type Learned, Reclassified } from './state-checks.ts';
import { type Order, TupleSearch } from './tuples.ts';

export function exploreBreadthFirst(problem: Problem): Exploration {
  return explore(problem, 'bfs');
}

export function exploreDepthFirst(problem: Problem): Exploration {
  return explore(problem, 'dfs');
}

function explore(problem: Problem, order: Order): Exploration {
  const explored = exploreTuples(problem, order);
  if (explored === undefined) return exploreWorlds(problem, order);
  const reduction: Reduction = { none: { code: problem.reduces === false ? 'off' : 'look-ups' } };
  return { ...explored, reduction };
}

/**
 * Undefined if the problem is not one of tuples. It takes each step of a node once, whatever the
 * rest of the world does: a `watch` that must see all steps needs the worlds.
 */
export function exploreTuples(problem: Problem, order: Order = 'bfs'): Exploration | undefined {
  if (problem.setting.watch !== undefined || !isOfTuples(problem)) return undefined;
  const symmetry = symmetryOf(problem);
  const searched = searchTuples(problem, order, symmetry);
  if (searched === undefined || symmetry === undefined) return searched?.explored;
  return { ...searched.explored, symmetry: searched.symmetry };
}

/** The search with its verdict. Undefined if it turns out that the problem is not one of tuples. */
export function searchTuples(
  problem: Problem,
  order: Order = 'bfs',
  symmetry?: Symmetry,
): Searched | undefined {
  // What an invariant reads is known once it has read it: then the search begins again.
  const learned: Learned = { readingSteps: new Set(), wholeMemories: new Set() };
  let found = symmetry;
  for (;;) {
    try {
      const alike = found !== undefined && 'alike' in found ? found.alike : undefined;
      const search = new TupleSearch(problem, learned, order, alike);
      return { search, explored: search.run(), symmetry: found };
    } catch (error) {
      if (error instanceof NotLocal) return undefined;
      if (error instanceof ToldApart) {
        found = { none: error.why };
        continue;
      }
      if (!(error instanceof Reclassified)) throw error;
    }
  }
}

interface Searched {
  readonly search: TupleSearch;
  readonly explored: Exploration;
  /** Whether nodes turned out to be alike that are declared so. */
  readonly symmetry: Symmetry | undefined;
}

/** Whether a problem can be searched in this way, as far as it is known beforehand. */
export function isOfTuples({ world, setting, targets, effects }: Problem): boolean {
  const { nodes, network, plan, queue, monitors } = world;
  const { scenario } = setting;
  return (
    setting.time === 'untimed' && targets.leadsTo === undefined &&
    (scenario === undefined || isScenarioOfTuples(scenario)) &&
    !plan.hasConnections && !network.isCut && !drawsLosses(network) &&
    queue.items.every(({ type }) => type !== 'postponed') &&
    nodes.every(({ paused, fsync, held }) => {
      const isQuick = fsync.slow === 0 && fsync.stalledUntil === 0 && fsync.writes.length === 0;
      return !paused && held.length === 0 && isQuick;
    }) &&
    monitors.every(isObserver) &&
    (effects === undefined ||
      (effects.violations.length === 0 && effects.failure === null && !effects.readsClock))
  );
}
