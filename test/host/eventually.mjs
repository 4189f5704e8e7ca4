// Waits for a state that can only be read, not awaited.
import { patienceMs } from './patience.mjs';

const firstPollMs = 50;
const lastPollMs = 250;

/** The pauses between readings: what takes long is read less often, since reading a page costs it time. */
export function* pollPauses() {
  for (let ms = firstPollMs; ; ms = Math.min(lastPollMs, ms * 1.25)) yield ms;
}

/** Calls `read` until it returns something other than undefined, and returns that. */
export async function eventually(read, what) {
  const deadline = Date.now() + patienceMs;
  for (const pause of pollPauses()) {
    const found = await read();
    if (found !== undefined) return found;
    if (Date.now() >= deadline) throw new Error(`${what} did not appear within ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
