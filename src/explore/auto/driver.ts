/**
 * The mode that does all, for the command line and the editor: which searches and walks it tries,
 * one after the other, and what its verdict is. Their host takes them, with its clock and threads.
 */
import type { Scenario } from '../../scenario/scenario.ts';
import { type FaultBudget, type Limits, noFaults } from '../budgets.ts';
import type { Cut, Exploration, TimeMode, Walked } from '../verdict.ts';
import type { Strategy } from '../walks/strategies.ts';
import {
  type BeyondBounds, modelsCrashes, type Notice, type Outside, type Trial, trialsForNotice,
  trialsOfProtocol, type TriedBeyond,
} from './beyond.ts';

/** What is tried next. */
export type Try =
  /** The search that was requested, which ends as unknown after so many states. */
  | { readonly type: 'search'; readonly isFirst: boolean; readonly states: number }
  | ({ readonly type: 'walk' } & WalkTry);

export interface WalkTry extends Trial {
  readonly strategies: readonly Strategy[];
  /** The first and the last seed. */
  readonly seeds: readonly [number, number];
  readonly stepsMost: number;
  /** It may take so many milliseconds, or this part of the time that is left. */
  readonly lasts: { readonly ms: number } | { readonly share: number };
  /** Whether it is short enough for one thread. */
  readonly isShort: boolean;
}

export interface AutoPlan {
  readonly scenario: Scenario;
  readonly time: TimeMode;
  readonly faults: FaultBudget;
  readonly limits: Pick<Limits, 'states' | 'depth'>;
  readonly strategies: readonly Strategy[];
  readonly seeds: readonly [number, number];
  readonly stepsMost: number;
  /** How long all of it may take, in milliseconds; `Infinity` if that is not limited. */
  readonly msMost: number;
  /** Whether the user set no bounds, so that there is something beyond them. */
  readonly goesBeyond: boolean;
  /** Whether some states are left out: walks do not know which, so there is only the search. */
  readonly leavesOutStates: boolean;
}

/** What a host says of a try; a violation is in its verdict. */
export interface Tried {
  readonly verdict: Exploration | Walked;
}

export interface Auto<Result extends Tried> {
  readonly result: Result;
  /** What walks showed beside a search. */
  readonly runs?: Walked;
  /** What breaks beyond what was asked. */
  readonly notice?: Notice;
  /** The violation was found beyond the bounds of the scenario. */
  readonly beyond?: BeyondBounds;
  readonly outside: Outside;
}

type Tries<Result, Value> = Generator<Try, Value, Result>;

/** So many states are searched before walks begin: many faults are near, and need no luck. */
const statesAtFirst = 10_000;

/** What a search took from the seed alone. */
const ofOneSeed: readonly Cut[] = ['times', 'losses', 'boots'];

/** So many runs are tried beside a search that went to its end. */
const runsBeside = 1_000;

/** The run of the scenario itself may be this long. */
const ownStepsMost = 100_000;

/** So many runs are tried before anything beyond the bounds, for so long at most, in ms. */
const runsBefore = 300;
const msBefore = 3_000;

/** No trial beyond them takes more runs, or longer, in ms. */
const trialRunsMost = 2_000;
const trialMsMost = 4_000;

/** And none of these takes a larger part of the whole time. */
const trialShare = 0.1;

/** Walks may take this part of the time that is left; then the search goes to its end. */
const walkShare = 0.4;

export function* autoTries<Result extends Tried>(plan: AutoPlan): Tries<Result, Auto<Result>> {
  const tried: TriedBeyond[] = [];
  const hasCrashes = modelsCrashes(plan.scenario);
  const { goesOn, ...found } = yield* insideFirst<Result>(plan, tried);
  const why = whyNotBeyond(plan, found.result);
  const { notice, isLast } = why === undefined
    ? yield* beyond<Result>(plan, tried)
    : { notice: undefined, isLast: true };
  // The search of all states comes last: often there are too many, so that it takes all the time.
  const all = goesOn ? { ...found, result: yield wholeOf(plan) } : found;
  const isOver = isBroken(all.result);
  const end = why ?? (isOver ? 'broken' : notice !== undefined && !isLast ? 'noticed' : undefined);
  const outside = { tried, hasCrashes, ...(end && { why: end }) };
  return { ...all, ...(notice && !isOver && { notice }), outside };
}

/** What faults, and no time at all, break. */
function* beyond<Result extends Tried>(
  plan: AutoPlan,
  tried: TriedBeyond[],
): Tries<Result, { readonly notice?: Notice; readonly isLast: boolean }> {
  const trials = trialsForNotice(plan.scenario);
  for (const trial of trials) {
    const { verdict } = yield walkOf(plan, trial);
    // A search has no seed.
    if (verdict.type === 'violated' && 'seed' in verdict) {
      const notice = { time: trial.time, faults: trial.faults, verdict };
      return { notice, isLast: trial === trials.at(-1) };
    }
    tried.push(triedOf(trial, verdict));
  }
  return { isLast: true };
}

