/** `--check-determinism`: takes each action of a run twice, and keeps the first difference. */
import type { Action } from '../kernel/action.ts';
import { startTwice, stepTwice } from '../kernel/compare/determinism.ts';
import type { Difference } from '../kernel/compare/difference.ts';
import { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import { step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import { scenarioMonitors } from '../check/verdicts.ts';
import type { Scenario } from '../scenario/scenario.ts';

export interface FoundDifference {
  /** 0 for the boot of the nodes. */
  readonly step: number;
  readonly action: Action | Pending | null;
  readonly difference: Difference;
}

export class DeterminismCheck {
  found: FoundDifference | undefined;

  constructor(scenario: Scenario) {
    const difference = startTwice(scenario.setup, scenarioMonitors(scenario));
    if (difference !== undefined) this.found = { step: 0, action: null, difference };
  }

  /** Whether a run is past the first difference: from there on its result would mean nothing. */
  isPast(world: World): boolean {
    return this.found !== undefined && world.step > this.found.step;
  }

  /** Replaces `step` in a run. */
  readonly take = (
    world: World,
    action: Action | Pending,
    effects: Effects | null = null,
  ): boolean => {
    if (this.found !== undefined) return step(world, action, effects);
    const { taken, difference } = stepTwice(world, action, effects ?? new Effects());
    if (difference !== undefined) this.found = { step: world.step, action, difference };
    return taken;
  };
}
