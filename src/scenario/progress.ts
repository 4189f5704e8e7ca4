/** How far a run is in its scenario: plain data that the world carries, and the rules for it. */
import type { Effects } from '../kernel/effects.ts';
import { equal } from '../kernel/data/plain.ts';
import type { Slot, World } from '../kernel/world.ts';
import type { Pending } from '../kernel/pending.ts';
import type { Json, Micros, OperationId } from '../protocol/types.ts';
import { withinDefault } from './commands/operation.ts';
import { findEvent, patternText } from './commands/patterns.ts';
import { type ActingCommand, actionCount, resolveAction } from './commands/resolve.ts';
import type { Action } from '../kernel/action.ts';
import type { Command, Goal, Placement, Scenario, Step } from './scenario.ts';
import { scopeAt } from './conditions/scope.ts';
import { type Count, noStall, type Stall } from './stall.ts';
import type { StepReason } from './verdict.ts';
import { type Activities, overAt, withActivity, workloadAt } from './workload/workloads.ts';

/** A step that was not done as the scenario asks. */
export interface StepFailure {
  /** The index of the step in the scenario. */
  readonly index: number;
  readonly reason: StepReason;
  /** How many actions had been taken, and when. */
  readonly step: number;
  readonly time: Micros;
}

/** The current step, and what is known about it. */
export interface Progress extends Activities {
  /** The number of steps once all are done. */
  index: number;
  /** When it became the current step. */
  began: Micros;
  /** Whether its placement (`at`, `after`, `when`) was reached, and when. */
  placed: boolean;
  since: Micros;
  /** How many of its actions were taken. */
  taken: number;
  /** The operation whose answer it waits for. */
  operation: OperationId;
  answered: boolean;
  /** The step whose event was reported, perhaps while the step before it was current; or −1. */
  eventFor: number;
  failures: StepFailure[];
  /**
   * For each of `answerPairs`: the action with which a request arrived, or −1, and whether an
   * answer came back.
   */
  answers: { requested: number; arrived: boolean }[];
  /** Whether `until` was reached. */
  over: boolean;
  /** The last activity that was not a heartbeat, as a value of `World.tie`. */
  activeUntil: number;
  quiescent: boolean;
  stall: Stall;
  /** Operations that failed although no step expects an answer or a failure of them. */
  failed: FailedOperation[];
  /** How often each timer fired after the last step, without those in the background. */
  after: Count[];
}

/** It was ended by `node.fail`, or answered with what looks like an error. */
export interface FailedOperation {
  /** Whether it was answered. */
  readonly ok: boolean;
  readonly operation: OperationId;
  readonly result: Json;
  readonly step: number;
  readonly time: Micros;
}

export function noProgress(pairs: number): Progress {
  return {
    index: 0,
    began: 0,
    placed: false,
    since: 0,
    taken: 0,
    operation: '',
    answered: false,
    eventFor: -1,
    failures: [],
    over: false,
    activeUntil: 0,
    quiescent: false,
    stall: noStall(),
    failed: [],
    after: [],
    activities: [],
    answers: Array.from({ length: pairs }, () => ({ requested: -1, arrived: false })),
  };
}

/** What the current step needs next. */
export type Situation =
  | { readonly type: 'act'; readonly action: Action }
  | { readonly type: 'done'; readonly at: Micros; readonly failure?: StepReason }
  | { readonly type: 'placed'; readonly at: Micros }
  /** Nothing happens before `until`; `then` gives what follows at that time. */
  | { readonly type: 'waits'; readonly until: Micros; readonly then: () => Situation };

/** `changed` is false if nothing changed since conditions were last found not to hold. */
export function situation(
  scenario: Scenario,
  world: World,
  progress: Progress,
  time: Micros,
  changed: boolean,
): Situation {
  const step = scenario.steps[progress.index];
  if (!progress.placed) return beforePlacement(step.placement, world, progress, time, changed);
  const { command } = step;
  if (command.type === 'wait') {
    const until = progress.since + command.for;
    if (time >= until) return { type: 'done', at: until };
    return { type: 'waits', until, then: () => ({ type: 'done', at: until }) };
  }
  if (command.type === 'until') {
    if (isReached(command.goal, scenario, world, progress, time, changed))
      return { type: 'done', at: time };
    const { goal, within } = command;
    return failsAt(progress.since + within, () => goalMissed(goal, within, world));
  }
  if (command.type === 'repeat') return repeating(command, scenario, progress, time);
  // It goes on while the next steps run.
  if (command.type === 'nemesis') return { type: 'done', at: progress.since };
  if (progress.taken < actionCount(command)) return acting(command, world, progress, time);
  if (command.type !== 'invoke' || !command.waits) return { type: 'done', at: time };
  if (progress.answered) return { type: 'done', at: time };
  if (isLost(command, world, progress)) {
    if (command.answer === undefined) return { type: 'done', at: time };
    return { type: 'done', at: time, failure: { code: 'crashed-before-answer' } };
  }
  const { within } = command;
  return failsAt(progress.since + within, () => ({ code: 'no-answer', within }));
}

