/**
 * Shrinks a run that begins at a moment of another one. What is left is still possible there, in
 * the same meaning of time, so that it can be taken as a branch.
 */
import type { Action } from '../../kernel/action.ts';
import { step } from '../../kernel/step.ts';
import { order, type Pending } from '../../kernel/pending.ts';
import { possibleActions, takenNow } from '../../kernel/possible.ts';
import { actionText } from '../../kernel/text/action-text.ts';
import type { World } from '../../kernel/world.ts';
import type { Micros } from '../../protocol/types.ts';
import { scenarioAction } from '../../scenario/due.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { leavingOut } from '../shrink/leave-out.ts';
import { about, type Planned, Replay, type Replayed } from '../shrink/schedule.ts';
import type { TimeMode } from '../verdict.ts';
import { isMissed, type LeadsTo } from '../liveness.ts';
import { type Broken, missing, promiseOf } from '../walks/broken.ts';
import { Candidates } from '../candidates.ts';
import { isComplete, type Origin } from '../walks/walks.ts';
import type { FindProgress } from './progress.ts';

export interface LongRun {
  readonly broken: Broken;
  readonly actions: readonly Action[];
  readonly isAtEnd: boolean;
}

/** So many actions are taken at most to shrink a run. */
const takenMost = 300_000;

const faultTypes: ReadonlySet<Action['type']> = new Set([
  'crash', 'restart', 'drop', 'duplicate', 'partition', 'heal',
]);

export function* shrinkingFrom(
  scenario: Scenario,
  from: Origin,
  time: TimeMode,
  run: LongRun,
  { isOver = () => false, keep = () => undefined, leadsTo }: {
    readonly isOver?: () => boolean;
    /** Called with each run that is shorter than those before. */
    readonly keep?: (shorter: LongRun) => void;
    /** If the run is one that does not lead to it. */
    readonly leadsTo?: LeadsTo;
  } = {},
): Generator<FindProgress, LongRun> {
  const { broken, isAtEnd } = run;
  const promise = promiseOf(broken.subject);
  const replay = new ReplayInWindows(scenario, { from, time, leadsTo }, promise, isAtEnd);
  let taken = 0;
  const replayed = (candidate: readonly Planned[]): Replayed | undefined => {
    taken += candidate.length;
    const other = replay.run(candidate);
    // The walk watches all promises: a shorter run that breaks another one is another finding.
    const isSame = other !== undefined && promiseOf(other.broken.subject) === promise &&
      other.broken.reason.code === broken.reason.code;
    return isSame ? other : undefined;
  };
  const first = replayed(planned(from.world, run.actions));
  if (first === undefined) return run;
  let best = first;
  const runOf = ({ broken: by, actions }: Replayed): LongRun => {
    return { broken: by, actions: actions.map(({ action }) => action), isAtEnd };
  };
  const isShorter = (candidate: readonly Planned[]): boolean => {
    const shorter = replayed(candidate);
    if (shorter === undefined || shorter.actions.length >= best.actions.length) return false;
    best = shorter;
    keep(runOf(best));
    return true;
  };
  const isLong = () => taken >= takenMost || isOver();
  const passes = leavingOut({ best: () => best.actions, isShorter, isLong });
  for (const _ of passes) yield { phase: 'shrinking', actions: best.actions.length };
  return runOf(best);
}

/**
 * Another run may take a message at any time of its window: it comes by itself only when the window
 * closes, and not when it was drawn to.
 */
class ReplayInWindows extends Replay {
  private readonly time: TimeMode;
  private readonly leadsTo: LeadsTo | undefined;

  constructor(
    scenario: Scenario,
    { from, time, leadsTo }: {
      readonly from: Origin; readonly time: TimeMode; readonly leadsTo: LeadsTo | undefined;
    },
    promise: string,
    isAtEnd: boolean,
  ) {
    const isPossible = possibleIn(scenario, time);
    super(scenario, scenario.setup, promise, isAtEnd, {}, { from, possible: () => isPossible });
    this.time = time;
    this.leadsTo = leadsTo;
  }

  /** The run goes on after the moment, so it is judged as one only where a walk would end it. */
  protected override judge(world: World): Broken | undefined {
    const { leadsTo, setup: { network } } = this;
    if (leadsTo !== undefined) {
      return isMissed(world, network, leadsTo) ? missing(leadsTo) : undefined;
    }
    return this.promises.atEnd(world, isComplete(this.scenario, world, this.time));
  }

  protected override *dueBefore(world: World, at: Micros): Generator<Planned> {
    for (;;) {
      let first: Pending | undefined;
      for (const one of possibleActions(world)) {
        if (latestOf(world, one) >= at) continue;
        if (first === undefined || order(one, first) < 0) first = one;
      }
      if (first === undefined) return;
      const message = first.type === 'deliver' ? { body: first.body } : {};
      const action = withoutPlace(takenNow(world, first), Math.max(world.time, first.at));
      if (!step(world, action, this.effects)) return;
      yield { action, ...message };
    }
  }
}

function latestOf(world: World, one: Pending): Micros {
  if (one.type === 'deliver') return one.latest;
  if (one.type === 'postponed') return one.at;
  return world.nodes[one.nodeIndex].timers[one.timerIndex].latest;
}

function withoutPlace(action: Action, at: Micros): Action {
  if (action.type !== 'fire') return { ...action, at };
  const { type, node, timer, key } = action;
  return { type, at, node, timer, key };
}

/** The actions with the messages that they are about. */
function planned(origin: World, actions: readonly Action[]): Planned[] {
  const world = origin.fork();
  return actions.map((action) => {
    const one = { action, ...about(world, action) };
    step(world, action);
    return one;
  });
}

/** Whether an action may be taken by the rules of a walk. Its faults were in the budget. */
export function possibleIn(
  scenario: Scenario,
  time: TimeMode,
): (world: World, action: Action) => boolean {
  const candidates = new Candidates({ time, lateTimers: false, keepsMessages: false });
  return (world, action) => {
    if (faultTypes.has(action.type) && action.step === undefined) return true;
    const text = actionText(action);
    const at = Math.max(action.at, world.time);
    const due = scenarioAction(scenario, world, time === 'timed');
    candidates.gather(world, due);
    for (let i = 0; i < candidates.count; i++) {
      if (actionText(candidates.action(world, i, 'earliest')) !== text) continue;
      if (time === 'untimed') return true;
      if (candidates.kind(i) === 'script') return due !== undefined && due.at <= at;
      const pending = possibleActions(world).map((one) => takenNow(world, one));
      return pending.some((one) => one.at <= at && actionText(one) === text);
    }
    return false;
  };
}
