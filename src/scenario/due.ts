/** The next action of a scenario itself, for a chooser that may take others before it. */
import type { Action } from '../kernel/action.ts';
import type { World } from '../kernel/world.ts';
import type { Micros } from '../protocol/types.ts';
import { withinDefault } from './commands/operation.ts';
import { lastTime, memoryOf } from './driver.ts';
import { proceed, type Progress, situation } from './progress.ts';
import type { Scenario } from './scenario.ts';
import type { Due } from './workload/activity.ts';
import { dueActivity } from './workload/workloads.ts';

/**
 * The next action of the scenario itself: of its steps, or of what goes on beside them; undefined
 * if a step waits for something that must happen before. Without time, a wait that only time ends
 * is over at once; with time, the action is due at its `at`.
 */
export function scenarioAction(
  scenario: Scenario,
  world: World,
  isTimed: boolean,
): Action | undefined {
  if (isOver(scenario, world)) return undefined;
  const { action, due } = ahead(scenario, world, isTimed);
  if (action !== undefined) return action;
  return due && { ...due.action(), at: isTimed ? Math.max(due.at, world.time) : world.time };
}

/**
 * With time, when the run ends: nothing is taken later. Before the world's time if it has ended
 * already, because only heartbeats are left.
 */
export function runEnd(scenario: Scenario, world: World): Micros {
  if (isOver(scenario, world)) return -Infinity;
  const { progress, due } = ahead(scenario, world, true);
  const { until, settle, steps } = scenario;
  if (progress.index < steps.length) return lastTime(scenario);
  if (until?.type === 'time') return until.time;
  if (due !== undefined) return Infinity;
  if (until !== undefined) return progress.began + withinDefault;
  return progress.quiescent ? -Infinity : progress.began + settle;
}

/** Without time, the progress after the waits that only time ends. */
export function untimedProgress(scenario: Scenario, world: World): Progress {
  return ahead(scenario, world, false).progress;
}

/** The progress once nothing but time has passed, and what the scenario does then. */
function ahead(
  scenario: Scenario,
  world: World,
  isTimed: boolean,
): { readonly progress: Progress; readonly action?: Action; readonly due?: Due | undefined } {
  const memory = memoryOf(scenario, world);
  const { steps } = scenario;
  let due = dueActivity(scenario, world, memory);
  let progress = memory;
  let time = world.time;
  let changed = false;
  while (progress.index < steps.length) {
    let now = situation(scenario, world, progress, time, changed);
    if (now.type === 'act') return { progress, action: { ...now.action, at: time } };
    if (now.type === 'waits') {
      const isPassable = isTimed || isOnlyTime(scenario, progress);
      if (!isPassable || (isTimed && due !== undefined && due.at < now.until)) break;
      time = isTimed ? Math.max(time, now.until) : time;
      now = now.then();
    }
    if (progress === memory) progress = { ...memory, failures: [] };
    const { activities } = progress;
    proceed(scenario, world, progress, now);
    // A workload may begin when only time has passed.
    if (progress.activities !== activities) due = dueActivity(scenario, world, progress);
    changed = true;
  }
  return { progress, due };
}

/** Whether the current step waits for nothing but the passing of time. */
function isOnlyTime({ steps }: Scenario, { index, placed }: Progress): boolean {
  const { placement, command } = steps[index];
  return placed ? command.type === 'wait' : placement?.type === 'at';
}

/** Whether the run has ended, so that nothing more happens in it. */
export function isOver(scenario: Scenario, world: World): boolean {
  const memory = memoryOf(scenario, world);
  return memory.over || memory.stall.found !== null;
}
