/** Follows a run through its scenario, and chooses the run's next action. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import type { Monitor, World } from '../kernel/world.ts';
import type { Json, Micros, OperationId } from '../protocol/types.ts';
import { noteQuiescence } from './quiescent.ts';
import { withinDefault } from './commands/operation.ts';
import { findEvent } from './commands/patterns.ts';
import {
  answerPairs,
  noProgress,
  noteAnswer,
  noteEvent,
  proceed,
  type Progress,
  situation,
} from './progress.ts';
import { actionCount, isActing } from './commands/resolve.ts';
import type { Command, NodeSelector, Scenario } from './scenario.ts';
import { scopeAt } from './conditions/scope.ts';
import { noteStall } from './stall.ts';
import { selectorText } from './commands/reader.ts';
import type { Obstacle, Reason } from './verdict.ts';
import type { ActivityNow, Due } from './workload/activity.ts';
import { dueActivity, noteActivities, underWay } from './workload/workloads.ts';

/**
 * Keeps the scenario's progress in the world, so that going back, branching and replaying restore
 * it without further work.
 */
export class ScenarioMonitor implements Monitor<Progress> {
  readonly name = 'scenario';
  constructor(readonly scenario: Scenario) {}

  start(world: World): Progress {
    const progress = noProgress(answerPairs(this.scenario).length);
    progress.activeUntil = world.tie;
    return progress;
  }

  /** Returns the scenario's steps that failed with this action, if any did. */
  after(
    world: World,
    action: Action | Pending | null,
    effects: Effects,
    progress: Progress,
  ): Reason | undefined {
    const { scenario } = this;
    const failures = progress.failures.length;
    if (action !== null) this.noteAction(world, action, effects, progress);
    const used: number[] = effects.events.length === 0 ? noEvents : [];
    do noteEvent(scenario, world, progress, effects, used);
    while (advance(scenario, world, progress, world.time));
    const isAfterSteps = progress.index === scenario.steps.length;
    if (scenario.until !== undefined) noteUntil(scenario, world, progress, effects);
    else if (isAfterSteps) noteQuiescence(world, action, effects, progress);
    const stalled = noteStall(world, action, effects, progress.stall);
    if (stalled !== undefined) return stalled;
    return progress.failures.length > failures
      ? failuresFrom(scenario, progress, failures)
      : undefined;
  }

  private noteAction(
    world: World,
    action: Action | Pending,
    effects: Effects,
    progress: Progress,
  ): void {
    const { scenario } = this;
    const applied = action.type === 'postponed' ? action.action : action;
    const index = 'step' in applied ? applied.step : undefined;
    if (index !== undefined && action.type !== 'postponed')
      catchUp(scenario, world, progress, index);
    const expected = noteActivities(scenario, world, progress, action, effects);
    if (index === progress.index) noteTaken(scenario, progress, action, effects);
    noteReplies(scenario, world, progress, effects, expected);
    if (progress.answers.length > 0) noteAnswers(scenario, world, progress, applied, effects);
  }
}

/** A step without events uses none of them. */
const noEvents: number[] = [];

export function scenarioMonitor(scenario: Scenario): ScenarioMonitor {
  return new ScenarioMonitor(scenario);
}

/** The next action: the scenario's, or else the first pending one; undefined at the run's end. */
export function nextAction(scenario: Scenario, world: World): Action | Pending | undefined {
  const memory = memoryOf(scenario, world);
  if (memory.over || memory.stall.found !== null) return undefined;
  const pending = world.next();
  const { steps } = scenario;
  const end = lastTime(scenario);
  let progress = memory;
  let time = world.time;
  // The monitor has just evaluated the conditions; only the passing of time can change them now.
  let changed = false;
  while (progress.index < steps.length) {
    let now = situation(scenario, world, progress, time, changed);
    if (now.type === 'act') return now.action;
    if (now.type === 'waits') {
      const due = dueBefore(scenario, world, progress, { until: now.until, pending });
      if (due !== undefined) return due.at > end ? undefined : due.action();
      if (pending !== undefined && pending.at < now.until) {
        return pending.at > end ? undefined : pending;
      }
      if (now.until > end) return undefined;
      time = Math.max(time, now.until);
      now = now.then();
    }
    // Steps that time alone ends are recorded together with the next action (`catchUp`).
    if (progress === memory) progress = { ...memory, failures: [] };
    proceed(scenario, world, progress, now);
    changed = true;
  }
  return afterSteps(scenario, world, progress, pending);
}

