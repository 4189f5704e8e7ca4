/** The problem that a scenario poses: what it promises, from its start. */
import { Effects } from '../../kernel/effects.ts';
import { start } from '../../kernel/step.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Setting } from '../choices.ts';
import { judgedIn } from '../timeless.ts';
import { exploredMonitors, type Problem } from './problem.ts';

const now = <Result>(act: () => Result) => act();

export function problemOf(
  scenario: Scenario,
  setting: Omit<Setting, 'scenario'>,
  rest: Pick<Problem, 'limits' | 'targets' | 'meter' | 'reduces'>,
  readsHistory = false,
): Problem {
  const { time, inTime = now } = setting;
  const { scenario: judged, unjudged } = inTime(() => judgedIn(time, scenario));
  const effects = new Effects();
  const world = start(judged.setup, exploredMonitors(judged, readsHistory), effects);
  setting.watch?.(world, effects);
  return { world, effects, setting: { ...setting, scenario: judged }, unjudged, ...rest };
}
