/** Whether a search that leaves out choices finds what one finds that takes all of them. */
import { brokenIn, type Problem } from '../../../src/explore/search/problem.ts';
import {
  type Forgotten, nothingForgotten,
} from '../../../src/explore/search/reduction/footprint.ts';
import { exploreWorlds, type Order } from '../../../src/explore/search/worlds.ts';
import type { Exploration } from '../../../src/explore/verdict.ts';
import type { Action } from '../../../src/kernel/action.ts';
import { Effects } from '../../../src/kernel/effects.ts';
import { step } from '../../../src/kernel/step.ts';

export interface Compared {
  readonly full: Exploration;
  readonly reduced: Exploration;
  /** What differs; undefined if nothing does. */
  readonly difference: string | undefined;
}

export function compared(
  make: () => Problem,
  order: Order,
  forgotten: Forgotten = nothingForgotten,
): Compared {
  const full = exploreWorlds({ ...make(), reduces: false }, order);
  const problem = make();
  const reduced = exploreWorlds(problem, order, forgotten);
  return { full, reduced, difference: differenceOf(problem, full, reduced, order) };
}

/**
 * Each choice that is taken is one of the full search, so as many states are the same ones. Each
 * state has as many choices, if all that sleep are possible.
 */
function differenceOf(
  problem: Problem,
  full: Exploration,
  reduced: Exploration,
  order: Order,
): string | undefined {
  if (full.type !== reduced.type) return `${full.type} is ${reduced.type}`;
  if (full.type === 'violated' && reduced.type === 'violated') {
    if (!isRun(problem, reduced.trace.actions)) return 'the trace shows nothing';
    const [one, other] = [full, reduced].map(({ trace }) => trace.actions.length);
    return order === 'dfs' || one === other ? undefined : `after ${one} is after ${other}`;
  }
  const figures = ({ states, transitions, cut, depth }: Exploration) => {
    return JSON.stringify([states, transitions, [...cut].sort(), order === 'bfs' ? depth : 0]);
  };
  const [one, other] = [figures(full), figures(reduced)];
  return one === other ? undefined : `${one} is ${other}`;
}

/** Whether the actions are possible, and the last one breaks something, or what comes at an end. */
function isRun(problem: Problem, actions: readonly Action[]) {
  const world = problem.world.fork();
  const effects = new Effects();
  let broken = actions.length === 0 || problem.setting.scenario !== undefined;
  for (const action of actions) {
    if (!step(world, action, effects)) return false;
    broken ||= brokenIn(problem, world, action, effects) !== undefined;
  }
  return broken;
}

/** The part of its choices that a search left out; 0 if it took all. */
export function skippedPart({ transitions, reduction }: Exploration): number {
  return reduction !== undefined && 'skipped' in reduction ? reduction.skipped / transitions : 0;
}
