/** What chooses the next action unless the user does, and what the debugger asks about it. */
import type { Action } from '../kernel/action.ts';
import type { Pending } from '../kernel/pending.ts';
import type { Monitor, World } from '../kernel/world.ts';
import { commandActions, commandWords, type TypedCommand } from '../check/console.ts';
import { scenarioMonitors, verdicts } from '../check/verdicts.ts';
import { activitiesNow, currentStep, nextAction } from '../scenario/driver.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Verdict } from '../scenario/verdict.ts';
import type { ActivityNow } from '../scenario/workload/activity.ts';
import type { Code } from '../code/code.ts';

export interface Script {
  readonly scenario: Scenario;
  readonly monitors: readonly Monitor[];
  /** What happens next; undefined if the run has ended. */
  next(world: World): Action | Pending | undefined;
  /** The scenario's current step; the number of steps if all are done. */
  position(world: World): number;
  /** The workloads and nemeses of the scenario that are under way. */
  activities(world: World): readonly ActivityNow[];
  /** The verdicts on the expectations and the invariants so far. */
  verdicts(world: World, ended: boolean): readonly Verdict[];
  /** A command of the scenario language, as actions that are possible now. */
  command(world: World, text: string): TypedCommand;
  /** Words with which a command may begin, and the names that it may contain. */
  words(world: World): readonly string[];
}

/** A scenario on the code that the debugger runs. */
export function scriptOf(parsed: Scenario, { protocol }: Pick<Code, 'protocol'>): Script {
  const scenario = { ...parsed, protocol, setup: { ...parsed.setup, protocol } };
  return {
    scenario,
    monitors: scenarioMonitors(scenario),
    next: (world) => nextAction(scenario, world),
    position: (world) => currentStep(scenario, world),
    activities: (world) => activitiesNow(scenario, world),
    verdicts: (world, ended) => verdicts(scenario, world, ended),
    command: (world, text) => commandActions(scenario, world, text),
    words: (world) => commandWords(scenario, world),
  };
}
