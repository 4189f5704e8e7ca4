/** Threads that run seeds: this bundle, started again in a worker of Node. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Terminal } from '../terminal.ts';
import { workOf } from './job.ts';
import type { Part } from '../../explore/search/parts/part.ts';
import type { Head } from '../queue/jobs.ts';
import type {
  ChunkResult, SearchJob, SearchThread, SeedsJob, SeedsRange, SeedsThread, WalkChunk, WalkJob,
} from './seeds-thread.ts';

type Answer = { readonly result: unknown } | { readonly error: string };

export function startThread(bundle: string, job: SeedsJob): SeedsThread<ChunkResult>;
export function startThread(bundle: string, job: WalkJob): SeedsThread<WalkChunk>;
export function startThread(bundle: string, job: SearchJob): SearchThread;
export function startThread(bundle: string, job: Head): SeedsThread<unknown, unknown> {
  const worker = new Worker(bundle, { workerData: { seeds: job } });
  /** Its ranges are answered in their order. */
  const waiting: { resolve(result: unknown): void; reject(error: Error): void }[] = [];
  worker.on('message', (answer: Answer) => {
    const first = waiting.shift();
    if ('result' in answer) first?.resolve(answer.result);
    else first?.reject(new Error(answer.error));
  });
  let gone: Error | undefined;
  const failed = (error: Error) => {
    gone ??= error;
    for (const one of waiting.splice(0)) one.reject(error);
  };
  worker.on('error', failed);
  worker.on('exit', (code) => failed(new Error(`a thread ended: ${code}`)));
  return {
    run: (range) =>
      new Promise<unknown>((resolve, reject) => {
        if (gone !== undefined) return reject(gone);
        waiting.push({ resolve, reject });
        worker.postMessage(range);
      }),
    end() {
      void worker.terminate();
    },
  };
}

/** In such a thread: waits for seeds to run. Returns false in any other one. */
export function serveSeeds(terminal: Terminal): boolean {
  const job = (workerData as { seeds?: Head } | null)?.seeds;
  if (isMainThread || job === undefined || parentPort === null) return false;
  const port = parentPort;
  let work: ReturnType<typeof workOf> | undefined;
  port.on('message', (range: SeedsRange | Part) => {
    try {
      work ??= workOf(job, terminal);
      port.postMessage({ result: work(range) } satisfies Answer);
    } catch (error) {
      port.postMessage({ error: error instanceof Error ? String(error.stack) : String(error) });
    }
  });
  return true;
}
