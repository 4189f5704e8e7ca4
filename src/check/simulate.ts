/** Runs a scenario to its end, with nobody watching but its monitors and a listener. */
import type { Action } from '../kernel/action.ts';
import { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import { start, step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import { nextAction } from '../scenario/driver.ts';
import type { Scenario, Verdict } from '../scenario/scenario.ts';
import { scenarioMonitors, verdicts } from './verdicts.ts';

/**
 * Is told of the start, with no action, and of each action after it was taken; `effects` is used
 * again for the next one.
 */
export type Listener = (
  world: World,
  action: Action | Pending | null,
  effects: Effects,
) => void;

export interface Outcome {
  readonly world: World;
  readonly verdicts: readonly Verdict[];
  /** True where the bound on actions ended the run. */
  readonly cut: boolean;
}

export interface Bounds {
  /** How many actions a run may take at most. */
  readonly actionsMax?: number;
  /** Takes an action; `step` by default. */
  readonly take?: typeof step;
}

const actionsMaxDefault = 10_000_000;

export function simulate(scenario: Scenario, listener?: Listener, bounds: Bounds = {}): Outcome {
  const run = simulateInSlices(scenario, Infinity, listener, bounds);
  for (;;) {
    const slice = run.next();
    if (slice.done) return slice.value;
  }
}

/** The same, giving way to the caller after every `slice` actions. */
export function* simulateInSlices(
  scenario: Scenario,
  slice: number,
  listener?: Listener,
  { actionsMax = actionsMaxDefault, take = step }: Bounds = {},
): Generator<World, Outcome> {
  const effects = new Effects();
  const world = start(scenario.setup, scenarioMonitors(scenario), effects);
  listener?.(world, null, effects);
  let action = nextAction(scenario, world);
  let sinceSlice = 0;
  while (action !== undefined && world.step < actionsMax) {
    if (!take(world, action, effects))
      throw new Error(`the driver chose what is not possible: ${action.type}`);
    listener?.(world, action, effects);
    action = nextAction(scenario, world);
    if (++sinceSlice >= slice) {
      sinceSlice = 0;
      yield world;
    }
  }
  const isCut = action !== undefined;
  return { world, verdicts: verdicts(scenario, world, !isCut), cut: isCut };
}
