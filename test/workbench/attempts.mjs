// Repeats what a busy workbench may lose: a key while the focus moves, a click on a list that is redrawn.
import { pollPauses } from '../host/eventually.mjs';
import { patienceMs } from '../host/patience.mjs';

/** An attempt that waits longer than this has lost its key or its click, which no wait brings back. */
export const attemptMs = 10_000;
const attemptsMax = patienceMs / attemptMs;

/** Calls `act` until it returns without an error. */
export async function attempts(act, what) {
  const reasons = [];
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      return await act();
    } catch (error) {
      reasons.push(String(error).split('\n', 1)[0]);
    }
  }
  throw new Error(`${what} failed ${attemptsMax} times: ${reasons.join('; ')}`);
}

/** Calls `act` until `isDone` returns true; not at all if it does so already. */
export async function until(isDone, act, what) {
  await attempts(async () => {
    if (await isDone()) return;
    await act();
    if (!(await isDoneWithin(attemptMs, isDone))) throw new Error('no effect');
  }, what);
}

/** Whether `isDone` returns true before the time is over. */
export async function isDoneWithin(ms, isDone) {
  const deadline = Date.now() + ms;
  for (const pause of pollPauses()) {
    if (await isDone()) return true;
    if (Date.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
