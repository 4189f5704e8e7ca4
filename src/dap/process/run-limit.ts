/** Ends code of a workspace that runs for too long in a call that nothing counts. */
import { withTimeLimit } from '../time-limit.ts';
import {
  actionMsMax, LimitError, limitMessage, loadMsMax,
} from '../../kernel/text/execution-limits.ts';
import type { World } from '../../kernel/world.ts';

/** Few enough to end within the limit, even if each reaches all the other limits. */
const ownSliceActions = 20;
const sliceActions = 2_000;

/** How many actions a slice of a run has: few if the workspace has the protocol's code. */
export function sliceOf(isOwn: boolean): number {
  return isOwn ? ownSliceActions : sliceActions;
}

/** A run that the clock ended: it has no verdicts, since another machine may get further. */
export class Interrupted extends Error {
  constructor(file: string, step: number, { code }: LimitError) {
    super(`${file === '' ? '' : `${file}: `}after step ${step}: ${limitMessage(code)}`);
  }
}

/** The same slices of a run of workspace code, each within the limit; throws `Interrupted`. */
export function* inTime<Result>(
  file: string,
  slices: Generator<World, Result>,
): Generator<World, Result> {
  let step = 0;
  for (;;) {
    const slice = stepInTime(file, step, () => slices.next());
    if (slice.done) return slice.value;
    ({ step } = slice.value);
    yield slice.value;
  }
}

export function stepInTime<Result>(file: string, step: number, act: () => Result): Result {
  try {
    return withTimeLimit(actionMsMax, 'action-time-limit', act);
  } catch (error) {
    throw error instanceof LimitError ? new Interrupted(file, step, error) : error;
  }
}

/** Loads a protocol of the workspace within its limit. */
export function loadInTime<Result>(load: () => Result): Result {
  return withTimeLimit(loadMsMax, 'load-time-limit', load);
}
