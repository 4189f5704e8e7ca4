/** What a search for a schedule is requested to do, and the plan that follows from it. */
import { parseDuration } from '../../kernel/text/duration.ts';
import type { Expression } from '../../scenario/conditions/condition.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { withHint } from '../../scenario/problem.ts';
import { didYouMean } from '../../scenario/suggest.ts';
import type { Subject } from '../../scenario/verdict.ts';
import { type FaultBudget, noFaults, parseFaults } from '../budgets.ts';
import { modes } from '../modes.ts';
import type { Targets } from '../search/problem.ts';
import { judgedIn, whyTimed } from '../timeless.ts';
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
  /** From every state, once faults stop, the condition is true within the time; nothing else. */
  readonly leadsTo?: { readonly condition: string; readonly within: string };
  /** A condition: states in which it is false are not searched further. */
  readonly inside?: string;
  /** The nodes that crash or are cut off by the budget of faults; all of them, if it is absent. */
  readonly on?: readonly string[];
  /** False to take all choices, also those that commute with others; walks leave out none. */
  readonly reduction?: boolean;
  readonly limits?: FindLimits;
}

/** A search is bounded unless its user removes the bounds. Some are off by default. */
export const limitsDefault: Required<Omit<FindLimits, 'depth' | 'messages'>> = {
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
  readonly faulty: readonly string[] | undefined;
  /** False to take all choices of a search. */
  readonly reduces: boolean;
  readonly limits: Required<FindLimits>;
}

export type WrongRequest =
  | { readonly code: 'mode' | 'target' | 'node'; readonly found: string; readonly hint: string }
  | { readonly code: 'faults'; readonly why: string }
  | { readonly code: 'limit'; readonly name: string; readonly found: number }
  /** A walk does not know which states are left out. */
  | { readonly code: 'not for walks'; readonly field: string; readonly mode: string }
  | ({ readonly code: 'condition'; readonly of: ConditionName } & ConditionProblem)
  /** The time of `leadsTo`. */
  | { readonly code: 'time'; readonly found: string }
  /** Faults would strike nothing. */
  | { readonly code: 'no nodes' }
  /** A search has one aim. */
  | { readonly code: 'two aims' }
  /** A promise that reads the time, in an untimed search. */
  | { readonly code: 'timed target'; readonly name: string };

export interface ConditionProblem {
  /** The first column of what is wrong, from 1. */
  readonly column: number;
  readonly why: string;
}

type ConditionName = 'reach' | 'leadsTo' | 'inside';

export function planOf(
  request: FindRequest,
  scenario: Scenario,
): FindPlan | { readonly wrong: WrongRequest } {
  const { mode = autoMode, time = 'timed', target, on } = request;
  const names = Object.keys(modes);
  if (!names.includes(mode)) return { wrong: { code: 'mode', found: mode, ...hint(mode, names) } };
  const faults = request.faults === undefined ? { budget: noFaults } : parseFaults(request.faults);
  if ('problem' in faults) return { wrong: { code: 'faults', why: faults.problem } };
  const limits = { ...limitsDefault, depth: Infinity, messages: Infinity, ...request.limits };
  for (const name of limitNames) {
    const found = limits[name];
    if (!(found >= 1) || (found !== Infinity && !Number.isSafeInteger(found))) {
      return { wrong: { code: 'limit', name, found } };
    }
  }
  const field = 'walk' in modes[mode] ? fieldOfSearches(request) : undefined;
  if (field !== undefined) return { wrong: { code: 'not for walks', field, mode } };
  const ids = targetsOf(scenario).map(({ id }) => id);
  if (target !== undefined && !ids.includes(target)) {
    return { wrong: { code: 'target', found: target, ...hint(target, ids) } };
  }
  const nodes = scenario.setup.nodes.map(({ id }) => id);
  if (on?.length === 0) return { wrong: { code: 'no nodes' } };
  const stranger = on?.find((id) => !nodes.includes(id));
  if (stranger !== undefined) {
    return { wrong: { code: 'node', found: stranger, ...hint(stranger, nodes) } };
  }
  const chosen = targetsOf(scenario).find(({ id }) => id === target);
  if (chosen !== undefined && judgedIn(time, scenario).unjudged.includes(chosen.text)) {
    return { wrong: { code: 'timed target', name: chosen.text } };
  }
  const targets = aimOf(request, scenario);
  if ('wrong' in targets) return targets;
  const isMeant = (id: string) => {
    return !hasAim({ targets }) && (target === undefined || target === id);
  };
  return {
    mode, time, faults: faults.budget, target, targets, limits, faulty: on,
    reduces: request.reduction !== false,
    scenario: narrowed(scenario, isMeant),
  };
}

