/** The modes of `lockstep explore --mode`: one table, with one entry for each. */
import { type Strategy as Search, strategies } from './search/explore.ts';
import type { Strategy } from './walks/strategies.ts';
import { strategiesDefault } from './walks/walks.ts';

export type Mode =
  /** Both: a short search, walks of all strategies, and then the whole search. */
  | { readonly about: string; readonly both: readonly Strategy[] }
  /** A search visits every state, so it can prove that a promise holds. */
  | { readonly about: string; readonly run: Search }
  /** A walk chooses one run for each seed, so it can only find a violation. */
  | { readonly about: string; readonly walk: Strategy };

export const modes: Readonly<Record<string, Mode>> = {
  auto: {
    about: 'a short search, then walks of all kinds, then the whole search',
    both: strategiesDefault,
  },
  ...strategies,
  random: {
    about: 'a run for each seed, which takes anything that is possible',
    walk: { type: 'random' },
  },
  pct: {
    about: 'a run for each seed, with random priorities that change twice (bugs of depth 3)',
    walk: { type: 'pct', depth: 3 },
  },
  delay: {
    about: 'a run for each seed, in the order of sending, except for two to eight delays',
    walk: { type: 'delay', delays: 2 },
  },
};

/** The names of the modes that search, of those that walk, or of those that do both. */
export function modeNames(kind: 'run' | 'walk' | 'both'): string[] {
  return Object.keys(modes).filter((name) => kind in modes[name]);
}
