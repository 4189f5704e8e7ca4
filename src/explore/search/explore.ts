/** Searches a scenario for a violation, with the strategy that a mode names. */
import type { Action } from '../../kernel/action.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Setting } from '../choices.ts';
import { learnsTime } from '../timeless.ts';
import type { Exploration, Walked } from '../verdict.ts';
import { problemOf } from './of-scenario.ts';
import type { Problem } from './problem.ts';
import { exploreBreadthFirst, exploreDepthFirst } from './tuples/explore-tuples.ts';

export type Strategy = (problem: Problem) => Exploration;

/** One entry for each mode of `lockstep explore --mode`. */
export const strategies: Readonly<Record<string, { about: string; run: Strategy }>> = {
  bfs: {
    about: 'every state, nearest first: a violation has a shortest run',
    run: exploreBreadthFirst,
  },
  dfs: {
    about: 'every state, along one run as far as it goes: needs less memory',
    run: exploreDepthFirst,
  },
};

/** What a caller chooses, beside the scenario. */
export interface Request extends Pick<Problem, 'limits' | 'targets' | 'meter' | 'reduces'> {
  readonly mode: string;
  readonly setting: Omit<Setting, 'scenario'>;
}

/** The verdict on a scenario. Its trace leads from the scenario's start to the violation. */
export function exploreScenario(scenario: Scenario, request: Request): Exploration {
  for (;;) {
    const explored = exploreOnce(scenario, request);
    if (!readsTimeIn(explored, scenario)) return explored;
  }
}

function exploreOnce(scenario: Scenario, { mode, setting, ...rest }: Request): Exploration {
  const explored = strategies[mode].run(problemOf(scenario, setting, rest));
  if (!readsHistory(explored)) return explored;
  // The history of each run differs, so that it is part of a state only if something reads it.
  return strategies[mode].run(problemOf(scenario, setting, rest, true));
}

/** Whether a search must begin again without the promise that it found broken. */
export function readsTimeIn(
  explored: Exploration | Walked,
  scenario: Scenario,
  before: readonly Action[] = [],
): boolean {
  if (explored.type !== 'violated' || explored.time === 'timed') return false;
  const { subject, trace } = explored;
  return learnsTime(scenario, scenario.setup, [...before, ...trace.actions], subject);
}

/** Whether a search must begin again, with the history as a part of each state. */
export function readsHistory(explored: Exploration): boolean {
  if (explored.type !== 'violated' || explored.reason.code !== 'author-code-failed') return false;
  return explored.reason.lacksHistory === true;
}
