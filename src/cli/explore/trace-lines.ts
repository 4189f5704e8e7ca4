/** What happens in a run that was found, a line for each action: the run is taken again. */
import { HistoryMonitor } from '../../check/history/recording.ts';
import { exploredMonitors } from '../../explore/search/problem.ts';
import { Effects } from '../../kernel/effects.ts';
import { start, step } from '../../kernel/step.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { stepLine } from '../step-line.ts';
import type { Found } from './found.ts';

export function traceLines(scenario: Scenario, found: Found): string[] {
  const { setup, actions, hasOwnSteps } = found;
  const watched = hasOwnSteps ? { ...scenario, steps: [], settle: 0 } : scenario;
  const effects = new Effects();
  const monitors = exploredMonitors(watched, false);
  const isRecorded = monitors.some((one) => one instanceof HistoryMonitor);
  if (!isRecorded) monitors.unshift(new HistoryMonitor());
  const world = start(setup, monitors, effects);
  return actions.map((action) => {
    if (!step(world, action, effects)) {
      throw new Error(`the explorer took an action that is not possible: ${action.type}`);
    }
    return stepLine(scenario, world, action, effects);
  });
}
