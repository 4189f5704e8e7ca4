/** `lockstep run FILE… --seeds A..B`: many runs in one process, in several threads. */
import type { Scenario } from '../../scenario/scenario.ts';
import { writeFile } from '../files.ts';
import { type Loaded, loadToRun } from '../load.ts';
import {
  queueOrWorkers, readFor, readSeeds, readWorkers, refuse, type Values,
} from '../options.ts';
import type { JobQueue } from '../queue/job-queue.ts';
import { withQueue } from '../queue/open.ts';
import { sourcesOf } from '../queue/sources.ts';
import type { Terminal } from '../terminal.ts';
import { threadHere } from './job.ts';
import { junitText, sweepText } from './report.ts';
import type { ChunkResult, SeedsJob, SeedsThread } from './seeds-thread.ts';
import { exitCode, type Totals, totalsOf } from './totals.ts';

interface Plan {
  readonly first: number;
  readonly last: number;
  readonly workers: number;
  /** How long it may take, in milliseconds. */
  readonly msMost: number;
}

export async function sweep(files: string[], values: Values, terminal: Terminal): Promise<number> {
  const plan = readPlan(values, terminal);
  if ('problem' in plan) return refuse(plan.problem, terminal);
  const end = Date.now() + plan.msMost;
  const patience = { isOver: () => Date.now() >= end, hasEnd: plan.msMost < Infinity };
  return withQueue(values, terminal, patience, (queue) => {
    return sweepAll(files, { plan, end, values, terminal, ...(queue && { queue }) });
  });
}

async function sweepAll(files: string[], around: Around): Promise<number> {
  const { values, terminal } = around;
  const all: Totals[] = [];
  let isInputWrong = false;
  for (const file of files) {
    const loaded = await loadToRun(file, terminal, values, {});
    if (loaded === undefined) {
      isInputWrong = true;
      continue;
    }
    const totals = await sweepOne(file, loaded, around);
    all.push(totals);
    const text = values.json === true ? `${JSON.stringify(totals)}\n` : sweepText(totals);
    await terminal.out(text);
  }
  if (typeof values.junit === 'string') {
    if (!(await writeFile('junit', values.junit, () => junitText(all), terminal))) return 2;
  }
  if (isInputWrong) return 2;
  const codes = all.map(exitCode);
  return codes.includes(1) ? 1 : codes.includes(3) ? 3 : 0;
}

/** What cannot be combined with `--seeds`: it is about one run. */
const ofOneRun = ['seed', 'history', 'mermaid', 'clocks', 'check-determinism'];

function readPlan(values: Values, terminal: Terminal): Plan | { readonly problem: string } {
  const other = ofOneRun.find((name) => values[name] !== undefined);
  if (other !== undefined) return { problem: `choose one of --seeds and --${other}` };
  const seeds = readSeeds(values);
  if ('problem' in seeds) return seeds;
  const isBoth = values.queue !== undefined && values.workers !== undefined;
  if (isBoth) return { problem: queueOrWorkers };
  const threads = readWorkers(values, terminal);
  if ('problem' in threads) return threads;
  const time = readFor(values);
  if ('problem' in time) return time;
  return { ...seeds, ...threads, msMost: time.lasts / 1_000 };
}

interface Around {
  readonly plan: Plan;
  readonly end: number;
  readonly values: Values;
  readonly terminal: Terminal;
  /** Who else runs seeds. */
  readonly queue?: JobQueue;
}

/** The threads take the next seeds as they are done with others. */
async function sweepOne(
  file: string,
  loaded: Loaded & { readonly scenario: Scenario },
  { plan, end, values, terminal, queue }: Around,
): Promise<Totals> {
  const { scenario, code } = loaded;
  const { first, last } = plan;
  const workers = queue?.count ?? plan.workers;
  const chunks: ChunkResult[] = [];
  // The ranges of a queue do not depend on who takes them: the same sweep has the same jobs.
  const parts = queue === undefined ? workers * 4 : rangesInQueue;
  const size = Math.max(1, Math.min(chunkMost, Math.ceil((last - first + 1) / parts)));
  let next = first;
  const job: SeedsJob = {
    file,
    ...(queue && { sources: sourcesOf(file, loaded) }),
    ...(queue === undefined && typeof values.root === 'string' && { root: values.root }),
    ...(typeof values.until === 'string' && { until: values.until }),
  };
  const here = threadHere({ scenario, isOwn: code !== undefined });
  const isAlone = queue === undefined && (workers === 1 || last - first < size);
  const start = (): SeedsThread => {
    return isAlone ? here : ((queue ?? terminal.threads)?.start(job) ?? here);
  };
  // Not for a queue: its jobs have names that do not depend on the clock, and it has its patience.
  const limit = queue === undefined && end < Infinity ? { until: end } : {};
  const work = async (thread: SeedsThread) => {
    try {
      while (next <= last && Date.now() < end) {
        const from = next;
        next += size;
        const range = { first: from, last: Math.min(last, from + size - 1), ...limit };
        const found = await thread.run(range);
        if (found === 'over') return;
        chunks.push(found);
        await terminal.rest?.();
      }
    } finally {
      thread.end();
    }
  };
  await Promise.all(Array.from({ length: isAlone ? 1 : workers }, () => work(start())));
  return totalsOf({ file, first, last }, chunks);
}

/** Few enough that a limit of time is kept. */
const chunkMost = 50;
const rangesInQueue = 32;
