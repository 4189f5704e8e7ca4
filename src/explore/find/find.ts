/** Looks for a schedule that breaks a promise, from the start or from a moment of a run. */
import { Effects } from '../../kernel/effects.ts';
import type { Action } from '../../kernel/action.ts';
import type { Setup } from '../../kernel/plan.ts';
import { start, step } from '../../kernel/step.ts';
import type { World } from '../../kernel/world.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { autoTries, type Tried, type WalkTry } from '../auto/driver.ts';
import { noLimits } from '../budgets.ts';
import { choicesAt, type Setting } from '../choices.ts';
import { continuation } from '../liveness.ts';
import { modes } from '../modes.ts';
import { isJudgedAtEnd, mustHappen } from '../promises.ts';
import { exploringWorlds, type Order } from '../search/worlds.ts';
import { readsHistory, readsTimeIn, strategies } from '../search/explore.ts';
import { judgedIn, learnsTime } from '../timeless.ts';
import {
  brokenIn, exploredMonitors, leavesOutStates, type Problem, type Targets,
} from '../search/problem.ts';
import type { Exploration, Promised, WalkExtent, Walked } from '../verdict.ts';
import {
  type Broken, missing, Promises, promiseOf, reachedAs, withReach,
} from '../walks/broken.ts';
import {
  type Finding as Walk, type Origin, stepsMostDefault, type WalkResult, walks,
} from '../walks/walks.ts';
import type { Strategy } from '../walks/strategies.ts';
import type { BrokenBefore, Finding, FindRefused, Found, Shown } from './found.ts';
import { momentAfter } from './moment.ts';
import type { FindHost, FindProgress } from './progress.ts';
import { type FindPlan, isOfScenario, watchesFor } from './request.ts';
import { type LongRun, shrinkingFrom } from './shrink-from.ts';
import { narrowed } from './targets.ts';

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
  const chosen = modes[plan.mode];
  const found = 'both' in chosen
    ? yield* byAll(own, chosen.both, actions, { ...host, before })
    : 'run' in chosen
      ? yield* bySearch(own, actions, host)
      : yield* byWalk(own, actions, { ...host, before }, {
        strategies: [chosen.walk], seeds: [1, plan.limits.runs], stepsMost: stepsMostDefault,
        untilMs: plan.limits.seconds * 1_000, name: plan.mode,
      });
  return { type: 'shown', before, ...found };
}

/** Takes what the driver tries: the mode that does all is the same as on the command line. */
function* byAll(
  plan: FindPlan,
  strategiesOfAll: readonly Strategy[],
  actions: readonly Action[],
  host: WalkHost,
): Generator<FindProgress, ByMode> {
  const { scenario, time, faults, faulty, limits, target, targets } = plan;
  const msMost = limits.seconds * 1_000;
  const hasTargets = Object.keys(targets).length > 0;
  const tries = autoTries<ByMode & Tried>({
    scenario, time, faults, limits, msMost,
    // The run of the simulator is judged by the steps of the scenario, too.
    strategies: strategiesOfAll.filter(({ type }) => {
      return type !== 'plain' || (target === undefined && !hasTargets);
    }),
    seeds: [1, limits.runs],
    stepsMost: stepsMostDefault,
    goesBeyond: time === 'timed' && faulty === undefined && !hasTargets &&
      Object.values(faults).every((count) => count === 0),
    leavesOutStates: leavesOutStates(targets, limits),
  });
  for (let next = tries.next(); ;) {
    if (next.done) {
      const { result: { shown, finding: one }, ...beside } = next.value;
      return { shown: { ...shown, ...beside } as Shown, ...(one && { finding: one }) };
    }
    const one = next.value;
    const found = one.type === 'search'
      ? yield* bySearch({ ...plan, limits: { ...limits, states: one.states } }, actions, host)
      : yield* byWalk({ ...plan, ...one }, actions, host, {
        ...one, untilMs: untilOf(one.lasts, msMost, host), name: 'walks',
      });
    next = tries.next({ ...found, verdict: found.shown.verdict });
  }
}

function untilOf(lasts: WalkTry['lasts'], msMost: number, { elapsed }: FindHost): number {
  const now = elapsed();
  return Math.min(msMost, now + ('ms' in lasts ? lasts.ms : (msMost - now) * lasts.share));
}

/** The scenario without the promises that are broken before the moment. */
function* watchedAfter(
  plan: FindPlan,
  actions: readonly Action[],
): Generator<
  FindProgress,
  { readonly scenario: Scenario; readonly before: BrokenBefore[] } | { refused: FindRefused }
