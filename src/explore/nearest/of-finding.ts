/** A run that a search or a walk found, as one to which the nearest that holds is searched. */
import { Effects } from '../../kernel/effects.ts';
import type { Action } from '../../kernel/action.ts';
import type { Setup } from '../../kernel/plan.ts';
import { asPending } from '../../kernel/run.ts';
import { start, step } from '../../kernel/step.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Subject } from '../../scenario/verdict.ts';
import { Promises, promiseOf } from '../walks/broken.ts';
import { type Violating, windowMost } from './nearest.ts';

export interface FoundRun {
  readonly setup: Setup;
  readonly actions: readonly Action[];
  readonly subject: Subject;
  /** Whether the steps of the scenario are among the actions, and not taken from it. */
  readonly hasOwnSteps: boolean;
}

/** Undefined if the start itself breaks the promise. */
export function violatingRun(scenario: Scenario, found: FoundRun): Violating | undefined {
  const { setup, actions, subject, hasOwnSteps } = found;
  const watched = hasOwnSteps ? { ...scenario, steps: [], settle: 0 } : scenario;
  const promises = new Promises(watched, promiseOf(subject));
  const effects = new Effects();
  const world = start(setup, promises.monitors, effects);
  if (promises.after(world, null, effects) !== undefined) return undefined;
  const from = Math.max(0, actions.length - windowMost);
  for (const action of actions.slice(0, from)) step(world, asPending(world, action), effects);
  return {
    world,
    actions: actions.slice(from),
    isBroken: (...taken) => promises.after(...taken) !== undefined,
    isBrokenAtEnd: (end) => promises.atEnd(end, true) !== undefined,
  };
}
