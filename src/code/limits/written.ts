/** The objects that workspace code changes during a call, as instrumented code reports them. */
import { CodeRefusal } from '../code-fault.ts';
import { languageObjects } from './hidden-globals.ts';
import { targetOf } from './views.ts';

/** For each object, the first position of a list whose item may be new; otherwise 0. */
export type Written = ReadonlyMap<object, number>;

/** Throws if the code may not change the object. */
export type WriteCheck = (target: object, key: string | undefined) => void;

const written = new Map<object, number>();
let checkWrite: WriteCheck | null = null;

/** Forgets what was changed before. The kernel runs one function of a protocol at a time. */
export function startWriting(): void {
  if (written.size > 0) written.clear();
}

/** The objects that were changed since `startWriting`, in the order of their first changes. */
export function writtenObjects(): Written {
  return written;
}

/** The same where the code changed them through views. */
export function writtenTargets(): Written {
  const targets = new Map<object, number>();
  for (const [object, from] of written) {
    const target = targetOf(object);
    targets.set(target, Math.min(from, targets.get(target) ?? from));
  }
  return targets;
}

/** Calls `check` before each change that `act` makes. */
export function checkingWrites<Result>(check: WriteCheck, act: () => Result): Result {
  checkWrite = check;
  try {
    return act();
  } finally {
    checkWrite = null;
  }
}

let builtIn: ReadonlySet<unknown> | undefined;

/** Lockstep uses the objects of the language too, and so do the scenarios that run after this. */
function isBuiltIn(target: object): boolean {
  builtIn ??= languageObjects();
  return builtIn.has(target);
}

function refuseBuiltIn(): never {
  const message = 'the built-in objects of the language cannot be changed';
  throw new CodeRefusal('built-in-change', `${message}: write a function instead`);
}

// Called by instrumented code

/** Returns the target, which is about to change. The key is undefined if it is computed. */
export function changed<Target>(target: Target, key?: string): Target {
  if (!isObject(target)) return target;
  if (isBuiltIn(target)) refuseBuiltIn();
  if (checkWrite !== null) checkWrite(target, key);
  const isLength = key === 'length' && Array.isArray(target);
  written.set(target, isLength ? firstNew(target) : 0);
  return target;
}

/**
 * The same for the target of a call, such as `list.push(entry)`. `text` is the expression of the
 * target: the engine's own error would name the call of this function instead.
 */
export function changing<Target>(target: Target, method: string, text: string): Target {
  if (!Array.isArray(target)) {
    const isThere = target !== undefined && target !== null;
    if (isThere && typeof (target as Record<string, unknown>)[method] !== 'function') {
      throw new TypeError(`${text}.${method} is not a function`);
    }
    return changed(target);
  }
  if (checkWrite !== null) checkWrite(target, undefined);
  written.set(target, firstNewAfter(target, method));
  return target;
}

/** Returns the target, which a method with a computed name may change. */
export function mayChange<Target>(target: Target): Target {
  if (isObject(target) && !isBuiltIn(target)) {
    if (checkWrite !== null) checkWrite(target, undefined);
    written.set(target, 0);
  }
  return target;
}

/**
 * Returns an argument of `call` or `apply`. The function that is called reports what it changes; a
 * built-in one, which does not, is called in this way only by code that hides its name.
 */
export function passedOn<Target>(target: Target): Target {
  if (isObject(target)) written.set(target, 0);
  return target;
}

function isObject(target: unknown): target is object {
  return (typeof target === 'object' && target !== null) || typeof target === 'function';
}

function firstNewAfter(list: readonly unknown[], method: string): number {
  if (method === 'push' || method === 'pop') return firstNew(list);
  // Items that were added before move to the position before theirs.
  return method === 'shift' ? Math.max(0, firstNew(list) - 1) : 0;
}

/**
 * The shortest that a list was during the call, as far as it only changed at its end: what is
 * before that position was there before the call.
 */
function firstNew(list: readonly unknown[]): number {
  return Math.min(written.get(list) ?? list.length, list.length);
}