function repeating(
  { waits }: Extract<Command, { type: 'repeat' }>,
  scenario: Scenario,
  progress: Progress,
  time: Micros,
): Situation {
  const workload = waits ? workloadAt(progress, progress.index) : undefined;
  if (workload === undefined) return { type: 'done', at: progress.since };
  const { at, failed } = overAt(scenario, workload);
  const failure: StepReason = {
    code: 'workload-stalled', invoked: workload.taken, within: withinDefault,
  };
  const done: Situation = { type: 'done', at, ...(failed && { failure }) };
  return time >= at ? done : { type: 'waits', until: at, then: () => done };
}

function failsAt(until: Micros, reason: () => StepReason): Situation {
  return { type: 'waits', until, then: () => ({ type: 'done', at: until, failure: reason() }) };
}

function beforePlacement(
  placement: Placement | undefined,
  world: World,
  progress: Progress,
  time: Micros,
  changed: boolean,
): Situation {
  const { began } = progress;
  if (placement === undefined) return { type: 'placed', at: began };
  if (placement.type === 'at') {
    const placed: Situation = { type: 'placed', at: Math.max(began, placement.time) };
    return time >= placement.time
      ? placed
      : { type: 'waits', until: placement.time, then: () => placed };
  }
  const isHere =
    placement.type === 'after'
      ? progress.eventFor === progress.index
      : changed && placement.condition.test(scopeAt(world, time)) === true;
  if (isHere) return { type: 'placed', at: time };
  const goal: Goal =
    placement.type === 'after'
      ? { type: 'event', event: placement.event }
      : { type: 'condition', condition: placement.condition };
  return failsAt(began + withinDefault, () => goalMissed(goal, withinDefault, world));
}

function isReached(
  goal: Goal,
  scenario: Scenario,
  world: World,
  progress: Progress,
  time: Micros,
  changed: boolean,
): boolean {
  switch (goal.type) {
    case 'event':
      return progress.eventFor === progress.index;
    case 'condition':
      return changed && goal.condition.test(scopeAt(world, time)) === true;
    case 'done':
      return isIdle(world, goal.node);
    case 'answered':
      return progress.answers[pairIndex(scenario, goal)].arrived;
  }
}

/** Whether a node has no open operation; true after a crash. */
function isIdle(world: World, node: string): boolean {
  const slot = world.node(node);
  return slot === undefined || (slot.operations.length === 0 && !hasPostponed(world, slot));
}

/** Whether an operation waits for a paused node, or for its turn after the pause. */
function hasPostponed(world: World, slot: Slot): boolean {
  const isOperation = (one: Pending) =>
    one.type === 'postponed' && one.action.type === 'invoke' && one.action.node === slot.id;
  return slot.held.some(isOperation) || world.queue.items.some(isOperation);
}

function goalMissed(goal: Goal, within: Micros, world: World): StepReason {
  switch (goal.type) {
    case 'event':
      return { code: 'event-missing', event: patternText(goal.event), within };
    case 'condition': {
      const condition = goal.condition.text;
      const result = goal.condition.test(scopeAt(world));
      const failure = typeof result === 'boolean' ? {} : { failure: result };
      const compared = goal.condition.compared(scopeAt(world));
      return { code: 'condition-never-true', condition, compared, within, ...failure };
    }
    case 'done':
      return { code: 'operations-unanswered', node: goal.node, within };
    case 'answered':
      return { code: 'node-unanswered', by: goal.by, node: goal.node, within };
  }
}

function acting(command: ActingCommand, world: World, progress: Progress, time: Micros): Situation {
  const resolved = resolveAction(command, progress.taken, world);
  if (resolved.type === 'action') {
    return { type: 'act', action: { ...resolved.action, at: time, step: progress.index } };
  }
  const { obstacle } = resolved;
  if (resolved.type === 'impossible') {
    return { type: 'done', at: time, failure: { code: 'not-possible', obstacle } };
  }
  const failure: StepReason = { code: 'not-possible', obstacle, within: withinDefault };
  const until = progress.since + withinDefault;
  const done: Situation = { type: 'done', at: until, failure };
  return time >= until ? done : { type: 'waits', until, then: () => done };
}

/** Whether the operation can no longer be answered because its node crashed. */
function isLost(
  command: Extract<Command, { type: 'invoke' }>,
  world: World,
  progress: Progress,
): boolean {
  if (progress.operation !== '') {
    const node = world.node(progress.operation.slice(0, progress.operation.lastIndexOf('#')));
    return !node?.operations.some((one) => one.id === progress.operation);
  }
  return typeof command.node === 'string' && isIdle(world, command.node);
}

