// Lets the event loop turn after each test: vitest's worker reads an answer of its main process only then, and gives up after a minute.
import { afterEach } from 'vitest';

/** Taken here, since a test may replace the timers. */
const turn = setImmediate;

afterEach(() => new Promise<void>((resolve) => void turn(resolve)));
