// Turns of the event loop between parts of a test that do not wait for anything.

/** Taken here, since a test may replace the timers. */
const soon = setImmediate;

/**
 * Lets the event loop turn once. A worker of vitest reads an answer of its main process only then,
 * and gives up after a minute without one.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => void soon(resolve));
}
