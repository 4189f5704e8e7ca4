/** Looks for a schedule that breaks a promise, from the start or from a moment of a run. */
import { Effects } from '../../kernel/effects.ts';
import type { Action } from '../../kernel/action.ts';
import { start } from '../../kernel/step.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { noLimits } from '../budgets.ts';
import { choicesAt } from '../choices.ts';
import { modes } from '../modes.ts';
import { isJudgedAtEnd, mustHappen } from '../promises.ts';
import { exploringWorlds, type Order } from '../search/worlds.ts';
import { readsHistory, strategies } from '../search/explore.ts';
import { brokenIn, exploredMonitors, type Problem } from '../search/problem.ts';
import type { Exploration, Promised, WalkExtent, Walked } from '../verdict.ts';
import { Promises, promiseOf } from '../walks/broken.ts';
import {
  type Finding as Walk, type Origin, stepsMostDefault, strategiesDefault, type WalkResult, walks,
} from '../walks/walks.ts';
import type { BrokenBefore, Finding, FindRefused, Found, Shown } from './found.ts';
import { momentAfter } from './moment.ts';
import type { FindHost, FindProgress } from './progress.ts';
import { autoMode, type FindPlan, isOfScenario, watchesFor } from './request.ts';
import { type LongRun, shrinkingFrom } from './shrink-from.ts';
import { narrowed } from './targets.ts';

/** Walks get this part of the time, if a search follows. */
const walkShare = 1 / 3;
/** And so many runs. */
const autoRunsMost = 5_000;
const sliceActions = 500;
/** A finding is not kept from the user for longer, to make it shorter. */
const shrinkMsMost = 10_000;

const chosenFaults: ReadonlySet<Action['type']> = new Set([
  'crash', 'power-off', 'unplug', 'drop', 'duplicate', 'delay', 'partition', 'cut', 'pause', 'skew',
  'reset', 'disk',
]);

/** A fault that the user made: no step of the scenario asked for it. */
function isChosenFault({ type, step }: Action): boolean {
  return step === undefined && chosenFaults.has(type);
}

export function* finding(
  plan: FindPlan,
  actions: readonly Action[],
  host: FindHost,
): Generator<FindProgress, Found> {
  const watched = yield* watchedAfter(plan, actions);
  if ('refused' in watched) return { type: 'refused', why: watched.refused };
  const { scenario, before } = watched;
  const own = { ...plan, scenario };
  const tried: Shown[] = [];
  const isAuto = plan.mode === autoMode;
  const walkOf = isAuto ? undefined : modes[plan.mode];
  const doesWalk = plan.targets.reach === undefined && (isAuto || (walkOf && 'walk' in walkOf));
  if (doesWalk) {
    const walked = yield* byWalk(own, actions, { ...host, before });
    if (!isAuto || walked.finding !== undefined) return { type: 'shown', before, ...walked };
    tried.push(...walked.shown);
  }
  const { shown: [search], finding: one } = yield* bySearch(own, actions, host);
  return { type: 'shown', before, shown: [search, ...tried], ...(one && { finding: one }) };
}

/** The scenario without the promises that are broken before the moment. */
function* watchedAfter(
  plan: FindPlan,
  actions: readonly Action[],
): Generator<
  FindProgress,
  { readonly scenario: Scenario; readonly before: BrokenBefore[] } | { refused: FindRefused }
> {
  const { scenario, time, faults } = plan;
  const watches = watchesFor(plan);
  const before = new Map<string, BrokenBefore>();
  const setting = { time, faults, scenario };
  const monitors = exploredMonitors(scenario, false);
  const world = yield* momentAfter(scenario.setup, monitors, actions, (now, action, effects) => {
    const broken = brokenIn({ setting, watches }, now, action, effects);
    if (broken === undefined) return;
    const id = idOf(broken.subject);
    if (!before.has(id)) before.set(id, { ...broken, step: now.step });
  });
  if (world === undefined) return { refused: { code: 'other run' } };
  if (choicesAt(world, faults, setting).length === 0) return { refused: { code: 'run ended' } };
  const first = [...before.values()].at(0);
  // A search from the start finds it as the run of no action that it is.
  if (first === undefined || actions.length === 0) return { scenario, before: [] };
  if (plan.target !== undefined) return { refused: { code: 'broken already', before: first } };
  return { scenario: narrowed(scenario, (id) => !before.has(id)), before: [...before.values()] };
}

function idOf(subject: Promised): string {
  return isOfScenario(subject) ? promiseOf(subject) : subject.kind;
}

/** The host of a walk, which keeps what is found before it is as short as it can become. */
type WalkHost = FindHost & { readonly before: readonly BrokenBefore[] };

type ByMode = { readonly shown: readonly [Shown]; readonly finding?: Finding };

// Searches

function* bySearch(
  plan: FindPlan,
  actions: readonly Action[],
  host: FindHost,
): Generator<FindProgress, ByMode> {
  const mode = plan.mode === autoMode ? 'bfs' : plan.mode;
  let verdict = yield* searched(plan, mode, actions, host, false);
  if (readsHistory(verdict)) verdict = yield* searched(plan, mode, actions, host, true);
  const shown: Shown = { kind: 'search', mode, verdict };
  if (verdict.type !== 'violated') return { shown: [shown] };
  const { subject, reason, trace } = verdict;
  const isAtEnd = isOfScenario(subject) && isJudgedAtEnd(plan.scenario, subject);
  return { shown: [shown], finding: { subject, reason, actions: trace.actions, isAtEnd } };
}