> {
  const { scenario } = plan;
  const watches = watchesFor(plan);
  const before = new Map<string, BrokenBefore>();
  const setting = settingOf(plan);
  const monitors = exploredMonitors(scenario, false);
  const world = yield* momentAfter(scenario.setup, monitors, actions, (now, action, effects) => {
    const broken = brokenIn({ setting, watches }, now, action, effects);
    if (broken === undefined) return;
    const id = idOf(broken.subject);
    if (!before.has(id)) before.set(id, { ...broken, step: now.step });
  });
  if (world === undefined) return { refused: { code: 'other run' } };
  const hasChoice = choicesAt(world, plan.faults, setting).length > 0;
  if (!hasChoice) return { refused: { code: 'run ended' } };
  const first = [...before.values()].at(0);
  // A search from the start finds it as the run of no action that it is.
  if (first === undefined || actions.length === 0) return { scenario, before: [] };
  if (plan.target !== undefined) return { refused: { code: 'broken already', before: first } };
  return { scenario: narrowed(scenario, (id) => !before.has(id)), before: [...before.values()] };
}

function settingOf({ time, faults, faulty, scenario }: FindPlan): Setting {
  return { time, faults, scenario, ...(faulty && { faulty }) };
}

function idOf(subject: Promised): string {
  return isOfScenario(subject) ? promiseOf(subject) : subject.kind;
}

/** The host of a walk, which keeps what is found before it is as short as it can become. */
type WalkHost = FindHost & { readonly before: readonly BrokenBefore[] };

type ByMode = { readonly shown: Shown; readonly finding?: Finding };

// Searches

function* bySearch(
  plan: FindPlan,
  actions: readonly Action[],
  host: FindHost,
): Generator<FindProgress, ByMode> {
  const mode = 'both' in modes[plan.mode] ? 'bfs' : plan.mode;
  let verdict: Exploration;
  do {
    verdict = yield* searched(plan, mode, actions, host, false);
    if (readsHistory(verdict)) verdict = yield* searched(plan, mode, actions, host, true);
  } while (readsTimeIn(verdict, plan.scenario, actions));
  const shown: Shown = { kind: 'search', mode, verdict };
  if (verdict.type !== 'violated') return { shown };
  const { subject, reason, trace } = verdict;
  const isAtEnd = isOfScenario(subject)
    ? isJudgedAtEnd(plan.scenario, subject)
    : subject.kind === 'leads to';
  return { shown, finding: { subject, reason, actions: trace.actions, isAtEnd } };
}

