/** Searches in another thread: this bundle, started again in a worker of Node. */
import { Worker } from 'node:worker_threads';
import type { Finder, FindReport } from '../../dap/find/finder.ts';
import { endlessResult, memoryResult } from './ended.ts';

/** A thread reports several times a second. One that is silent for so long is in endless code. */
const silentMsMost = 15_000;
/** It loads the bundle and the protocol first, on a machine that may be busy. */
const loadMsMost = 60_000;
const heapMegabytes = 4_096;

export function findInThread(bundle: string): Finder {
  return (job, reportTo) => {
    const worker = new Worker(bundle, {
      workerData: { find: job },
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
      // What protocol code prints must not get into the adapter's messages.
      stdout: true,
      stderr: true,
    });
    let count = 0;
    let isFound = false;
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    let settle: (error?: unknown) => void = () => undefined;
    const done = new Promise<void>((resolve, reject) => {
      settle = (error) => {
        clearTimeout(watchdog);
        void worker.terminate();
        if (error === undefined) resolve();
        else reject(error);
      };
    });
    const watch = (ms: number) => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => {
        if (!isFound) reportTo({ type: 'found', result: endlessResult(count) });
        settle();
      }, ms);
    };
    watch(loadMsMost);
    worker.on('message', (report: FindReport) => {
      if (report.type === 'progress') ({ count } = report);
      isFound ||= report.type === 'found';
      watch(silentMsMost);
      reportTo(report);
    });
    worker.on('error', (error: Error & { readonly code?: string }) => {
      if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return settle(isFound ? undefined : error);
      if (!isFound) reportTo({ type: 'found', result: memoryResult(count) });
      settle();
    });
    worker.on('exit', () => settle());
    return { done, end: () => settle() };
  };
}
