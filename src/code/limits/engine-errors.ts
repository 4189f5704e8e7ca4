/** Rewords two errors of engines that do not say what the author of a protocol did wrong. */
import { LimitError, limitOf } from '../../kernel/text/execution-limits.ts';
import { CodeRefusal } from '../code-fault.ts';

const ofFrozenValue =
  /^Cannot (assign to read only property|add property|delete property|redefine)/;

const frozenRule = 'constants of modules and sent messages are frozen; change node.state or a copy';

/**
 * A call stack that overflowed, or a change of a frozen value; other errors are returned as is.
 * `rule` says what is frozen for such code, and what to do instead.
 */
export function reworded(error: unknown, rule = frozenRule): unknown {
  if (error instanceof LimitError) return error;
  const limit = limitOf(error);
  if (limit !== undefined) return withStackOf(error as Error, new LimitError(limit));
  if (!(error instanceof TypeError)) return error;
  if (!ofFrozenValue.test(error.message)) {
    return error.message.includes('$$lockstep') ? withoutHooks(error) : error;
  }
  // Engines print the whole source of a function. Its name is enough.
  const message = error.message.replace(
    / of function '(?:class|function)?\s*([\w$]*)[^]*'$/,
    (_, name: string) => ` of ${name || 'a function'}`,
  );
  return withStackOf(error, new CodeRefusal('frozen-value', `${message}: ${rule}`));
}

const hookCall = /\(*\$\$lockstep(\.\w+)+(\(\.\.\.\))?/g;

/** Engines name a value by the text of the instrumented code, in which a hook may be around it. */
function withoutHooks(error: TypeError): TypeError {
  const message = error.message.replace(hookCall, '(intermediate value)');
  return withStackOf(error, new TypeError(message)) as TypeError;
}

function withStackOf({ message, stack = '' }: Error, error: Error): Error {
  error.stack = stack.replace(message, () => error.message);
  return error;
}
