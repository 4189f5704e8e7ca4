/** Walks in several threads. They find what one thread finds: the violation of the first seed. */
import { performance } from 'node:perf_hooks';
import type { WalkResult } from '../../explore/walks/walks.ts';
import type { SeedsThread, WalkChunk, WalkJob } from '../seeds/seeds-thread.ts';
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

/** The workers of a queue, and how many ranges of seeds they take at a time. */
export interface WalkQueue {
  readonly count: number;
  walk(job: WalkJob): SeedsThread<WalkChunk>;
}

/** Walks a range of seeds, here or elsewhere. */
type Chunks = (first: number, last: number) => Promise<WalkResult>;

/** Many faults are found before a thread has started. */
const firstRuns = 100;

/** Few enough that a limit of time is kept, and many enough that a message does not matter. */
const chunkRuns = 50;

/** So often it is checked whether the walks of a queue are over. */
const lookMs = 500;

export async function inThreads(
  { seeds: [first, last], workers, isOver, ends }: WalkRequest,
  job: WalkJob,
  here: Here,
  terminal: Terminal,
  queue?: WalkQueue,
): Promise<Stoppable> {
  if (queue !== undefined) return inQueue([first, last], isOver, job, here, queue);
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
  const work = async (walkOf: Chunks) => {
    while (next <= last && !hasEnded) {
      if (isOver()) {
        isStopped = true;
        return;
      }
      const from = next;
      next += chunkRuns;
      const chunk = await walkOf(from, Math.min(last, from + chunkRuns - 1));
      chunks.set(from, chunk);
      hasEnded ||= isEnd(chunk);
      await terminal.rest?.();
    }
  };
  const elsewhere = async () => {
    const thread = threads.walk(job);
    const walkOf: Chunks = async (from, to) => {
      const found = await thread.run({ first: from, last: to, ...limit });
      if (found !== 'over' && found !== undefined) return found;
      // This thread says why it takes too long.
      return here(job.walk, [from, to], () => false);
    };
    try {
      // The thread has the next chunk before its answer to the last one is read.
      await Promise.all([work(walkOf), work(walkOf)]);
    } catch (error) {
      hasEnded = true;
      throw error;
    } finally {
      thread.end();
    }
  };
  // This thread walks, too: its code is compiled already, and it would have nothing else to do.
  const ownChunks: Chunks = async (from, to) => {
    const chunk = await here(job.walk, [from, to], isOver);
    isStopped ||= chunk.isStopped;
    await new Promise((resolve) => void setImmediate(resolve));
    return chunk;
  };
  if (!hasEnded && next <= last) {
    const others = Array.from({ length: workers - 1 }, elsewhere);
    await Promise.all([...others, work(ownChunks)]);
  }
  // A chunk that the clock ended is incomplete.
  isStopped ||= !hasEnded && isOver();
  return { ...merged(chunks), isStopped };
}

/** The workers of a queue. They take the ranges in their order, and may end in any. */
async function inQueue(
  [first, last]: readonly [number, number],
  isOver: () => boolean,
  job: WalkJob,
  here: Here,
  queue: WalkQueue,
): Promise<Stoppable> {
  const chunks = new Map<number, WalkResult>();
  const running = new Map<number, SeedsThread<WalkChunk>>();
  let next = first;
  let end = Infinity;
  let isStopped = false;
  const work = async () => {
    const thread = queue.walk(job);
    while (next <= last && next < end && !isStopped) {
      if (isOver()) {
        isStopped = true;
        return;
      }
      const from = next;
      next += chunkRuns;
      const to = Math.min(last, from + chunkRuns - 1);
      running.set(from, thread);
      const found = await thread.run({ first: from, last: to });
      running.delete(from);
      if (found === 'over') {
        isStopped ||= from < end;
        return;
      }
      const chunk = found ?? (await here(job.walk, [from, to], () => false));
      chunks.set(from, chunk);
      if (!isEnd(chunk) || from > end) continue;
      end = from;
      for (const [start, other] of running) if (start > from) other.abandon?.();
    }
  };
  // The queue knows when the command must end; walks may have less time than that.
  const watching = setInterval(() => {
    if (isOver()) for (const thread of running.values()) thread.abandon?.();
  }, lookMs);
  try {
    await Promise.all(Array.from({ length: queue.count }, work));
  } finally {
    clearInterval(watching);
  }
  return { ...merged(chunks), isStopped: isStopped && end === Infinity };
}

function isEnd({ finding, clock }: WalkResult): boolean {
  return finding !== undefined || clock !== undefined;
}

/**
 * As one thread would count: all chunks up to the first one that ended the walks. If the time was
 * over before others were done, what comes after them counts only if it found something.
 */
function merged(chunks: ReadonlyMap<number, WalkResult>): WalkResult {
  const all = [...chunks].sort(([a], [b]) => a - b);
  const firstGap = all.findIndex(([from], i) => i > 0 && from > all[i - 1][0] + all[i - 1][1].runs);
  const hasEnd = all.some(([, chunk]) => isEnd(chunk));
  const whole = firstGap < 0 || hasEnd ? all : all.slice(0, firstGap);
  const sorted = whole.map(([, chunk]) => chunk);
  const end = sorted.findIndex(isEnd);
  const counted = end < 0 ? sorted : sorted.slice(0, end + 1);
  const unjudged = [...new Set(counted.flatMap((one) => one.unjudged ?? []))];
  return counted.reduce((sum, { runs, steps, depth, cut, finding, clock }) => ({
    runs: sum.runs + runs,
    steps: sum.steps + steps,
    depth: Math.max(sum.depth, depth),
    cut: sum.cut + cut,
    finding,
    ...(clock && { clock }),
    ...(unjudged.length > 0 && { unjudged }),
  }), { runs: 0, steps: 0, depth: 0, cut: 0, finding: undefined });
}
