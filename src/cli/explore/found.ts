/** A violation that was found: the run that shows it, and what a saved scenario is made from. */
import { type Shrunk, shrink } from '../../explore/shrink/shrink.ts';
import type { Exploration, Promised } from '../../explore/verdict.ts';
import { type Finding, setupOf } from '../../explore/walks/walks.ts';
import type { Action } from '../../kernel/action.ts';
import type { Setup } from '../../kernel/plan.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Subject } from '../../scenario/verdict.ts';

export interface Found {
  readonly subject: Promised;
  /** The run that is shown: `step` takes the actions after a start with this setup. */
  readonly setup: Setup;
  readonly actions: readonly Action[];
  /** Whether the steps of the scenario are among the actions, and not taken from it. */
  readonly hasOwnSteps: boolean;
  /** The shrunk schedule; undefined if the violation cannot be scheduled. */
  shrunk(): Shrunk | undefined;
}

/** A search shows the run that it took: breadth-first, there is no shorter one. */
export function foundBySearch(
  scenario: Scenario,
  { subject, reason, trace: { actions }, time }: Extract<Exploration, { type: 'violated' }>,
): Found {
  const { setup } = scenario;
  const shrunk = () => {
    if (!isOfScenario(subject)) return undefined;
    if (reason.code === 'reached' || reason.code === 'not-reached') return undefined;
    const isAtEnd = isJudgedAtEnd(scenario, subject);
    return shrink(scenario, {
      broken: { subject, reason }, seed: setup.seed, time, actions, isAtEnd,
    });
  };
  return { subject, setup, actions, hasOwnSteps: false, shrunk };
}

export function foundByWalk(
  scenario: Scenario,
  { broken: { subject }, seed, time, actions }: Finding,
  shrunk: Shrunk | undefined,
): Found {
  if (shrunk === undefined) {
    const setup = setupOf(scenario, seed, time);
    return { subject, setup, actions, hasOwnSteps: false, shrunk: () => undefined };
  }
  return {
    subject,
    setup: shrunk.setup,
    actions: shrunk.actions.map(({ action }) => action),
    hasOwnSteps: true,
    shrunk: () => shrunk,
  };
}

/** Whether the scenario itself makes the promise, and not an option of the command. */
export function isOfScenario(subject: Promised): subject is Subject {
  return subject.kind !== 'reach' && subject.kind !== 'leads to';
}

function isJudgedAtEnd({ expect }: Scenario, subject: Subject): boolean {
  if (subject.kind !== 'expectation') return false;
  return expect.some(({ text, type }) => {
    return text === subject.text && (type === 'end' || type === 'history');
  });
}
