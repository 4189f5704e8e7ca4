/** A breadth-first search whose levels are expanded by the workers of a queue. */
import { readsHistory, type Request } from '../../explore/search/explore.ts';
import { type Expanded, type Part, PartExpander } from '../../explore/search/parts/part.ts';
import {
  exploreInParts, type Level, type LevelResults,
} from '../../explore/search/parts/part-search.ts';
import { problemOf } from '../../explore/search/of-scenario.ts';
import { exploreTuples } from '../../explore/search/tuples/explore-tuples.ts';
import type { Exploration } from '../../explore/verdict.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { SearchJob } from '../seeds/seeds-thread.ts';
import type { Terminal } from '../terminal.ts';
import { expandInTime } from './expand.ts';
import type { JobQueue } from './job-queue.ts';

/** Levels with so few states are expanded here: a job would take longer. */
const statesHere = 200;

export interface QueuedSearch {
  readonly scenario: Scenario;
  readonly isOwn: boolean;
  readonly request: Request;
  readonly job: Omit<SearchJob, 'readsHistory'>;
}

export async function searchByQueue(
  searched: QueuedSearch,
  queue: JobQueue,
  terminal: Terminal,
): Promise<Exploration> {
  const explored = await searchOnce(searched, false, queue, terminal);
  return readsHistory(explored) ? searchOnce(searched, true, queue, terminal) : explored;
}

async function searchOnce(
  { scenario, isOwn, request: { setting, limits, targets, meter }, job }: QueuedSearch,
  withHistory: boolean,
  queue: JobQueue,
  terminal: Terminal,
): Promise<Exploration> {
  const make = () => {
    return problemOf(scenario, setting, { limits, targets, ...(meter && { meter }) }, withHistory);
  };
  // A look-up takes less time than it takes to tell a worker what to look up.
  const explored = exploreTuples(make());
  if (explored !== undefined) return explored;
  const search = exploreInParts(make());
  const here = new PartExpander(make());
  let next = search.next();
  while (!next.done) {
    const level: Level = next.value;
    const results = level.states <= statesHere
      ? level.parts.map((part) => expandInTime(here, part, isOwn))
      : await expandLevel(level.parts, { ...job, readsHistory: withHistory }, queue);
    await terminal.rest?.();
    next = search.next(results);
  }
  return next.value;
}

async function expandLevel(
  parts: readonly Part[],
  job: SearchJob,
  queue: JobQueue,
): Promise<LevelResults> {
  const results: (readonly Expanded[] | undefined)[] = parts.map(() => undefined);
  let next = 0;
  const work = async () => {
    const thread = queue.search(job);
    while (next < parts.length) {
      const place = next++;
      const found = await thread.run(parts[place]);
      if (found === 'over') return;
      results[place] = found;
    }
  };
  await Promise.all(Array.from({ length: queue.count }, work));
  return results;
}
