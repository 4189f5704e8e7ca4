/** Searches in another thread: this bundle, started again in a worker of Node. */
import { Worker } from 'node:worker_threads';
import type { Finder, FindReport, FindResult } from '../../dap/find/finder.ts';
import { memoryResult, silentResult, unshortened } from './ended.ts';

/** A thread reports several times a second. One that is silent for so long is ended. */
const silentMsMost = 15_000;
/** It loads the bundle and the protocol first, on a machine that may be busy. */
const loadMsMost = 60_000;
const heapMegabytes = 4_096;

export function findInThread(bundle: string): Finder {
  return (job, reportTo) => {
    const enough = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(bundle, {
      workerData: { find: job, enough },
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
      // What protocol code prints must not get into the adapter's messages.
      stdout: true,
      stderr: true,
    });
    let asked = 0; // Conditions that are not answered yet.
    let count: number | undefined;
    let [isFound, isOver] = [false, false];
    let best: FindResult | undefined;
    const foundAtLast = (ended: FindResult) => {
      if (isFound) return;
      isFound = true;
      reportTo({ type: 'found', result: best ? unshortened(best, ended) : ended });
    };
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    let settle: (error?: unknown) => void = () => undefined;
    const done = new Promise<void>((resolve, reject) => {
      settle = (error) => {
        isOver = true;
        clearTimeout(watchdog);
        void worker.terminate();
        if (error === undefined) resolve();
        else reject(error);
      };
    });
    const watch = (ms: number) => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => {
        foundAtLast(silentResult(ms, count));
        settle();
      }, ms);
    };
    // A job that checks is silent as long as nothing is typed.
    if (job.task.type !== 'check') watch(loadMsMost);
    worker.on('message', (report: FindReport) => {
      count = report.type === 'progress' ? report.count : (count ?? 0);
      if (report.type === 'best') best = report.result;
      isFound ||= report.type === 'found';
      if (report.type !== 'checked') watch(silentMsMost);
      else if (--asked > 0) watch(loadMsMost);
      else clearTimeout(watchdog);
      reportTo(report);
    });
    worker.on('error', (error: Error & { readonly code?: string }) => {
      if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return settle(isFound ? undefined : error);
      foundAtLast(memoryResult(count ?? 0));
      settle();
    });
    worker.on('exit', () => settle());
    const cancel = () => {
      const isShortening = best !== undefined && !isFound && !isOver;
      // The second time, the thread may be in code that does not end.
      if (isShortening && Atomics.exchange(enough, 0, 1) === 0) return true;
      settle();
      return false;
    };
    const check = (condition: string) => {
      // They are answered one after the other: each has its time from when the one before is.
      if (++asked === 1) watch(loadMsMost);
      worker.postMessage(condition);
    };
    return { done, end: () => settle(), cancel, check };
  };
}