function* searched(
  plan: FindPlan,
  mode: string,
  actions: readonly Action[],
  host: FindHost,
  hasHistory: boolean,
): Generator<FindProgress, Exploration> {
  const { limits, targets } = plan;
  const { scenario, unjudged } = judgedIn(plan.time, plan.scenario);
  const isSpent = actions.some(isChosenFault);
  const effects = new Effects();
  const monitors = exploredMonitors(scenario, hasHistory);
  const world = actions.length === 0
    ? start(scenario.setup, monitors, effects)
    : (yield* momentAfter(scenario.setup, monitors, actions, () => undefined))!;
  const problem: Problem = {
    world,
    ...(actions.length === 0 && { effects }),
    setting: settingOf({ ...plan, scenario }),
    unjudged,
    targets,
    ...(!plan.reduces && { reduces: false }),
    watches: watchesFor(plan),
    isSpent,
    limits: {
      depth: limits.depth, messages: limits.messages, states: limits.states,
      bytes: limits.megabytes * 1e6,
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

/** How a plan is walked. */
interface WalkWay {
  /** What the mode is called. */
  readonly name: string;
  readonly strategies: readonly Strategy[];
  readonly seeds: readonly [number, number];
  readonly stepsMost: number;
  /** When it ends, in milliseconds since the search began. */
  readonly untilMs: number;
  /** Messages may take so many times as long as in the scenario. */
  readonly slower?: number;
}

/** Walks again without a promise that turns out to read the time. */
function* byWalk(
  plan: FindPlan,
  actions: readonly Action[],
  host: WalkHost,
  way: WalkWay,
): Generator<FindProgress, ByMode> {
  for (;;) {
    const walked = yield* walkedOnce(plan, actions, host, way);
    if (walked === undefined) continue;
    if (!readsTimeIn(walked.shown.verdict, plan.scenario, actions)) return walked;
  }
}

/** Undefined if what it found breaks a promise that turns out to read the time. */
function* walkedOnce(
  plan: FindPlan,
  actions: readonly Action[],
  host: WalkHost,
  { name: mode, strategies: ways, seeds, stepsMost, untilMs, slower }: WalkWay,
): Generator<FindProgress, ByMode | undefined> {
  const { time, faults, faulty, limits, targets: { reach, leadsTo } } = plan;
  const isSpent = actions.some(isChosenFault);
  const hasFaults = isSpent || Object.values(faults).some((count) => count > 0);
  const judged = judgedIn(time, plan.scenario);
  const promised = hasFaults ? withoutMustHappen(judged.scenario) : judged.scenario;
  const scenario = reach === undefined ? promised : withReach(promised, reach);
  const aim = reach === undefined ? leadsTo && missing(leadsTo) : reachedAs(reach);
  const promises = new Promises(scenario, aim ? promiseOf(aim.subject) : plan.target);
  const { setup } = scenario;
  const world = (yield* momentAfter(setup, promises.monitors, actions, () => undefined))!;
  const from: Origin = { world, promises };
  // A session knows the network of its scenario alone, so the run itself says that it is slower.
  const begun = slower === undefined ? [] : [slowing(world, setup, slower)];
  for (const action of begun) step(world, action);
  const most = Math.min(limits.depth, stepsMost);
  const all = walks(scenario, {
    strategies: ways, time, faults, seeds, stepsMost: most, slice: sliceActions, isSpent, from,
    ...(faulty && { faulty }),
    ...(leadsTo && { leadsTo }),
  });
  const { result, isStopped } = yield* walked(all, host, untilMs);
  const extent = {
    ...extentOf(plan, result, seeds, most),
    ...(judged.unjudged.length > 0 && { unjudged: judged.unjudged }),
  };
  const { finding: found, clock } = result;
  if (found === undefined) {
    const why = clock === undefined
      ? ({ code: 'stopped', at: isStopped ? 'time' : 'seeds' } as const)
      : ({ code: 'reads-clock', ...clock } as const);
    const verdict: Walked = { type: 'unknown', why, ...extent };
    return { shown: { kind: 'walk', mode, verdict } };
  }
  // Before it is kept as what a cancelled search has found.
  const taken = [...actions, ...begun, ...found.actions];
  if (time === 'untimed' && learnsTime(plan.scenario, setup, taken, found.broken.subject)) {
    return undefined;
  }
  return yield* shrunk({ ...plan, scenario }, from, found, { extent, mode, host, begun });
}

/** The change of the network after which messages take up to so many times as long. */
function slowing({ time: at }: World, { network }: Setup, times: number): Action {
  const [least, most] = network.latency;
  return { type: 'network', at, rule: { latency: [least, most * times] } };
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
  { extent, mode, host, begun }: {
    readonly extent: WalkExtent;
    readonly mode: string;
    readonly host: WalkHost;
    /** What was done at the moment, before the walk. */
    readonly begun: readonly Action[];
  },
): Generator<FindProgress, ByMode> {
  const { scenario, time, limits, targets: { reach, leadsTo } } = plan;
  const until = host.elapsed() + Math.min(shrinkMsMost, limits.seconds * 1_000);
  const isEnough = () => host.isEnough?.() === true;
  const missed = found.isMissing === true ? leadsTo : undefined;
  const as = ({ broken, actions: taken, isAtEnd }: LongRun) => {
    const whole = missed === undefined
      ? taken
      : [...taken, ...continuation(from.world, taken, scenario.setup.network, missed)];
    const actions = [...begun, ...whole];
    const { subject, reason } = asAsked(broken, { reach, leadsTo: missed });
    const verdict: Walked = {
      type: 'violated',
      subject,
      reason,
      seed: found.seed,
      before: begun.length + found.actions.length,
      trace: { actions },
      nodes: scenario.setup.nodes.map(({ id }) => id),
      ...extent,
    };
    return {
      shown: { kind: 'walk', mode, verdict },
      finding: { subject, reason, actions, isAtEnd, ...(isEnough() && { isCutShort: true }) },
    } as const;
  };
  const { before } = host;
  const keep = (run: LongRun) => host.keep?.({ type: 'shown', before, ...as(run) });
  keep(found);
  const isOver = () => isEnough() || host.elapsed() > until;
  return as(yield* shrinkingFrom(scenario, from, time, found, {
    isOver, keep, ...(missed && { leadsTo: missed }),
  }));
}

/** What was broken, in the terms of the request. */
function asAsked(broken: Broken, { reach, leadsTo }: Targets): Pick<Finding, 'subject' | 'reason'> {
  if (leadsTo !== undefined) {
    const { condition: { text }, within } = leadsTo;
    return { subject: { kind: 'leads to', text }, reason: { code: 'not-reached', within } };
  }
  if (reach !== undefined && promiseOf(broken.subject) === promiseOf(reachedAs(reach).subject)) {
    return { subject: { kind: 'reach', text: reach.text }, reason: { code: 'reached' } };
  }
  return broken;
}

function extentOf(
  { time, faults, faulty }: FindPlan,
  result: WalkResult,
  [first]: readonly [number, number],
  stepsMost: number,
): WalkExtent {
  const { runs, steps, depth, cut } = result;
  return {
    time,
    faults,
    ...(faulty && { faulty }),
    limits: { ...noLimits, depth: stepsMost },
    seeds: runs === 0 ? undefined : [first, first + runs - 1],
    runs,
    transitions: steps,
    depth,
    cut: cut > 0 ? ['depth'] : [],
  };
}
