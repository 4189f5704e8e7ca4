/** Searches in this thread, in slices: where there are no other threads, as in a web worker. */
import type { Finder, FindResult } from '../../dap/find/finder.ts';
import { yieldToOthers } from '../../dap/motion/slices.ts';
import { withTimeLimit } from '../../dap/time-limit.ts';
import { actionMsMax, LimitError } from '../../kernel/text/execution-limits.ts';
import { silentResult, unshortened } from './ended.ts';
import { working } from './job.ts';

/** So long may other requests wait. */
const sliceMs = 10;

export const findHere: Finder = (job, reportTo) => {
  let isOver = false;
  let count = 0;
  let isFound = false;
  let isEnough = false;
  let best: FindResult | undefined;
  const work = working(job, (report) => {
    if (report.type === 'progress') ({ count } = report);
    if (report.type === 'best') best = report.result;
    isFound ||= report.type === 'found';
    if (!isOver) reportTo(report);
  }, { isSliced: true, isEnough: () => isEnough });
  const next = () => {
    return job.own === undefined
      ? work.next()
      : withTimeLimit(actionMsMax, 'action-time-limit', () => work.next());
  };
  const run = async () => {
    while (!isOver) {
      await new Promise<void>((resolve) => yieldToOthers(resolve));
      const end = performance.now() + sliceMs;
      do if (next().done) return; while (!isOver && performance.now() < end);
    }
  };
  const done = run().catch((error: unknown) => {
    if (!(error instanceof LimitError)) throw error;
    // After a finding, only its saved text is missing.
    const silent = silentResult(actionMsMax, count);
    const result = best ? unshortened(best, silent) : silent;
    if (!isOver && !isFound) reportTo({ type: 'found', result });
  });
  const end = () => void (isOver = true);
  const cancel = () => {
    const isShortening = best !== undefined && !isFound && !isEnough && !isOver;
    isEnough = isShortening;
    if (!isShortening) end();
    return isShortening;
  };
  return { done, end, cancel };
};
