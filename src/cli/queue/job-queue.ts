/** Gives jobs to the workers of a queue and gathers their results, each within a limit of time. */
import type { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Part } from '../../explore/search/parts/part.ts';
import type {
  ChunkResult, Over, SearchJob, SearchThread, SeedsJob, SeedsRange, SeedsThread, WalkChunk, WalkJob,
} from '../seeds/seeds-thread.ts';
import {
  type Head, jobId, jobText, keptMost, keptSeconds, queueName, stalledMost,
} from './jobs.ts';
import type { QueueLibrary } from './library.ts';
import { presentWorkers, shownUrl } from './redis.ts';
import { fromWire } from './wire.ts';

/** A sweep that cannot go on, and what to do. */
export class QueueProblem extends Error {}

export interface QueuePlace {
  readonly library: QueueLibrary;
  readonly redis: Redis;
  readonly url: string;
  readonly version: string;
  readonly build: string;
}

export interface Patience {
  /** Returns true when no more should be waited for. */
  readonly isOver: () => boolean;
  /** Whether it ever does. */
  readonly hasEnd: boolean;
  /** Tells the user what is waited for. */
  readonly say: (text: string) => void;
}

interface Waiting {
  readonly text: string;
  readonly settle: (result: unknown) => void;
  readonly fail: (error: Error) => void;
}

const tickMs = 500;
/** Events may be lost: so often all jobs are looked at, and the workers. */
const lookTicks = 4;
/** Without a limit of the user, so long a sweep waits for a worker, or for Redis. */
const noWorkerMsMost = 60_000;
const noAnswerMsMost = 30_000;
/** Events hold results: few of them are kept. */
const eventsMost = 200;

export class JobQueue {
  /** So many jobs are in the queue at a time. */
  readonly count = 128;
  private readonly queue: Queue;
  /** A connection that waits for events does nothing else. */
  private readonly own: Redis;
  private readonly events: QueueEvents;
  private readonly waiting = new Map<string, Waiting>();
  private readonly begun = Date.now();
  private readonly timer: NodeJS.Timeout;
  private ticks = 0;
  private noWorkerSince: number | undefined;
  private noAnswerSince: number | undefined;
  private hasSaid = false;
  private isLooking = false;

  constructor(
    private readonly place: QueuePlace,
    private readonly patience: Patience,
  ) {
    const { library: { bullmq }, redis, version, build } = place;
    const name = queueName(version, build);
    const streams = { events: { maxLen: eventsMost } };
    this.queue = new bullmq.Queue(name, { connection: redis, streams });
    this.own = redis.duplicate();
    this.events = new bullmq.QueueEvents(name, { connection: this.own });
    // The client connects again; how long that may take is checked at each look.
    this.queue.on('error', () => {});
    this.events.on('error', () => {});
    const look = ({ jobId: id }: { jobId: string }) => void this.look(id);
    this.events.on('completed', look).on('failed', look).on('duplicated', look);
    this.events.on('stalled', ({ jobId: id }) => {
      if (this.waiting.has(id)) patience.say('a worker ended: another one does its job again');
    });
    this.timer = setInterval(() => void this.tick(), tickMs);
  }

  start(job: SeedsJob): SeedsThread {
    return this.thread<ChunkResult, SeedsRange>(job);
  }

  walk(job: WalkJob): SeedsThread<WalkChunk> {
    return this.thread<WalkChunk, SeedsRange>(job);
  }

  search(job: SearchJob): SearchThread {
    return this.thread(job);
  }