function* searched(
  plan: FindPlan,
  mode: string,
  actions: readonly Action[],
  host: FindHost,
  hasHistory: boolean,
): Generator<FindProgress, Exploration> {
  const { scenario, time, faults, limits, targets } = plan;
  const isSpent = actions.some(isChosenFault);
  const effects = new Effects();
  const monitors = exploredMonitors(scenario, hasHistory);
  const world = actions.length === 0
    ? start(scenario.setup, monitors, effects)
    : (yield* momentAfter(scenario.setup, monitors, actions, () => undefined))!;
  const problem: Problem = {
    world,
    ...(actions.length === 0 && { effects }),
    setting: { time, faults, scenario },
    targets,
    watches: watchesFor(plan),
    isSpent,
    limits: {
      ...noLimits, depth: limits.depth, states: limits.states, bytes: limits.megabytes * 1e6,
    },
    meter: (progress) => {
      host.progress({ phase: 'searching', ...progress });
      return host.elapsed() > limits.seconds * 1_000;
    },
  };
  // Tuples begin with a whole budget.
  if (!host.isSliced && !isSpent) return strategies[mode].run(problem);
  const slices = exploringWorlds(problem, mode as Order);
  for (;;) {
    const next = slices.next();
    if (next.done) return next.value;
    yield { phase: 'searching', ...next.value };
  }
}

// Walks

/** A walk does not know which of its runs had a fault, so it promises nothing that one excuses. */
function withoutMustHappen(scenario: Scenario): Scenario {
  return { ...scenario, expect: scenario.expect.filter((one) => !mustHappen(one)) };
}

function* byWalk(
  plan: FindPlan,
  actions: readonly Action[],
  host: WalkHost,
): Generator<FindProgress, ByMode> {
  const { time, faults, limits, mode } = plan;
  const isAuto = mode === autoMode;
  const isSpent = actions.some(isChosenFault);
  const hasFaults = isSpent || Object.values(faults).some((count) => count > 0);
  const scenario = hasFaults ? withoutMustHappen(plan.scenario) : plan.scenario;
  const promises = new Promises(scenario, plan.target);
  const { setup } = scenario;
  const world = (yield* momentAfter(setup, promises.monitors, actions, () => undefined))!;
  const from: Origin = { world, promises };
  const chosen = isAuto ? undefined : modes[mode];
  const all = walks(scenario, {
    strategies: chosen !== undefined && 'walk' in chosen ? [chosen.walk] : strategiesDefault,
    time,
    faults,
    seeds: [1, Math.min(limits.runs, isAuto ? autoRunsMost : Infinity)],
    stepsMost: Math.min(limits.depth, stepsMostDefault),
    slice: sliceActions,
    isSpent,
    from,
  });
  const until = limits.seconds * 1_000 * (isAuto ? walkShare : 1);
  const { result, isStopped } = yield* walked(all, host, until);
  const extent = extentOf(plan, result);
  const modeName = isAuto ? 'walks' : mode;
  const { finding: found, clock } = result;
  if (found === undefined) {
    const why = clock === undefined
      ? ({ code: 'stopped', at: isStopped ? 'time' : 'seeds' } as const)
      : ({ code: 'reads-clock', ...clock } as const);
    const verdict: Walked = { type: 'unknown', why, ...extent };
    return { shown: [{ kind: 'walk', mode: modeName, verdict }] };
  }
  return yield* shrunk({ ...plan, scenario }, from, found, { extent, mode: modeName, host });
}

function* walked(
  all: Generator<{ runs: number; steps: number; depth: number }, WalkResult>,
  host: FindHost,
  untilMs: number,
): Generator<FindProgress, { readonly result: WalkResult; readonly isStopped: boolean }> {
  let progress = { runs: 0, steps: 0, depth: 0 };
  for (;;) {
    if (host.elapsed() > untilMs) {
      return { result: { ...progress, cut: 0, finding: undefined }, isStopped: true };
    }
    const next = all.next();
    if (next.done) return { result: next.value, isStopped: false };
    progress = next.value;
    yield { phase: 'walking', ...progress };
  }
}

function* shrunk(
  plan: FindPlan,
  from: Origin,
  found: Walk,
  { extent, mode, host }: {
    readonly extent: WalkExtent;
    readonly mode: string;
    readonly host: WalkHost;
  },
): Generator<FindProgress, ByMode> {
  const { scenario, time, limits } = plan;
  const until = host.elapsed() + Math.min(shrinkMsMost, limits.seconds * 1_000);
  const isEnough = () => host.isEnough?.() === true;
  const as = ({ broken: { subject, reason }, actions, isAtEnd }: LongRun) => {
    const verdict: Walked = {
      type: 'violated',
      subject,
      reason,
      seed: found.seed,
      before: found.actions.length,
      trace: { actions },
      nodes: scenario.setup.nodes.map(({ id }) => id),
      ...extent,
    };
    return {
      shown: [{ kind: 'walk', mode, verdict }],
      finding: { subject, reason, actions, isAtEnd, ...(isEnough() && { isCutShort: true }) },
    } as const;
  };
  const { before } = host;
  const keep = (run: LongRun) => host.keep?.({ type: 'shown', before, ...as(run) });
  keep(found);
  const isOver = () => isEnough() || host.elapsed() > until;
  return as(yield* shrinkingFrom(scenario, from, time, found, { isOver, keep }));
}

function extentOf({ time, faults, limits }: FindPlan, result: WalkResult): WalkExtent {
  const { runs, steps, depth, cut } = result;
  return {
    time,
    faults,
    limits: { ...noLimits, depth: Math.min(limits.depth, stepsMostDefault) },
    seeds: runs === 0 ? undefined : [1, runs],
    runs,
    transitions: steps,
    depth,
    cut: cut > 0 ? ['depth'] : [],
  };
}
