/** A job of seeds as a thread begins it: it loads the file itself. */
import { withReach } from '../../explore/walks/broken.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { loadScenario } from '../load.ts';
import { withUntil } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { runSeeds, type Sweep, walkSeeds } from './chunk.ts';
import type { SeedsJob, SeedsRange, SeedsThread, WalkChunk, WalkJob } from './seeds-thread.ts';

/** The scenario of a job that the main thread has loaded before. */
export function sweepOf(job: SeedsJob | WalkJob, terminal: Terminal): Sweep {
  const { file, root } = job;
  const loaded = loadScenario(file, terminal, root === undefined ? {} : { root });
  if (loaded.scenario === undefined) throw new Error(loaded.problems.join('\n'));
  const ending = withUntil(loaded.scenario, 'until' in job ? job.until : undefined);
  if ('fault' in ending) throw new Error(ending.fault);
  return { scenario: ending.scenario, isOwn: loaded.code !== undefined };
}

/** What a thread does with each range of seeds. */
export function workOf(
  job: SeedsJob | WalkJob,
  terminal: Terminal,
): (range: SeedsRange) => ReturnType<typeof runSeeds> | WalkChunk {
  const sweep = sweepOf(job, terminal);
  if ('walk' in job) {
    const { scenario, leadsTo } = targeted(sweep.scenario, job);
    const asked = { ...job.walk, ...(leadsTo && { leadsTo }) };
    return (range) => walkSeeds({ ...sweep, scenario }, asked, range);
  }
  return (range) => runSeeds(sweep, range);
}

/** The conditions of a job, which the main thread has compiled before. */
function targeted(scenario: Scenario, { reach, leadsTo }: WalkJob) {
  const compiled = (text: string) => {
    const read = scenario.language.condition(text);
    if ('expression' in read) return read.expression;
    throw new Error(read.fault.message);
  };
  return {
    scenario: reach === undefined ? scenario : withReach(scenario, compiled(reach)),
    leadsTo: leadsTo && { ...leadsTo, condition: compiled(leadsTo.condition) },
  };
}

/** Runs seeds here. */
export function threadHere(sweep: Sweep): SeedsThread {
  return {
    run: async (range) => runSeeds(sweep, range),
    end() {},
  };
}
