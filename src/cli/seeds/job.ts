/** A job of seeds as a thread begins it: it loads the file itself. */
import { loadScenario } from '../load.ts';
import { withUntil } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { runSeeds, type Sweep } from './chunk.ts';
import type { SeedsJob, SeedsThread } from './seeds-thread.ts';

/** The scenario of a job that the main thread has loaded before. */
export function sweepOf({ file, root, until }: SeedsJob, terminal: Terminal): Sweep {
  const loaded = loadScenario(file, terminal, root === undefined ? {} : { root });
  if (loaded.scenario === undefined) throw new Error(loaded.problems.join('\n'));
  const ending = withUntil(loaded.scenario, until);
  if ('fault' in ending) throw new Error(ending.fault);
  return { scenario: ending.scenario, isOwn: loaded.code !== undefined };
}

/** Runs seeds here. */
export function threadHere(sweep: Sweep): SeedsThread {
  return {
    run: async ({ first, last }) => runSeeds(sweep, first, last),
    end() {},
  };
}
