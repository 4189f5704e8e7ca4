/** A moment of a run as a search begins with it: the start, and the actions that were taken. */
import { Effects } from '../../kernel/effects.ts';
import type { Action } from '../../kernel/action.ts';
import { asPending } from '../../kernel/run.ts';
import { start, step } from '../../kernel/step.ts';
import type { Monitor, World } from '../../kernel/world.ts';
import type { Setup } from '../../kernel/plan.ts';
import type { FindProgress } from './progress.ts';

/** Called after each action; null for the start. */
export type Visit = (world: World, action: Action | null, effects: Effects) => void;

const sliceActions = 1_000;

/** Undefined if the actions are not those of this scenario. */
export function* momentAfter(
  setup: Setup,
  monitors: readonly Monitor[],
  actions: readonly Action[],
  visit: Visit,
): Generator<FindProgress, World | undefined> {
  const effects = new Effects();
  const world = start(setup, monitors, effects);
  visit(world, null, effects);
  for (let taken = 0; taken < actions.length; taken++) {
    const action = actions[taken];
    if (taken % sliceActions === 0) yield { phase: 'replaying', step: taken, of: actions.length };
    if (!step(world, asPending(world, action), effects)) return undefined;
    visit(world, action, effects);
  }
  return world;
}
