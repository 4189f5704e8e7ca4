// How a conformance test says that it cannot run on this machine: it is skipped, and the reason shown.
import type { TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Read by test/run.mjs, which prints it in the closing lines of `npm test`. */
    skipReason?: string;
  }
}

/** Skips the running test. `reason` says what is missing and how to provide it. */
export function skipUnavailable({ task, skip }: TestContext, reason: string): never {
  task.meta.skipReason = reason;
  return skip(reason);
}
