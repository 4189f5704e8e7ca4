/** `lockstep worker --queue URL`: does the jobs of sweeps that other machines have begun. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { readFor, readWorkers, refuse, type Values } from '../options.ts';
import type { SeedsThread } from '../seeds/seeds-thread.ts';
import type { Terminal } from '../terminal.ts';
import type { QueuePlace } from './job-queue.ts';
import { type Head, lockMs, type QueueJob, queueName, stalledMost } from './jobs.ts';
import { openPlace } from './open.ts';
import { endPresence, presenceMs, sayPresence, shownUrl } from './redis.ts';
import { fromWire, toWire } from './wire.ts';

export async function worker(
  files: string[],
  values: Values,
  terminal: Terminal,
): Promise<number> {
  if (files.length > 0) return refuse('worker takes no files: jobs bring them', terminal);
  if (values.queue === undefined) return refuse('worker needs --queue redis://…', terminal);
  const { threads } = terminal;
  if (threads === undefined) return refuse('there are no threads here', terminal);
  const count = readWorkers(values, terminal);
  if ('problem' in count) return refuse(count.problem, terminal);
  const time = readFor(values);
  if ('problem' in time) return refuse(time.problem, terminal);
  const place = await openPlace(values, terminal);
  if ('problem' in place) return refuse(place.problem, terminal);
  const { version, build, url } = place;
  await terminal.out(
    `lockstep worker ${version} (build ${build}): ${count.workers} threads take jobs from ` +
      `${shownUrl(url)}\nIt runs the protocol code that jobs contain: let only those write to ` +
      'this Redis whose code you would run.\n',
  );
  const msMost = time.lasts / 1_000;
  const done = await serve(place, new Threads(threads), count.workers, msMost, terminal);
  await terminal.out(`lockstep worker: ended after ${done} job${done === 1 ? '' : 's'}\n`);
  return 0;
}

/** Until the time is over, or a signal ends it: then jobs that have begun are still done. */
async function serve(
  { library: { bullmq }, redis, version, build }: QueuePlace,
  threads: Threads,
  count: number,
  msMost: number,
  terminal: Terminal,
): Promise<number> {
  const queue = queueName(version, build);
  const own = redis.duplicate();
  let done = 0;
  const jobs = new bullmq.Worker<string, string>(
    queue,
    async ({ data }) => {
      const result = await threads.run(fromWire(data) as QueueJob);
      done++;
      return toWire({ result });
    },
    {
      connection: own,
      concurrency: count,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: stalledMost,
    },
  );
  let lastError = '';
  jobs.on('error', ({ message }) => {
    // While Redis is away, the same error comes again and again.
    if (message !== lastError) void terminal.error(`lockstep worker: ${message}\n`);
    lastError = message;
  });
  const id = randomUUID();
  const presence = { queue, version, build, host: hostname(), threads: count };
  const say = () => void sayPresence(redis, id, presence).catch(() => {});
  say();
  const saying = setInterval(say, presenceMs);
  await ending(msMost);
  clearInterval(saying);
  await endPresence(redis, id).catch(() => {});
  await jobs.close();
  threads.end();
  for (const one of [own, redis]) one.disconnect();
  return done;
}

function ending(msMost: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = msMost === Infinity ? undefined : setTimeout(end, Math.min(msMost, 2 ** 31 - 1));
    function end(): void {
      clearTimeout(timer);
      // A second signal ends the process at once; its jobs are then done by others.
      process.off('SIGINT', end).off('SIGTERM', end);
      resolve();
    }
    process.once('SIGINT', end).once('SIGTERM', end);
  });
}

type Thread = SeedsThread<unknown, unknown>;

/** Threads that have loaded a scenario are kept for the next job on it. */
class Threads {
  private readonly idle: { readonly about: string; readonly thread: Thread }[] = [];

  constructor(private readonly from: NonNullable<Terminal['threads']>) {}

  async run({ head, range }: QueueJob): Promise<unknown> {
    const about = toWire(head);
    const thread = this.take(about, head);
    try {
      const result = await thread.run(range);
      this.idle.push({ about, thread });
      return result;
    } catch (error) {
      thread.end();
      throw error;
    }
  }

  end(): void {
    for (const { thread } of this.idle.splice(0)) thread.end();
  }

  private take(about: string, head: Head): Thread {
    const same = this.idle.findIndex((one) => one.about === about);
    if (same >= 0) return this.idle.splice(same, 1)[0].thread;
    // As many threads as jobs at a time: one that is about something else makes room.
    this.idle.shift()?.thread.end();
    if ('search' in head) return this.from.search(head) as Thread;
    return ('walk' in head ? this.from.walk(head) : this.from.start(head)) as Thread;
  }
}
