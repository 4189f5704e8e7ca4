/** Searches a model for a violation of its invariants, untimed. */
import { invariantMonitors } from '../../../src/check/invariants.ts';
import { Effects } from '../../../src/kernel/effects.ts';
import type { Setup } from '../../../src/kernel/plan.ts';
import { start } from '../../../src/kernel/step.ts';
import { type FaultBudget, noFaults, noLimits } from '../../../src/explore/budgets.ts';
import type { Problem } from '../../../src/explore/search/problem.ts';

export function untimed(
  setup: Setup,
  { faults = {}, ...rest }: { faults?: Partial<FaultBudget>; skipsIdle?: boolean } = {},
): Problem {
  const effects = new Effects();
  return {
    world: start(setup, invariantMonitors(setup.protocol), effects),
    effects,
    setting: { time: 'untimed', faults: { ...noFaults, ...faults }, ...rest },
    limits: noLimits,
    targets: {},
  };
}

/** Messages stay in flight, as in TLA+. */
export const staying: Partial<FaultBudget> = { duplicates: Infinity };
