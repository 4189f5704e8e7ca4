/** Who chooses the next action where nobody interferes, and what the debugger asks about that. */
import type { Action } from '../kernel/action.ts';
import type { Pending } from '../kernel/pending.ts';
import type { Monitor, World } from '../kernel/world.ts';
import { commandActions, commandWords } from '../check/console.ts';
import { scenarioMonitors, verdicts } from '../check/verdicts.ts';
import { currentStep, nextAction } from '../scenario/driver.ts';
import { withHint } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Verdict } from '../scenario/verdict.ts';
import type { Code } from '../code/code.ts';

export interface Script {
  readonly scenario: Scenario;
  readonly monitors: readonly Monitor[];
  /** What happens next; undefined where the run has ended. */
  next(world: World): Action | Pending | undefined;
  /** The scenario's step under way or next; the number of steps where all are done. */
  position(world: World): number;
  /** What became of the expectations and the invariants so far. */
  verdicts(world: World, ended: boolean): readonly Verdict[];
  /** A command of the scenario language, as actions that are possible now. */
  command(world: World, text: string): CommandResult;
  /** Words with which a command may begin, and the names that may stand in it. */
  words(): readonly string[];
}

export type CommandResult =
  | { readonly type: 'actions'; readonly actions: readonly Action[] }
  | { readonly type: 'problem'; readonly message: string }
  /** It does not read like a command at all. */
  | { readonly type: 'no command' };

/** A scenario on the code that the debugger runs. */
export function scriptOf(parsed: Scenario, { protocol }: Code): Script {
  const scenario = { ...parsed, protocol, setup: { ...parsed.setup, protocol } };
  return {
    scenario,
    monitors: scenarioMonitors(scenario),
    next: (world) => nextAction(scenario, world),
    position: (world) => currentStep(scenario, world),
    verdicts: (world, ended) => verdicts(scenario, world, ended),
    command(world, text) {
      const typed = commandActions(scenario, world, text);
      if (typed.type !== 'fault') return typed;
      return { type: 'problem', message: withHint(typed.fault) };
    },
    words: () => commandWords(scenario),
  };
}
