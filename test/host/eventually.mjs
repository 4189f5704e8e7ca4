// Waits for a state that can only be read, not awaited.
import { patienceMs } from './patience.mjs';

const pollMs = 50;

/** Calls `read` until it returns something other than undefined, and returns that. */
export async function eventually(read, what) {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    if (Date.now() >= deadline) throw new Error(`${what} did not appear within ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