  /** Takes the jobs of this sweep that no worker has begun from the queue. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    const left = [...this.waiting.keys()];
    for (const id of left) this.settle(id, 'over');
    const removed = Promise.allSettled(left.map((id) => this.queue.remove(id)));
    // A Redis that is gone must not keep the command from ending.
    await Promise.race([removed, ended(2_000)]);
    await Promise.race([
      Promise.allSettled([this.events.close(), this.queue.close()]), ended(2_000),
    ]);
    for (const one of [this.own, this.place.redis]) one.disconnect();
  }

  private thread<Result, Range extends SeedsRange | Part>(
    head: Head,
  ): SeedsThread<Result, Range> {
    let current: string | undefined;
    const abandon = () => {
      if (current === undefined || !this.waiting.has(current)) return;
      void this.queue.remove(current).catch(() => {});
      this.settle(current, 'over');
    };
    return {
      run: (range) => {
        const text = jobText({ head, range });
        current = jobId(text);
        return this.result(current, text) as Promise<Result | Over>;
      },
      end: () => {},
      abandon,
    };
  }

  private result(id: string, text: string): Promise<unknown> {
    if (this.patience.isOver()) return Promise.resolve('over');
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { text, settle: resolve, fail: reject });
      void this.add(id, text);
    });
  }

  private async add(id: string, text: string): Promise<void> {
    try {
      await this.queue.add('part', text, {
        jobId: id,
        removeOnComplete: { age: keptSeconds, count: keptMost },
        removeOnFail: { age: keptSeconds, count: keptMost },
      });
    } catch {
      // The next look adds it again.
    }
  }

  private settle(id: string, result: unknown): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.settle(result);
  }

  private failAll(problem: string): void {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { fail } of all) fail(new QueueProblem(problem));
  }

  /** Takes the result of a job, if there is one; adds it again if the queue has lost it. */
  private async look(id: string): Promise<void> {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return;
    const job = await this.queue.getJob(id).catch(() => null);
    if (job === null) return;
    if (job === undefined) return this.add(id, waiting.text);
    if (job.finishedOn === undefined) return;
    if (job.failedReason === undefined || job.failedReason === '') {
      const { result } = fromWire(String(job.returnvalue)) as { result?: unknown };
      return this.settle(id, result);
    }
    if (job.finishedOn < this.begun) {
      // An earlier sweep has left it: a worker may have more luck now.
      await job.remove().catch(() => {});
      return this.add(id, waiting.text);
    }
    this.waiting.delete(id);
    waiting.fail(new QueueProblem(failureText(job.failedReason)));
  }

  private async tick(): Promise<void> {
    if (this.patience.isOver()) {
      for (const id of [...this.waiting.keys()]) {
        void this.queue.remove(id).catch(() => {});
        this.settle(id, 'over');
      }
      return;
    }
    if (this.waiting.size === 0 || ++this.ticks % lookTicks !== 0) return;
    if (this.noAnswerSince !== undefined) this.checkAnswer(this.noAnswerSince);
    if (this.isLooking) return;
    this.isLooking = true;
    this.noAnswerSince ??= Date.now();
    try {
      this.checkWorkers(await presentWorkers(this.place.redis));
      for (const id of [...this.waiting.keys()]) await this.look(id);
      this.noAnswerSince = undefined;
    } catch {
      // The connection was closed.
    } finally {
      this.isLooking = false;
    }
  }

  private checkAnswer(since: number): void {
    if (this.patience.hasEnd || Date.now() - since < noAnswerMsMost) return;
    const lasted = `${noAnswerMsMost / 1_000} s`;
    const where = shownUrl(this.place.url);
    this.failAll(`Redis at ${where} has not answered for ${lasted}: run the command again`);
  }

  private checkWorkers(all: Awaited<ReturnType<typeof presentWorkers>>): void {
    const { url, version, build } = this.place;
    const name = queueName(version, build);
    if (all.some(({ queue }) => queue === name)) {
      this.noWorkerSince = undefined;
      this.hasSaid = false;
      return;
    }
    this.noWorkerSince ??= Date.now();
    const others = [...new Set(all.map((one) => `${one.version} (build ${one.build})`))];
    const found = others.length === 0
      ? 'there is no worker'
      : `the workers are of another Lockstep: ${others.join(', ')}`;
    const where = shownUrl(url);
    const how = `start \`lockstep worker --queue ${where}\` of ${version} (build ${build})`;
    if (!this.hasSaid) this.patience.say(`${found}: ${how}; waiting`);
    this.hasSaid = true;
    if (this.patience.hasEnd || Date.now() - this.noWorkerSince < noWorkerMsMost) return;
    this.failAll(`no worker came within ${noWorkerMsMost / 1_000} s: ${how}, or wait with --for`);
  }
}

function failureText(reason: string): string {
  if (!/stalled more than/.test(reason)) return `a worker could not do its job: ${reason}`;
  return `a job ended ${stalledMost + 1} workers: it may need more memory than they have`;
}

function ended(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