/** What only a search can keep to. */
function fieldOfSearches({ inside, limits = {} }: FindRequest): string | undefined {
  if (inside !== undefined) return 'inside';
  const limit = (['messages', 'megabytes'] as const).find((name) => limits[name] !== undefined);
  return limit && `limits.${limit}`;
}

function hint(found: string, names: readonly string[]): { readonly hint: string } {
  return { hint: didYouMean(found, names) ?? `choose from ${names.join(', ')}` };
}

function aimOf(
  { target, reach, leadsTo, inside, time = 'timed' }: FindRequest,
  scenario: Scenario,
): Targets | { wrong: WrongRequest } {
  const aims = [target, reach, leadsTo].filter((one) => one !== undefined);
  if (aims.length > 1) return { wrong: { code: 'two aims' } };
  const within = conditionOf('inside', inside, scenario, time);
  if (within !== undefined && 'wrong' in within) return within;
  const around = within && { within };
  const reached = conditionOf('reach', reach, scenario, time);
  if (reached !== undefined) return 'wrong' in reached ? reached : { ...around, reach: reached };
  const condition = conditionOf('leadsTo', leadsTo?.condition, scenario);
  if (leadsTo === undefined || condition === undefined) return { ...around };
  if ('wrong' in condition) return condition;
  const lasts = parseDuration(leadsTo.within);
  if (lasts === undefined || lasts <= 0) return { wrong: { code: 'time', found: leadsTo.within } };
  return { ...around, leadsTo: { condition, within: lasts } };
}

function conditionOf(
  of: ConditionName,
  text: string | undefined,
  scenario: Scenario,
  time: TimeMode = 'timed',
): Expression | { readonly wrong: WrongRequest } | undefined {
  if (text === undefined) return undefined;
  const compiled = compiledOf(text, scenario);
  if ('why' in compiled) return { wrong: { code: 'condition', of, ...compiled } };
  const why = whyTimed(time, compiled);
  return why === undefined ? compiled : { wrong: { code: 'condition', of, column: 1, why } };
}

/** Undefined if the condition is right. */
export function conditionProblem(text: string, scenario: Scenario): ConditionProblem | undefined {
  const compiled = compiledOf(text, scenario);
  return 'why' in compiled ? compiled : undefined;
}

function compiledOf(text: string, { language }: Scenario): Expression | ConditionProblem {
  const compiled = language.condition(text);
  if ('expression' in compiled) return compiled.expression;
  const { fault } = compiled;
  return { column: fault.start + 1, why: withHint(fault) };
}

/** Whether a state is searched for, or a way to one, and no promise of the scenario. */
export function hasAim({ targets: { reach, leadsTo } }: Pick<FindPlan, 'targets'>): boolean {
  return reach !== undefined || leadsTo !== undefined;
}

/** Whether a search is about a subject. */
export function watchesFor(plan: FindPlan): (subject: Promised) => boolean {
  const { target } = plan;
  return (subject) => {
    if (hasAim(plan) || !isOfScenario(subject)) return false;
    return target === undefined || promiseOf(subject) === target;
  };
}

/** Whether the scenario itself makes the promise, and not a request. */
export function isOfScenario(subject: Promised): subject is Subject {
  return subject.kind !== 'reach' && subject.kind !== 'leads to';
}
