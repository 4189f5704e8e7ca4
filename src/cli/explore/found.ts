/** A violation that was found: the run that shows it, and what a saved scenario is made from. */
import { lasting, shrinkMsMost } from './request.ts';
import type { LeadsTo } from '../../explore/liveness.ts';
import { isJudgedAtEnd } from '../../explore/promises.ts';
import { missed } from '../../explore/search/ending.ts';
import { exploredMonitors, type Targets } from '../../explore/search/problem.ts';
import { type Shrinkable, type Shrunk, shrink } from '../../explore/shrink/shrink.ts';
import type { Exploration, Promised } from '../../explore/verdict.ts';
import { type Broken, missing, reachedAs, withReach } from '../../explore/walks/broken.ts';
import { type Finding, setupOf } from '../../explore/walks/walks.ts';
import type { Action } from '../../kernel/action.ts';
import type { Setup } from '../../kernel/plan.ts';
import { start, step } from '../../kernel/step.ts';
import type { Expression } from '../../scenario/conditions/condition.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Subject } from '../../scenario/verdict.ts';

export interface Found {
  readonly subject: Promised;
  /** The run that is shown: `step` takes the actions after a start with this setup. */
  readonly setup: Setup;
  readonly actions: readonly Action[];
  /** Whether the steps of the scenario are among the actions, and not taken from it. */
  readonly hasOwnSteps: boolean;
  /** The run is that of the scenario with this seed, so that its promise is one of the scenario. */
  readonly plain?: { readonly seed: number; readonly subject: Subject };
  /** The state that was searched for. */
  readonly reach?: Expression | undefined;
  /** The shrunk schedule; undefined if the violation cannot be scheduled. */
  shrunk(): Shrunk | undefined;
}

/** A search shows the run that it took: breadth-first, there is no shorter one. */
export function foundBySearch(
  scenario: Scenario,
  verdict: Extract<Exploration, { type: 'violated' }>,
  targets: Targets,
): Found {
  const { subject, trace: { actions } } = verdict;
  const { setup } = scenario;
  const shrunk = () => {
    const { promising, finding } = shrinkable(scenario, verdict, targets);
    return shrink(promising, finding, lasting(shrinkMsMost));
  };
  const reach = subject.kind === 'reach' ? targets.reach : undefined;
  return { subject, setup, actions, hasOwnSteps: false, shrunk, reach };
}

/**
 * The violation of a search as one of a promise of the scenario, which then promises what an option
 * asked for: a state that was searched for is one that is never expected.
 */
function shrinkable(
  scenario: Scenario,
  { subject, reason, trace: { actions }, time }: Extract<Exploration, { type: 'violated' }>,
  { reach, leadsTo }: Targets,
): { readonly promising: Scenario; readonly finding: Shrinkable } {
  const { seed } = scenario.setup;
  const finding = { seed, time, actions };
  if (subject.kind === 'reach' && reach !== undefined) {
    const promising = withReach(scenario, reach);
    const broken = reachedAs(reach);
    return { promising, finding: { ...finding, broken, isAtEnd: false } };
  }
  if (subject.kind === 'leads to' && leadsTo !== undefined) {
    const before = beforeMissing(scenario, actions, leadsTo);
    return {
      promising: scenario,
      finding: { ...finding, actions: before, broken: missing(leadsTo), isAtEnd: true, leadsTo },
    };
  }
  const broken = { subject, reason } as Broken;
  const isAtEnd = isJudgedAtEnd(scenario, broken.subject);
  return { promising: scenario, finding: { ...finding, broken, isAtEnd } };
}

/** The shortest part of a run that does not lead on: the rest is what became of it. */
function beforeMissing(
  scenario: Scenario,
  actions: readonly Action[],
  leadsTo: LeadsTo,
): readonly Action[] {
  const world = start(scenario.setup, exploredMonitors(scenario, false));
  for (let taken = 0; taken < actions.length; taken++) {
    const found = missed(world, leadsTo);
    if (found !== undefined && 'actions' in found) return actions.slice(0, taken);
    step(world, actions[taken]);
  }
  return actions;
}

export function foundByWalk(
  scenario: Scenario,
  { seed, time, actions, broken, isPlain }: Finding,
  { subject, shrunk, reach }: {
    readonly subject: Promised;
    readonly shrunk: Shrunk | undefined;
    readonly reach: Expression | undefined;
  },
): Found {
  const plain = isPlain && { plain: { seed, subject: broken.subject } };
  if (shrunk === undefined) {
    const setup = setupOf(scenario, seed, time);
    const unsaved = { hasOwnSteps: false, shrunk: () => undefined };
    return { subject, setup, actions, ...unsaved, reach, ...plain };
  }
  return {
    subject,
    setup: shrunk.setup,
    actions: shrunk.actions.map(({ action }) => action),
    hasOwnSteps: true,
    shrunk: () => shrunk,
    reach,
    ...plain,
  };
}
