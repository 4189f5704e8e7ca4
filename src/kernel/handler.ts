/**
 * Runs the protocol's code: binds the one `node`, and makes of what is thrown an effect of the
 * step.
 */
import { callStack, type Effects } from './effects.ts';
import { Handle } from './node.ts';
import { thrownStack, thrownText } from './data/thrown.ts';
import type { Slot, World } from './world.ts';

const handle = new Handle();

type Handler = (node: any, first?: any, second?: any) => void;

/** The same functions of the protocol once more, with calls that tell who looks into them. */
type Variants = ReadonlyMap<unknown, unknown>;
let variants: Variants | null = null;

/** Runs `act` with these in place of the handlers that they are variants of. */
export function withVariants<Result>(these: Variants, act: () => Result): Result {
  const before = variants;
  variants = these;
  try {
    return act();
  } finally {
    variants = before;
  }
}

/** The variant of a function of the protocol that runs in its place, if one does. */
export function variantOf<Code>(code: Code): Code {
  return variants === null ? code : ((variants.get(code) as Code | undefined) ?? code);
}

/**
 * Thrown by who looks into a handler, to leave it in the middle: no outcome of the step. The world
 * stays as it is there, and can be looked at but not stepped any more.
 */
export const halt = new Error('a handler was left');

/** After code was ended from outside, in the middle: nothing of it is under way any more. */
export function abandon(): void {
  variants = null;
  handle.release();
}

/** Calls a handler of the slot's role; the slot must be the world's own. */
export function call(
  world: World,
  slot: Slot,
  effects: Effects | null,
  handler: Handler,
  first?: unknown,
  second?: unknown,
): void {
  handle.bind(world, slot, effects);
  const code = variantOf(handler);
  try {
    code(handle, first, second);
  } catch (error) {
    if (error === halt) handle.release();
    if (error === halt) throw error;
    fail(world, slot, error, effects);
  }
  handle.release();
}

/**
 * An uncaught exception ends a process: the node is down, its state kept for who wants to see why.
 */
export function fail(world: World, slot: Slot, error: unknown, effects: Effects | null): void {
  stop(world, slot);
  if (effects === null) return;
  const stack = thrownStack(error) ?? callStack();
  // Where all nodes boot at once, the first failure tells the story.
  effects.failure ??= { node: slot.id, message: thrownText(error), stack };
}

export function stop(world: World, slot: Slot): void {
  slot.up = false;
  slot.paused = false;
  slot.held = [];
  slot.operations = [];
  for (const timer of slot.timers) timer.isSet = false;
  world.queue.extract(
    (one) => one.type === 'postponed' && 'node' in one.action && one.action.node === slot.id,
  );
}