/** Records that the current step was placed, or that it is done and the next one is current. */
export function proceed(
  scenario: Scenario,
  world: World,
  progress: Progress,
  now: Situation,
): void {
  if (now.type === 'placed') {
    progress.placed = true;
    progress.since = now.at;
    progress.activities = withActivity(scenario, world, progress, now.at);
    if (scenario.steps[progress.index].placement?.type === 'after') progress.eventFor = -1;
  } else if (now.type === 'done') {
    if (now.failure !== undefined) fail(progress, now.failure, world, now.at);
    const { index, eventFor } = progress;
    Object.assign(progress, noProgress(0), {
      index: index + 1,
      began: now.at,
      eventFor: eventFor === index ? -1 : eventFor,
      failures: progress.failures,
      answers: progress.answers,
      over: progress.over,
      stall: progress.stall,
      failed: progress.failed,
      activities: endedAt(progress, now),
      activeUntil: world.tie,
    });
  }
}

/** The activities, of which the current one gave up if its step failed. */
function endedAt({ activities, index }: Progress, now: Situation): Progress['activities'] {
  if (now.type !== 'done' || now.failure === undefined) return activities;
  return activities.map((one) => {
    return one.type === 'repeat' && one.index === index ? { ...one, gaveUp: now.at } : one;
  });
}

function fail(progress: Progress, reason: StepReason, world: World, time: Micros): void {
  progress.failures.push({ index: progress.index, reason, step: world.step, time });
}

/** The event that a step (or `until`, after the last one) waits for, if it waits for one now. */
function awaitedEvent(scenario: Scenario, index: number, progress: Progress) {
  const step: Step | undefined = scenario.steps[index];
  if (step === undefined) {
    return scenario.until?.type === 'event' ? scenario.until.event : undefined;
  }
  const isPlaced = index === progress.index && progress.placed;
  if (step.placement?.type === 'after' && !isPlaced) return step.placement.event;
  if (step.placement !== undefined && !isPlaced) return undefined;
  if (step.command.type !== 'until' || step.command.goal.type !== 'event') return undefined;
  return step.command.goal.event;
}

/** Whether the step only waits; then the next one watches for events only when it ends. */
function onlyWaits(step: Step): boolean {
  return step.command.type === 'wait' || step.command.type === 'until';
}

/**
 * Notes the event that the current step waits for. The next step watches too while the current one
 * acts: the event after `client put x 1` may be reported before the put is answered. `used` are the
 * indexes of events that already ended a wait in this action.
 */
export function noteEvent(
  scenario: Scenario,
  world: World,
  progress: Progress,
  effects: Effects,
  used: number[],
): void {
  if (effects.events.length === 0 || progress.eventFor >= 0) return;
  const { index } = progress;
  const step: Step | undefined = scenario.steps[index];
  const isAlone = step === undefined || onlyWaits(step) || !progress.placed;
  for (const candidate of isAlone ? [index] : [index, index + 1]) {
    const pattern = awaitedEvent(scenario, candidate, progress);
    if (pattern === undefined) continue;
    const found = findEvent(pattern, world, effects, used);
    if (found < 0) continue;
    progress.eventFor = candidate;
    used.push(found);
    return;
  }
}

/** Checks an operation's answer against the one that the step expects. */
export function noteAnswer(
  command: Extract<Command, { type: 'invoke' }>,
  progress: Progress,
  reply: { ok: boolean; result: Json },
  world: World,
): void {
  progress.answered = true;
  const { answer } = command;
  if (answer === undefined) return;
  const { ok, result } = reply;
  const isExpected =
    answer.type === 'failure' ? !ok : ok && equal(result, answer.value);
  if (isExpected) return;
  const expected = answer.type === 'failure' ? {} : { expected: { value: answer.value } };
  fail(progress, { code: 'wrong-answer', ok, answer: result, ...expected }, world, world.time);
}

/** The pairs of nodes of all `wait until … answered …` in a scenario, each once. */
export function answerPairs(scenario: Scenario): readonly { by: string; node: string }[] {
  let pairs = pairsOf.get(scenario);
  if (pairs !== undefined) return pairs;
  pairs = [];
  for (const { command } of scenario.steps) {
    if (command.type !== 'until' || command.goal.type !== 'answered') continue;
    const { by, node } = command.goal;
    if (!pairs.some((pair) => pair.by === by && pair.node === node)) pairs.push({ by, node });
  }
  pairsOf.set(scenario, pairs);
  return pairs;
}

const pairsOf = new WeakMap<Scenario, { by: string; node: string }[]>();

function pairIndex(scenario: Scenario, goal: { by: string; node: string }): number {
  return answerPairs(scenario).findIndex((pair) => pair.by === goal.by && pair.node === goal.node);
}
