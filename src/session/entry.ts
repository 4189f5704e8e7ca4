/** What can be entered to step through its statements: an action, or the boot of all nodes. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import { type Handler, handlerOf } from '../kernel/next-handler.ts';
import type { Pending } from '../kernel/pending.ts';
import { asPending } from '../kernel/run.ts';
import { boot, step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import type { Variants } from '../code/record/variants.ts';
import type { Start } from './read/reading.ts';
import { ReplayedTrace } from './replayed-trace.ts';

export const theStart: Start = { type: 'start', at: 0 };

export type Entered = Action | Pending | Start;

/** The handler that runs when it is entered; undefined for the start, which runs many. */
export function enteredHandler(world: World, entered: Entered): Handler | undefined {
  return entered.type === 'start' ? undefined : handlerOf(world, entered);
}

/** Its statements; those of invariants and derived events too, if `withMonitors`. */
export function traceOf(
  variants: Variants,
  world: World,
  entered: Entered,
  withMonitors: boolean,
): ReplayedTrace {
  if (entered.type === 'start') {
    return new ReplayedTrace(variants, world.blank(), boot, withMonitors);
  }
  const take: typeof boot = (fork, effects) => takeEntered(fork, entered, effects);
  return new ReplayedTrace(variants, world, take, withMonitors);
}

/** Takes an action on a world that is before it. */
export function takeEntered(
  world: World,
  entered: Exclude<Entered, Start>,
  effects: Effects | null,
): void {
  step(world, 'tie' in entered ? entered : asPending(world, entered), effects);
}
