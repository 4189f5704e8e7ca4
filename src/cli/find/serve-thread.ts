/** A thread that searches: started by `start-thread.ts`, with its job. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { FindJob } from '../../dap/find/finder.ts';
import { checking, working } from './job.ts';

/** In such a thread: does its job. Returns false in any other one. */
export function serveFind(): boolean {
  const data = workerData as { readonly find?: FindJob; readonly enough?: Int32Array } | null;
  const job = data?.find;
  if (isMainThread || job === undefined || parentPort === null) return false;
  const port = parentPort;
  if (job.task.type === 'check') {
    const check = checking(job, (report) => port.postMessage(report));
    port.on('message', (condition: string) => check(condition));
    return true;
  }
  const work = working(job, (report) => port.postMessage(report), {
    isSliced: false,
    // A thread that searches receives no messages.
    isEnough: () => data?.enough !== undefined && Atomics.load(data.enough, 0) !== 0,
  });
  while (!work.next().done);
  return true;
}