function wholeOf({ limits }: AutoPlan): Try {
  return { type: 'search', isFirst: false, states: limits.states };
}

function whyNotBeyond(plan: AutoPlan, result: Tried): Outside['why'] {
  if (plan.leavesOutStates) return 'left out';
  if (!plan.goesBeyond) return 'chosen';
  return isBroken(result) ? 'broken' : undefined;
}

function triedOf({ time, faults, slower }: Trial, verdict: Tried['verdict']): TriedBeyond {
  const readsClock = verdict.type === 'unknown' && verdict.why.code === 'reads-clock';
  return {
    time, faults, ...(slower && { slower }), runs: 'runs' in verdict ? verdict.runs : 0,
    ...(readsClock && { readsClock }),
  };
}

interface Inside<Result extends Tried> extends Omit<Auto<Result>, 'outside' | 'notice'> {
  /** The search of all states is still to come. */
  readonly goesOn?: true;
}

function* insideFirst<Result extends Tried>(
  plan: AutoPlan,
  triedBeyond: TriedBeyond[],
): Tries<Result, Inside<Result>> {
  const { scenario, time, faults, limits, seeds: [begin, last] } = plan;
  if (plan.leavesOutStates) {
    return { result: yield wholeOf(plan) };
  }
  const asked = { scenario, time, faults };
  if (time === 'timed') {
    // The run of the scenario itself: a broken twin violates its promise there.
    const own = yield ownRun(plan);
    if (isBroken(own)) return { result: own };
  }
  const states = Math.min(limits.states, statesAtFirst);
  const first = yield { type: 'search', isFirst: true, states };
  const { isPartial, isShort } = reachOf(first, states < limits.states);
  if (!isShort && !isPartial) return { result: first };
  const seeds = [begin, isPartial ? Math.min(last, begin + runsBeside - 1) : last] as const;
  const walk: Omit<WalkTry, 'lasts'> & { type: 'walk' } = {
    type: 'walk', ...asked, strategies: plan.strategies, seeds, stepsMost: plan.stepsMost,
    isShort: false,
  };
  if (plan.goesBeyond) {
    const few = [begin, Math.min(seeds[1], begin + runsBefore - 1)] as const;
    const near = yield { ...walk, seeds: few, lasts: { ms: bounded(plan, msBefore) } };
    if (isBroken(near)) return { result: near };
    for (const trial of trialsOfProtocol(scenario)) {
      const tried = yield walkOf(plan, trial);
      if (!isBroken(tried)) {
        triedBeyond.push(triedOf(trial, tried.verdict));
        continue;
      }
      const { slower } = trial;
      const within = first.verdict as Exploration;
      return { result: tried, beyond: { within, ...(slower && { slower }) } };
    }
  }
  const walked = yield { ...walk, lasts: { share: walkShare } };
  if (isBroken(walked)) return { result: walked };
  return { result: first, runs: walked.verdict as Walked, ...(!isPartial && { goesOn: true }) };
}

function ownRun({ scenario, limits, time, msMost }: AutoPlan): Try {
  const { setup: { seed } } = scenario;
  const stepsMost = Math.min(limits.depth, ownStepsMost);
  return {
    type: 'walk', scenario, time, faults: noFaults, strategies: [{ type: 'plain' }],
    seeds: [seed, seed], stepsMost, lasts: { ms: msMost }, isShort: true,
  };
}

function isBroken({ verdict }: Tried): boolean {
  return verdict.type === 'violated';
}

/** How far the first search went. */
function reachOf({ verdict }: Tried, hasMore: boolean) {
  const isShort = hasMore && verdict.type === 'unknown' && verdict.why.code === 'stopped' &&
    verdict.why.at === 'states';
  // With time, a search tries one moment for each action; walks try others.
  const isPartial = (verdict.type === 'unknown' && verdict.why.code === 'long-draw') ||
    (verdict.type === 'holds' && verdict.cut.some((one) => ofOneSeed.includes(one)));
  return { isShort, isPartial };
}

/** The walks of a trial. */
function walkOf(plan: AutoPlan, trial: Trial): Try {
  const { seeds: [first, last], stepsMost } = plan;
  return {
    type: 'walk',
    ...trial,
    // A run as the simulator takes it is judged by its waits, which slower messages disturb.
    strategies: plan.strategies.filter(({ type }) => type !== 'plain'),
    seeds: [first, Math.min(last, first + trialRunsMost - 1)],
    stepsMost,
    lasts: { ms: bounded(plan, trialMsMost) },
    isShort: true,
  };
}

function bounded({ msMost }: AutoPlan, ms: number): number {
  return Math.min(ms, msMost * trialShare);
}
