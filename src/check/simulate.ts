/** Runs a scenario to its end without a debugger. */
import type { Action } from '../kernel/action.ts';
import { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import { start, step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import { nextAction } from '../scenario/driver.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Verdict } from '../scenario/verdict.ts';
import { scenarioMonitors, verdicts } from './verdicts.ts';

/** Called at the start, without an action, and after each action; `effects` is reused. */
export type Listener = (
  world: World,
  action: Action | Pending | null,
  effects: Effects,
) => void;

export interface SimulationResult {
  readonly world: World;
  readonly verdicts: readonly Verdict[];
  /** True if the limit on actions ended the run. */
  readonly cut: boolean;
}

export interface Bounds {
  /** The limit on the actions of a run. */
  readonly actionsMax?: number;
  /** Takes an action; `step` by default. */
  readonly take?: typeof step;
}

export const actionsMaxDefault = 10_000_000;

export function simulate(
  scenario: Scenario,
  listener?: Listener,
  bounds: Bounds = {},
): SimulationResult {
  const run = simulateInSlices(scenario, Infinity, listener, bounds);
  for (;;) {
    const slice = run.next();
    if (slice.done) return slice.value;
  }
}

/** The same, yielding to the caller after every `slice` actions. */
export function* simulateInSlices(
  scenario: Scenario,
  slice: number,
  listener?: Listener,
  { actionsMax = actionsMaxDefault, take = step }: Bounds = {},
): Generator<World, SimulationResult> {
  const effects = new Effects();
  const world = start(scenario.setup, scenarioMonitors(scenario), effects);
  listener?.(world, null, effects);
  let action = nextAction(scenario, world);
  let sinceSlice = 0;
  while (action !== undefined && world.step < actionsMax) {
    if (!take(world, action, effects))
      throw new Error(`the driver chose an action that is not possible: ${action.type}`);
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
