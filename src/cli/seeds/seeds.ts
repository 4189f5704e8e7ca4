/** `lockstep run FILE… --seeds A..B`: many runs in one process, in several threads. */
import type { Scenario } from '../../scenario/scenario.ts';
import { parseDuration } from '../../kernel/text/duration.ts';
import { writeFile } from '../files.ts';
import { type Loaded, loadToRun } from '../load.ts';
import { readSeeds, readWorkers, refuse, type Values } from '../options.ts';
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
  const all: Totals[] = [];
  let isInputWrong = false;
  const end = Date.now() + plan.msMost;
  for (const file of files) {
    const loaded = await loadToRun(file, terminal, values, {});
    if (loaded === undefined) {
      isInputWrong = true;
      continue;
    }
    const totals = await sweepOne(file, loaded, { plan, end, values, terminal });
    all.push(totals);
    const text = values.json === true ? `${JSON.stringify(totals)}\n` : sweepText(totals);
    await terminal.out(text);
  }
  if (typeof values.junit === 'string') {
    if (!(await writeFile(values.junit, () => junitText(all), terminal))) return 2;
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
  const threads = readWorkers(values, terminal);
  if ('problem' in threads) return threads;
  const most = values.for === undefined ? Infinity : parseDuration(String(values.for));
  if (most === undefined || most <= 0) {
    return { problem: `--for must be a duration such as 30s, not \`${values.for}\`` };
  }
  return { ...seeds, ...threads, msMost: most / 1_000 };
}

interface Around {
  readonly plan: Plan;
  readonly end: number;
  readonly values: Values;
  readonly terminal: Terminal;
}

/** The threads take the next seeds as they are done with others. */
async function sweepOne(
  file: string,
  { scenario, code }: Loaded & { readonly scenario: Scenario },
  { plan, end, values, terminal }: Around,
): Promise<Totals> {
  const { first, last, workers } = plan;
  const chunks: ChunkResult[] = [];
  const size = Math.max(1, Math.min(chunkMost, Math.ceil((last - first + 1) / (workers * 4))));
  let next = first;
  const job: SeedsJob = {
    file,
    ...(typeof values.root === 'string' && { root: values.root }),
    ...(typeof values.until === 'string' && { until: values.until }),
  };
  const here = threadHere({ scenario, isOwn: code !== undefined });
  const isAlone = workers === 1 || last - first < size;
  const start = (): SeedsThread => (isAlone ? here : (terminal.threads?.start(job) ?? here));
  const limit = end < Infinity ? { until: end } : {};
  const work = async (thread: SeedsThread) => {
    try {
      while (next <= last && Date.now() < end) {
        const from = next;
        next += size;
        const to = Math.min(last, from + size - 1);
        chunks.push(await thread.run({ first: from, last: to, ...limit }));
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
