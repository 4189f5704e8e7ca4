/** A thread that searches: started by `start-thread.ts`, with its job. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { FindJob } from '../../dap/find/finder.ts';
import { working } from './job.ts';

/** In such a thread: does its job. Returns false in any other one. */
export function serveFind(): boolean {
  const job = (workerData as { readonly find?: FindJob } | null)?.find;
  if (isMainThread || job === undefined || parentPort === null) return false;
  const port = parentPort;
  const work = working(job, (report) => port.postMessage(report), false);
  while (!work.next().done);
  return true;
}