/** The action of a workload or a nemesis that comes first, if it comes before `until`. */
function dueBefore(
  scenario: Scenario,
  world: World,
  progress: Progress,
  { until, pending }: { readonly until: Micros; readonly pending: Pending | undefined },
): Due | undefined {
  const due = dueActivity(scenario, world, progress);
  const isFirst = due !== undefined && due.at < until && due.at <= (pending?.at ?? Infinity);
  return isFirst ? due : undefined;
}

/** The next action of a run whose steps are done; a workload in the background keeps it going. */
function afterSteps(
  scenario: Scenario,
  world: World,
  progress: Progress,
  pending: Pending | undefined,
): Action | Pending | undefined {
  const due = dueActivity(scenario, world, progress);
  if (due === undefined) {
    return hasEnded(scenario, world, progress, pending) ? undefined : pending;
  }
  const isFirst = due.at <= (pending?.at ?? Infinity);
  const at = isFirst ? due.at : pending!.at;
  if (scenario.until?.type === 'time' && at > scenario.until.time) return undefined;
  return isFirst ? due.action() : pending;
}

/**
 * When a run that is over ended: its last steps may have waited beyond its last action, or its
 * `until` came before them.
 */
export function endTime(scenario: Scenario, world: World): Micros {
  const isOver = memoryOf(scenario, world).stall.found === null;
  const { index, began } = progressAt(scenario, world, isOver);
  const end = lastTime(scenario);
  const isCut = isOver && index < scenario.steps.length && end < Infinity;
  return Math.max(world.time, isCut ? end : began);
}

/** No action comes after this time, even if steps are left: `until` of a file comes after them. */
export function lastTime({ until }: Scenario): Micros {
  return until?.type === 'time' && until.early ? until.time : Infinity;
}

/** The index of the current step; the number of steps once all are done. */
export function currentStep(scenario: Scenario, world: World): number {
  return memoryOf(scenario, world).index;
}

/** The workloads and nemeses under way. */
export function activitiesNow(scenario: Scenario, world: World): readonly ActivityNow[] {
  return underWay(scenario, world, memoryOf(scenario, world));
}

/** The progress at this moment; at the end of a run, it includes the steps that time alone ends. */
export function progressAt(scenario: Scenario, world: World, ended: boolean): Progress {
  const memory = memoryOf(scenario, world);
  if (!ended || memory.over) return memory;
  const progress = { ...memory, failures: memory.failures.slice() };
  const end = lastTime(scenario);
  let time = world.time;
  while (progress.index < scenario.steps.length) {
    let now = situation(scenario, world, progress, time, true);
    if (now.type === 'act') break;
    if (now.type === 'waits') {
      if (now.until > end) break;
      time = Math.max(time, now.until);
      now = now.then();
    }
    proceed(scenario, world, progress, now);
  }
  return progress;
}

/** The progress that the world carries. */
export function memoryOf(scenario: Scenario, world: World): Progress {
  const { monitors } = world;
  for (let i = 0; i < monitors.length; i++) {
    const monitor = monitors[i];
    if (monitor instanceof ScenarioMonitor && monitor.scenario === scenario) {
      return world.memories[i] as Progress;
    }
  }
  throw new Error('the world was started without the monitor of this scenario');
}

/** Proceeds while the current step is done or placed by now; returns whether any was. */
function advance(scenario: Scenario, world: World, progress: Progress, time: Micros): boolean {
  let moved = false;
  while (progress.index < scenario.steps.length) {
    let now = situation(scenario, world, progress, time, true);
    if (now.type === 'waits' && now.until <= time) now = now.then();
    if (now.type === 'act' || now.type === 'waits') break;
    proceed(scenario, world, progress, now);
    moved = true;
  }
  return moved;
}

/**
 * Records the steps before `index`, whose action was just taken: time alone ended them. One that
 * could act now did not act then, so it was not possible then.
 */
function catchUp(scenario: Scenario, world: World, progress: Progress, index: number): void {
  if (index >= scenario.steps.length) return;
  while (progress.index < index || (progress.index === index && !progress.placed)) {
    let now = situation(scenario, world, progress, world.time, true);
    if (now.type === 'waits') now = now.then();
    if (now.type === 'act') {
      const { command } = scenario.steps[progress.index];
      const obstacle = missedObstacle(command, progress.taken);
      now = { type: 'done', at: world.time, failure: { code: 'not-possible', obstacle } };
    }
    if (progress.index === index && now.type === 'done') now = { type: 'placed', at: world.time };
    proceed(scenario, world, progress, now);
  }
}

