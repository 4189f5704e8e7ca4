/**
 * Runs the protocol's code: binds the one `node`, and makes of what is thrown an effect of the
 * step.
 */
import { callStack, type Effects } from './effects.ts';
import { Handle } from './node.ts';
import type { Slot, World } from './world.ts';

const handle = new Handle();

type Handler = (node: any, first?: any, second?: any) => void;

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
  try {
    handler(handle, first, second);
  } catch (error) {
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
  const message = error instanceof Error ? error.message : String(error);
  const stack = (error instanceof Error && error.stack) || callStack();
  effects.failure = { node: slot.id, message, stack };
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
