/** What a search for a schedule is requested to do, and the plan that follows from it. */
import type { Scenario } from '../../scenario/scenario.ts';
import { withHint } from '../../scenario/problem.ts';
import { didYouMean } from '../../scenario/suggest.ts';
import type { Subject } from '../../scenario/verdict.ts';
import { type FaultBudget, noFaults, parseFaults } from '../budgets.ts';
import { modes } from '../modes.ts';
import type { Targets } from '../search/problem.ts';
import type { Promised, TimeMode } from '../verdict.ts';
import { promiseOf } from '../walks/broken.ts';
import { type FindLimits, limitNames } from './limits.ts';
import { narrowed, targetsOf } from './targets.ts';

/** Plain data, as a client sends it. All fields may be left out. */
export interface FindRequest {
  /** `auto`, or a mode of `lockstep explore`. */
  readonly mode?: string;
  readonly time?: TimeMode;
  /** As on the command line: `crashes=1,drops=any`. */
  readonly faults?: string;
  /** The id of a promise (see `targetsOf`); all of them, if it is absent. */
  readonly target?: string;
  /** A condition: a state in which it is true is searched for, and nothing else. */
  readonly reach?: string;
  readonly limits?: FindLimits;
}

/** A search is bounded unless its user removes the bounds. There is no bound of the depth. */
export const limitsDefault: Required<Omit<FindLimits, 'depth'>> = {
  seconds: 30, states: 500_000, runs: 100_000, megabytes: 1_000,
};

/** The mode without a choice. */
const autoMode = 'auto';

export interface FindPlan {
  readonly mode: string;
  readonly time: TimeMode;
  readonly faults: FaultBudget;
  /** The scenario with the promises that are searched for alone. */
  readonly scenario: Scenario;
  readonly target: string | undefined;
  readonly targets: Targets;
  readonly limits: Required<FindLimits>;
}

export type WrongRequest =
  | { readonly code: 'mode' | 'target'; readonly found: string; readonly hint: string }
  | { readonly code: 'faults'; readonly why: string }
  | { readonly code: 'limit'; readonly name: string; readonly found: number }
  /** The condition of `reach`, with the first column of what is wrong, from 1. */
  | { readonly code: 'condition'; readonly column: number; readonly why: string }
  /** A walk looks for broken promises alone. */
  | { readonly code: 'walk reaches'; readonly mode: string };

export function planOf(
  request: FindRequest,
  scenario: Scenario,
): FindPlan | { readonly wrong: WrongRequest } {
  const { mode = autoMode, time = 'timed', target, reach } = request;
  const names = Object.keys(modes);
  if (!names.includes(mode)) return { wrong: { code: 'mode', found: mode, ...hint(mode, names) } };
  const faults = request.faults === undefined ? { budget: noFaults } : parseFaults(request.faults);
  if ('problem' in faults) return { wrong: { code: 'faults', why: faults.problem } };
  const limits = { ...limitsDefault, depth: Infinity, ...request.limits };
  for (const name of limitNames) {
    const found = limits[name];
    if (!(found >= 1) || (found !== Infinity && !Number.isSafeInteger(found))) {
      return { wrong: { code: 'limit', name, found } };
    }
  }
  const ids = targetsOf(scenario).map(({ id }) => id);
  if (target !== undefined && !ids.includes(target)) {
    return { wrong: { code: 'target', found: target, ...hint(target, ids) } };
  }
  const targets = reach === undefined ? {} : reaching(reach, scenario);
  if ('wrong' in targets) return targets;
  if (reach !== undefined && 'walk' in modes[mode]) {
    return { wrong: { code: 'walk reaches', mode } };
  }
  const isMeant = (id: string) => {
    return reach === undefined && (target === undefined || target === id);
  };
  return {
    mode, time, faults: faults.budget, target, targets, limits,
    scenario: narrowed(scenario, isMeant),
  };
}

function hint(found: string, names: readonly string[]): { readonly hint: string } {
  return { hint: didYouMean(found, names) ?? `choose from ${names.join(', ')}` };
}

function reaching(text: string, { language }: Scenario): Targets | { wrong: WrongRequest } {
  const compiled = language.condition(text);
  if ('expression' in compiled) return { reach: compiled.expression };
  const { fault } = compiled;
  return { wrong: { code: 'condition', column: fault.start + 1, why: withHint(fault) } };
}

/** Whether a search is about a subject. */
export function watchesFor({ target, targets }: FindPlan): (subject: Promised) => boolean {
  return (subject) => {
    if (targets.reach !== undefined || !isOfScenario(subject)) return false;
    return target === undefined || promiseOf(subject) === target;
  };
}

/** Whether the scenario itself makes the promise, and not a request. */
export function isOfScenario(subject: Promised): subject is Subject {
  return subject.kind !== 'reach' && subject.kind !== 'leads to';
}
