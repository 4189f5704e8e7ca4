// Bounds calls that may never return: a half-typed protocol must not freeze the extension host.
import * as vm from 'node:vm';

/** Empty in a web worker, which has no way to stop a call. */
const machine: Partial<typeof vm> = vm;
const key = Symbol.for('lockstep.bounded');

export class Timeout extends Error {}

/** Returns the result of `call`; throws `Timeout` after `timeoutMs`, except in a web worker. */
export function bounded<T>(timeoutMs: number, call: () => T): T {
  const { runInThisContext } = machine;
  if (!runInThisContext) return call();
  const globals = globalThis as { [key]?: () => T };
  globals[key] = call;
  try {
    const script = "globalThis[Symbol.for('lockstep.bounded')]()";
    return runInThisContext(script, { timeout: timeoutMs }) as T;
  } catch (error) {
    const { code } = error as { code?: string };
    throw code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? new Timeout() : error;
  } finally {
    delete globals[key];
  }
}
