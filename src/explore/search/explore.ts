/** Searches a scenario for a violation, with the strategy that a mode names. */
import type { Exploration } from '../verdict.ts';
import type { Problem } from './problem.ts';
import { exploreWorlds } from './worlds.ts';

export type Strategy = (problem: Problem) => Exploration;

/** One entry for each mode of `lockstep explore --mode`. */
export const strategies: Readonly<Record<string, { about: string; run: Strategy }>> = {
  bfs: {
    about: 'every state, nearest first: a violation has a shortest run',
    run: (problem) => exploreWorlds(problem, 'bfs'),
  },
  dfs: {
    about: 'every state, along one run as far as it goes: needs less memory',
    run: (problem) => exploreWorlds(problem, 'dfs'),
  },
};
