/** Searches as a session begins them, taken to their end. */
import { finding } from '../../src/explore/find/find.ts';
import type { Found, Searched } from '../../src/explore/find/found.ts';
import type { FindHost } from '../../src/explore/find/progress.ts';
import { type FindRequest, planOf } from '../../src/explore/find/request.ts';
import { exploredMonitors } from '../../src/explore/search/problem.ts';
import type { Action } from '../../src/kernel/action.ts';
import { asAction } from '../../src/kernel/run.ts';
import { start, step } from '../../src/kernel/step.ts';
import { nextAction } from '../../src/scenario/driver.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

export const host: FindHost = { elapsed: () => 0, progress: () => undefined, isSliced: false };

export function toEnd<Result>(slices: Generator<unknown, Result>): Result {
  for (;;) {
    const next = slices.next();
    if (next.done) return next.value;
  }
}

/** From the moment after the actions. */
export function find(
  scenario: Scenario,
  request: FindRequest,
  actions: readonly Action[] = [],
): Found {
  const plan = planOf(request, scenario);
  if ('wrong' in plan) throw new Error(JSON.stringify(plan.wrong));
  return toEnd(finding(plan, actions, host));
}

export function shown(found: Found): Searched {
  if (found.type !== 'shown') throw new Error(JSON.stringify(found.why));
  return found;
}

/** The first actions of the run that the scenario takes by itself. */
export function firstActions(scenario: Scenario, count: number): Action[] {
  const world = start(scenario.setup, exploredMonitors(scenario, false));
  const actions: Action[] = [];
  while (actions.length < count) {
    const next = nextAction(scenario, world)!;
    step(world, next);
    actions.push({ ...plain(asAction(next)), at: world.time });
  }
  return actions;
}

function plain(action: Action): Action {
  if (action.type !== 'fire') return action;
  const { type, at, node, timer, key } = action;
  return { type, at, node, timer, key };
}
