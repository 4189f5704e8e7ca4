/** Whether handlers read a clock, as the run shows that a scenario takes by itself. */
import { Effects } from '../../kernel/effects.ts';
import { asAction } from '../../kernel/run.ts';
import { start, step } from '../../kernel/step.ts';
import { nextAction } from '../../scenario/driver.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { type ClockReader, clockReader } from '../clock-reader.ts';
import { exploredMonitors } from '../search/problem.ts';

const actionsMost = 2_000;

/**
 * The first handler that reads a clock: then *untimed* does not apply. Undefined if none does in
 * this run; a search still ends as unknown when one does in another.
 */
export function clockReadIn(scenario: Scenario): ClockReader | undefined {
  const effects = new Effects();
  const world = start(scenario.setup, exploredMonitors(scenario, false), effects);
  let reader = clockReader(world, null, effects);
  for (let taken = 0; reader === undefined && taken < actionsMost; taken++) {
    const next = nextAction(scenario, world);
    if (next === undefined || !step(world, next, effects)) break;
    reader = clockReader(world, asAction(next), effects);
  }
  return reader;
}
