/**
 * The limits on protocol code: they end code that would not end by itself. Their sizes, codes and
 * messages are defined here alone; each is enforced where its code runs.
 */

/**
 * Loop iterations and function calls of workspace code in one call of a handler, module or
 * invariant. Instrumented code counts them, so that every machine ends it at the same statement.
 */
export const iterationsMax = 1_000_000;

/**
 * Elements, characters and steps of regular expressions that the language's own functions go
 * through in one such call: each function call is one of the above, however much it does.
 */
export const nativeStepsMax = 10_000_000;

/** Messages, events and timers of one call of a handler, each counted for itself by the kernel. */
export const actsMax = 10_000;

/**
 * Wall-clock time of one action or of one request of a client: the last resort, for a call of a
 * built-in function that is not counted. It differs between machines, so it is far above the
 * others.
 */
export const actionMsMax = 5_000;

/**
 * Wall-clock time to load a protocol, while its author types and the editor waits. Far more than a
 * protocol needs, because on a busy machine the clock also counts the time of other programs.
 */
export const loadMsMax = 10_000;

export type LimitCode =
  | 'iteration-limit'
  | 'native-limit'
  /** The engine's own limit on nested calls, which differs between engines. */
  | 'call-depth-limit'
  | 'message-limit'
  | 'event-limit'
  | 'timer-limit'
  | 'action-time-limit'
  | 'load-time-limit';

/**
 * Ends protocol code at a limit. Workspace code cannot catch it: code that retries in a loop would
 * run on. Its `catch` clauses are instrumented to throw it again.
 */
export class LimitError extends Error {
  constructor(readonly code: LimitCode) {
    super(limitMessage(code));
  }
}

/** Thrown from a function of its own, so that the checks before it stay small and inlined. */
export function exceed(code: LimitCode): never {
  throw new LimitError(code);
}

/** What the code did, and what its author can do about it. */
export function limitMessage(code: LimitCode): string {
  const split = 'end the loop, or continue in a timer';
  const look = 'check its loops and regular expressions';
  const times = (count: number) => count.toLocaleString('en');
  switch (code) {
    case 'iteration-limit': {
      const ran = `${times(iterationsMax)} loop iterations and function calls in one step`;
      return `the code does not end: it ran ${ran}; ${split}`;
    }
    case 'native-limit': {
      const ran = `${times(nativeStepsMax)} elements, characters or pattern steps in one step`;
      return `the code takes too long: built-in functions processed ${ran}; process less at once`;
    }
    case 'call-depth-limit':
      return 'the code does not end: its functions call each other too deeply; end the recursion';
    case 'message-limit':
      return `the code does not end: it sent ${times(actsMax)} messages in one step; ${split}`;
    case 'event-limit':
      return `the code does not end: it reported ${times(actsMax)} events in one step; ${split}`;
    case 'timer-limit':
      return `the code does not end: it set ${times(actsMax)} timers in one step; ${split}`;
    case 'action-time-limit':
      return `the code did not end within ${actionMsMax / 1_000} s; ${look}`;
    case 'load-time-limit':
      return `the code did not load within ${loadMsMax / 1_000} s; ${look}`;
  }
}

/**
 * The limit that ended code with this error, if one did. It may run when the call stack is almost
 * full, so it uses no regular expression: compiling one there fails with a `SyntaxError`, which
 * would hide the overflow.
 */
export function limitOf(error: unknown): LimitCode | undefined {
  if (error instanceof LimitError) return error.code;
  if (!(error instanceof Error)) return undefined;
  // V8 and JavaScriptCore throw a RangeError, SpiderMonkey an InternalError ("too much recursion").
  const isOverflow =
    error instanceof RangeError
      ? error.message.includes('call stack')
      : error.name === 'InternalError';
  return isOverflow ? 'call-depth-limit' : undefined;
}
