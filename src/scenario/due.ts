/** The next action of a scenario itself, for a chooser that may take others before it. */
import type { Action } from '../kernel/action.ts';
import type { World } from '../kernel/world.ts';
import { memoryOf } from './driver.ts';
import { proceed, type Progress, situation } from './progress.ts';
import type { Scenario } from './scenario.ts';
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
  const memory = memoryOf(scenario, world);
  if (isOver(scenario, world)) return undefined;
  const { steps } = scenario;
  const due = dueActivity(scenario, world, memory);
  let progress = memory;
  let time = world.time;
  let changed = false;
  while (progress.index < steps.length) {
    let now = situation(scenario, world, progress, time, changed);
    if (now.type === 'act') return { ...now.action, at: time };
    if (now.type === 'waits') {
      const isPassable = isTimed || isOnlyTime(scenario, progress);
      if (!isPassable || (isTimed && due !== undefined && due.at < now.until)) break;
      time = isTimed ? Math.max(time, now.until) : time;
      now = now.then();
    }
    if (progress === memory) progress = { ...memory, failures: [] };
    proceed(scenario, world, progress, now);
    changed = true;
  }
  return due && { ...due.action(), at: isTimed ? Math.max(due.at, world.time) : world.time };
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
