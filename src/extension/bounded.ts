// Calls what may never return: a protocol that is being typed must not freeze the extension host.
import * as vm from 'node:vm';

/** Empty in a web worker. */
const machine: Partial<typeof vm> = vm;
const place = Symbol.for('lockstep.bounded');

/** Throws after `timeoutMs`. In a web worker there is no such bound: it is only called. */
export function bounded<T>(timeoutMs: number, call: () => T): T {
  const { runInThisContext } = machine;
  if (!runInThisContext) return call();
  const globals = globalThis as { [place]?: () => T };
  globals[place] = call;
  try {
    const script = "globalThis[Symbol.for('lockstep.bounded')]()";
    return runInThisContext(script, { timeout: timeoutMs }) as T;
  } finally {
    delete globals[place];
  }
}
