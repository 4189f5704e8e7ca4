/** What a thread needs to run seeds of a scenario: plain data, so that it loads the file itself. */
import { loadScenario } from '../load.ts';
import { withUntil } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import type { ChunkResult, Sweep } from './chunk.ts';
import { runSeeds } from './chunk.ts';

export interface SeedsJob {
  readonly file: string;
  readonly root?: string;
  readonly until?: string;
}

/** Seeds from the first to the last one. */
export interface SeedsRange {
  readonly first: number;
  readonly last: number;
}

/** Another thread that runs seeds. */
export interface SeedsThread {
  run(range: SeedsRange): Promise<ChunkResult>;
  end(): void;
}

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
