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
  return {
    run: (range) =>
      new Promise<unknown>((resolve, reject) => {
        // Node listens to a worker, too, so only these may be removed.
        const settle = (act: () => void) => {
          worker.off('message', answered).off('error', failed).off('exit', ended);
          act();
        };
        const answered = (answer: Answer) =>
          settle(() => {
            if ('result' in answer) resolve(answer.result);
            else reject(new Error(answer.error));
          });
        const failed = (error: unknown) => settle(() => reject(error));
        const ended = (code: number) => settle(() => reject(new Error(`a thread ended: ${code}`)));
        worker.on('message', answered).on('error', failed).on('exit', ended);
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
