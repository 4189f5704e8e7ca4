/**
 * Runs the protocol's code with the one `node`. An error that it throws is an effect of the step.
 */
import { closeAll } from './connection/send.ts';
import { loseWrites } from './disk/disk.ts';
import { callStack, type Effects } from './effects.ts';
import { Handle } from './node.ts';
import { isOwn } from './pending.ts';
import { HandlerRefusal } from './refusals/refused.ts';
import { thrownStack, thrownText } from './data/thrown.ts';
import type { Slot, World } from './world.ts';

const handle = new Handle();

type Handler = (node: any, first?: any, second?: any, third?: any) => void;

/** Instrumented variants of the protocol's functions, by the function. */
type Variants = ReadonlyMap<unknown, unknown>;
let variants: Variants | null = null;

/** Runs `act` with these variants in place of the functions that they are made from. */
export function withVariants<Result>(inPlace: Variants, act: () => Result): Result {
  const before = variants;
  variants = inPlace;
  try {
    return act();
  } finally {
    variants = before;
  }
}

/**
 * The variant that runs in place of a function of the protocol; the function itself if none does.
 */
export function variantOf<Code>(code: Code): Code {
  return variants === null ? code : ((variants.get(code) as Code | undefined) ?? code);
}

/**
 * Thrown by the debugger to leave a handler in the middle, which is not an effect of the step. The
 * world stays as it is at that statement: it can be read, but not stepped.
 */
export const halt = new Error('the debugger left a handler');

/**
 * Resets what a call sets, after the protocol's code was ended from outside in the middle of one.
 */
export function abandon(): void {
  variants = null;
  handle.release();
}

/**
 * Calls a handler of the slot's role. The slot must not be shared with a fork: `touch` it before.
 */
export function call(
  world: World,
  slot: Slot,
  effects: Effects | null,
  handler: Handler,
  first?: unknown,
  second?: unknown,
  third?: unknown,
): void {
  run(world, slot, effects, handler, false, first, second, third);
}

/** Calls the handler of a timer. What it sends does not wait for a write of another handler. */
export function callTimer(
  world: World,
  slot: Slot,
  effects: Effects | null,
  handler: Handler,
  data: unknown,
): void {
  run(world, slot, effects, handler, true, data);
}

function run(
  world: World,
  slot: Slot,
  effects: Effects | null,
  handler: Handler,
  isTimer: boolean,
  first?: unknown,
  second?: unknown,
  third?: unknown,
): void {
  handle.bind(world, slot, effects, isTimer);
  const code = variantOf(handler);
  try {
    code(handle, first, second, third);
    handle.settle();
  } catch (error) {
    if (error === halt) handle.release();
    if (error === halt) throw error;
    handle.settle();
    fail(world, slot, error, effects);
  }
  handle.release();
}

/**
 * An uncaught exception ends the process: the node is crashed, and keeps its state for inspection.
 */
export function fail(world: World, slot: Slot, error: unknown, effects: Effects | null): void {
  stop(world, slot, effects);
  if (effects === null) return;
  const stack = thrownStack(error) ?? callStack();
  const refusal = error instanceof HandlerRefusal ? { refusal: error.refusal } : {};
  // All nodes boot in one step: the first failure is reported, because others may follow from it.
  effects.failure ??= { node: slot.id, message: thrownText(error), stack, ...refusal };
}

/**
 * Ends the process of a node, and with it the node's timers, operations and messages to itself.
 * Messages from and to other nodes stay in flight. Its host closes its connections.
 */
export function stop(world: World, slot: Slot, effects: Effects | null): void {
  if (slot.ends.length > 0) closeAll(world, slot, effects);
  if (slot.fsync.writes.length > 0) loseWrites(world, slot);
  slot.up = false;
  slot.paused = false;
  slot.held = [];
  slot.operations = [];
  for (const timer of slot.timers) timer.isSet = false;
  world.queue.extract((one) => {
    if (one.type === 'deliver') return isOwn(one) && one.toIndex === slot.cast.index;
    if (one.type !== 'postponed') return false;
    const { action } = one;
    return (action.type === 'resume' || action.type === 'invoke') && action.node === slot.id;
  });
}
