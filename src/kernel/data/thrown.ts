/**
 * The message and the call stack of what was thrown. Anything can be thrown, so nothing is trusted.
 */
import { cut, shown } from './shown.ts';

/** Longer messages are cut, and so are call stacks, which begin with the message. */
const messageMax = 4_000;
const stackMax = 100_000;

/** The message of an error. A value that is not an error is shown itself. */
export function thrownText(thrown: unknown): string {
  if (typeof thrown === 'string' && thrown !== '') return cut(thrown, 200);
  try {
    if (!(thrown instanceof Error)) return shown(thrown);
    const { message, name } = thrown as { message: unknown; name: unknown };
    if (typeof message !== 'string') return shown(message);
    return message !== '' || typeof name !== 'string' ? cut(message, messageMax) : name;
  } catch {
    // Its message is a getter that throws.
    return 'an error that cannot be read';
  }
}

/** The call stack of an error; undefined if it has none. */
export function thrownStack(thrown: unknown): string | undefined {
  try {
    const stack: unknown = thrown instanceof Error ? thrown.stack : undefined;
    return typeof stack === 'string' && stack !== '' ? stack.slice(-stackMax) : undefined;
  } catch {
    return undefined;
  }
}
