/** What can be entered to go through its lines: an action, or the start in which all nodes boot. */
import type { Action } from '../kernel/action.ts';
import type { Pending } from '../kernel/pending.ts';
import { asPending } from '../kernel/run.ts';
import { boot, step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import type { Variants } from '../code/run/variants.ts';
import { type Handler, handlerOf } from '../kernel/next-handler.ts';
import { ReplayedTrace } from './replayed-trace.ts';

/** The start is no action: no step of a run stands for it. */
export const theStart = { type: 'start', at: 0 } as const;

export type Entered = Action | Pending | typeof theStart;

/** The handler that runs where it is entered; none for the start, which runs many. */
export function enteredHandler(world: World, entered: Entered): Handler | undefined {
  return entered.type === 'start' ? undefined : handlerOf(world, entered);
}

/** Its lines; those of invariants and facts too, where somebody asks for them. */
export function linesOf(
  variants: Variants,
  world: World,
  entered: Entered,
  withMonitors: boolean,
): ReplayedTrace {
  if (entered.type === 'start') {
    return new ReplayedTrace(variants, world.blank(), boot, withMonitors);
  }
  const take: typeof boot = (fork, effects) => {
    step(fork, 'tie' in entered ? entered : asPending(fork, entered), effects);
  };
  return new ReplayedTrace(variants, world, take, withMonitors);
}
