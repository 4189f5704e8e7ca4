/** A job of seeds as a thread begins it: it loads the file itself. */
import type { Part } from '../../explore/search/parts/part.ts';
import { expandInTime, expanderOf } from '../queue/expand.ts';
import type { Head } from '../queue/jobs.ts';
import { scenarioOf } from '../queue/sources.ts';
import { loadScenario } from '../load.ts';
import { withUntil } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { runSeeds, type Sweep, walkSeeds } from './chunk.ts';
import type { SeedsRange, SeedsThread } from './seeds-thread.ts';

/** The scenario of a job that the main thread has loaded before. */
export function sweepOf(job: Head, terminal: Terminal): Sweep {
  const { scenario, isOwn } = loaded(job, terminal);
  const ending = withUntil(scenario, 'until' in job ? job.until : undefined);
  if ('fault' in ending) throw new Error(ending.fault);
  return { scenario: ending.scenario, isOwn };
}

function loaded({ file, root, sources }: Head, terminal: Terminal): Sweep {
  if (sources !== undefined) return scenarioOf(sources);
  const { scenario, problems, code } = loadScenario(file, terminal, root ? { root } : {});
  if (scenario === undefined) throw new Error(problems.join('\n'));
  return { scenario, isOwn: code !== undefined };
}

/** What a thread does with each range of seeds, or with each part of a search. */
export function workOf(job: Head, terminal: Terminal): (range: SeedsRange | Part) => unknown {
  const sweep = sweepOf(job, terminal);
  if ('search' in job) {
    const expander = expanderOf(sweep, job, terminal);
    return (part) => expandInTime(expander, part as Part, sweep.isOwn);
  }
  const run = 'walk' in job
    ? (first: number, last: number) => walkSeeds(sweep, job.walk, first, last)
    : (first: number, last: number) => runSeeds(sweep, first, last);
  return (range) => {
    const { first, last } = range as SeedsRange;
    return run(first, last);
  };
}

/** Runs seeds here. */
export function threadHere(sweep: Sweep): SeedsThread {
  return {
    run: async ({ first, last }) => runSeeds(sweep, first, last),
    end() {},
  };
}