/** Why a command was not possible, as far as that is known from the command alone. */
function missedObstacle(command: Command, taken: number): Obstacle {
  const nodeIs = (
    code: 'crashed' | 'already-crashed' | 'not-crashed' | 'not-running' | 'not-paused',
    node: NodeSelector,
  ): Obstacle => ({ code, node: selectorText(node) });
  switch (command.type) {
    case 'crash':
      return nodeIs('already-crashed', command.nodes[taken]);
    case 'restart':
      return nodeIs('not-crashed', command.nodes[taken]);
    case 'pause':
      return nodeIs('not-running', command.nodes[taken]);
    case 'resume':
      return nodeIs('not-paused', command.nodes[taken]);
    case 'invoke':
      return nodeIs('crashed', command.node);
    case 'fire':
      return { code: 'timer-not-set', node: selectorText(command.node), timer: command.timer };
    default:
      return { code: 'target-missing' };
  }
}

function noteTaken(
  scenario: Scenario,
  progress: Progress,
  action: Action | Pending,
  effects: Effects,
): void {
  const { command } = scenario.steps[progress.index];
  if (!isActing(command)) return;
  if (action.type !== 'postponed' && progress.taken < actionCount(command)) progress.taken++;
  if (command.type === 'invoke' && effects.invoked) progress.operation = effects.invoked.operation;
}

/** Workloads expect failures: `expected` are their operations that ended. */
function noteReplies(
  scenario: Scenario,
  world: World,
  progress: Progress,
  effects: Effects,
  expected: readonly OperationId[],
): void {
  for (const reply of effects.replies) {
    const isAwaited = progress.operation !== '' && reply.operation === progress.operation;
    const command = isAwaited ? scenario.steps[progress.index].command : undefined;
    const invoked = command?.type === 'invoke' ? command : undefined;
    if (invoked !== undefined) noteAnswer(invoked, progress, reply, world);
    const { operation, ok, result } = reply;
    if ((ok && !looksLikeError(result)) || expected.includes(operation)) continue;
    if (invoked?.answer !== undefined || progress.failed.length >= failedMax) continue;
    progress.failed.push({ operation, ok, result, step: world.step, time: world.time });
  }
}

/** An author may answer with an error instead of `node.fail`: `ERR no such key`, `{ error: … }`. */
function looksLikeError(result: Json): boolean {
  if (typeof result === 'string') return /^\W*(err|error|exception)\b/i.test(result);
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return false;
  const { error, err } = result as Readonly<Record<string, Json>>;
  return Boolean(error ?? err);
}

/** A client may try again for ever: the first failures are enough. */
const failedMax = 20;

/** Notes requests and answers between nodes: an answer was sent after the request arrived. */
function noteAnswers(
  scenario: Scenario,
  world: World,
  progress: Progress,
  applied: Action | Pending,
  effects: Effects,
): void {
  const { message } = effects;
  answerPairs(scenario).forEach(({ by, node }, i) => {
    const answer = progress.answers[i];
    if ((applied.type === 'invoke' && applied.node === node) || effects.invoked?.node === node) {
      answer.requested = -1;
      answer.arrived = false;
    }
    if (message === null || effects.lost || applied.type !== 'deliver') return;
    const { requested } = answer;
    if (message.from === node && message.to === by && requested < 0) answer.requested = world.step;
    const isAnswer = message.from === by && message.to === node;
    if (isAnswer && requested >= 0 && message.cause >= requested) answer.arrived = true;
  });
}

function noteUntil(scenario: Scenario, world: World, progress: Progress, effects: Effects): void {
  const until = scenario.until!;
  const isLast = progress.index === scenario.steps.length;
  if (progress.over || (!isLast && !until.early)) return;
  if (until.type === 'condition') {
    progress.over = until.condition.test(scopeAt(world)) === true;
  } else if (until.type === 'event') {
    const isReported = isLast && progress.eventFor === progress.index;
    progress.over =
      isReported || (until.early === true && findEvent(until.event, world, effects) >= 0);
  }
}

/** Whether a run whose steps are done ends before `pending` happens. */
function hasEnded(
  scenario: Scenario,
  world: World,
  progress: Progress,
  pending: Pending | undefined,
): boolean {
  const { until, settle } = scenario;
  if (pending === undefined) return true;
  if (until === undefined) return progress.quiescent || pending.at > progress.began + settle;
  if (until.type === 'time') return pending.at > until.time;
  return pending.at > progress.began + withinDefault;
}

function failuresFrom(scenario: Scenario, progress: Progress, from: number): Reason {
  const failures = progress.failures.slice(from).map(({ index, reason }) => {
    const { text, range } = scenario.steps[index];
    return { index, text, line: range.line, reason };
  });
  return { code: 'steps-failed', failures };
}
