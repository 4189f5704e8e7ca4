/** Walks in several threads. They find what one thread finds: the violation of the first seed. */
import { performance } from 'node:perf_hooks';
import type { WalkResult } from '../../explore/walks/walks.ts';
import type { WalkJob } from '../seeds/seeds-thread.ts';
import type { Terminal } from '../terminal.ts';
import type { WalkRequest } from './request.ts';

/** `isStopped`: the clock ended the walks before the last seed. */
export type Stoppable = WalkResult & { readonly isStopped: boolean };

/** Walks in this thread. */
export type Here = (
  options: WalkJob['walk'],
  seeds: readonly [number, number],
  isOver: () => boolean,
) => Promise<Stoppable>;

/** Many faults are found before a thread has started. */
const firstRuns = 100;

/** Few enough that a limit of time is kept, and many enough that a message does not matter. */
const chunkRuns = 50;

export async function inThreads(
  { seeds: [first, last], workers, isOver, ends }: WalkRequest,
  job: WalkJob,
  here: Here,
  terminal: Terminal,
): Promise<Stoppable> {
  const { threads } = terminal;
  const msLeft = ends - performance.now();
  const limit = msLeft < Infinity ? { until: Date.now() + msLeft } : {};
  if (threads === undefined || workers === 1) return here(job.walk, [first, last], isOver);
  const start = await here(job.walk, [first, Math.min(last, first + firstRuns - 1)], isOver);
  const chunks = new Map<number, WalkResult>([[first, start]]);
  let next = first + firstRuns;
  // After a violation, only chunks before it still matter; those have begun.
  let hasEnded = start.isStopped || isEnd(start);
  let isStopped = start.isStopped;
  const work = async () => {
    const thread = threads.walk(job);
    try {
      while (next <= last && !hasEnded) {
        if (isOver()) {
          isStopped = true;
          return;
        }
        const from = next;
        next += chunkRuns;
        const to = Math.min(last, from + chunkRuns - 1);
        const chunk = (await thread.run({ first: from, last: to, ...limit })) ??
          // This thread says why it takes too long.
          (await here(job.walk, [from, to], () => false));
        chunks.set(from, chunk);
        hasEnded ||= isEnd(chunk);
        await terminal.rest?.();
      }
    } catch (error) {
      hasEnded = true;
      throw error;
    } finally {
      thread.end();
    }
  };
  if (!hasEnded && next <= last) await Promise.all(Array.from({ length: workers }, work));
  // A chunk that the clock ended is incomplete.
  isStopped ||= !hasEnded && isOver();
  return { ...merged(chunks), isStopped };
}

function isEnd({ finding, clock }: WalkResult): boolean {
  return finding !== undefined || clock !== undefined;
}

/** As one thread would count: all chunks up to the first one that ended the walks. */
function merged(chunks: ReadonlyMap<number, WalkResult>): WalkResult {
  const sorted = [...chunks].sort(([a], [b]) => a - b).map(([, chunk]) => chunk);
  const end = sorted.findIndex(isEnd);
  const counted = end < 0 ? sorted : sorted.slice(0, end + 1);
  return counted.reduce((sum, { runs, steps, depth, cut, finding, clock }) => ({
    runs: sum.runs + runs,
    steps: sum.steps + steps,
    depth: Math.max(sum.depth, depth),
    cut: sum.cut + cut,
    finding,
    ...(clock && { clock }),
  }), { runs: 0, steps: 0, depth: 0, cut: 0, finding: undefined });
}
