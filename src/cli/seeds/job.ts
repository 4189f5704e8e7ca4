/** A job of seeds as a thread begins it: it loads the file itself. */
import type { Part } from '../../explore/search/parts/part.ts';
import { withReach } from '../../explore/walks/broken.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { expandInTime, expanderOf } from '../queue/expand.ts';
import type { Head } from '../queue/jobs.ts';
import { scenarioOf } from '../queue/sources.ts';
import { loadScenario } from '../load.ts';
import { withUntil } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { runSeeds, type Sweep, walkSeeds } from './chunk.ts';
import type { SeedsRange, SeedsThread, WalkJob } from './seeds-thread.ts';

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
  if ('walk' in job) {
    const { scenario, leadsTo } = targeted(sweep.scenario, job);
    const asked = { ...job.walk, ...(leadsTo && { leadsTo }) };
    return (range) => walkSeeds({ ...sweep, scenario }, asked, range as SeedsRange);
  }
  return (range) => runSeeds(sweep, range as SeedsRange);
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
