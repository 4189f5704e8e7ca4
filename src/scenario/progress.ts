/** How far a run has come in its scenario: plain data that the world carries, and its rules. */
import type { Effects } from '../kernel/effects.ts';
import { formatDuration } from '../kernel/text/duration.ts';
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

/** A step that was not done as the scenario asks. */
export interface StepFailure {
  readonly step: number;
  readonly why: string;
  /** How many actions had been taken, and when. */
  readonly taken: number;
  readonly time: Micros;
}

/** The step under way, and what is known about it. */
export interface Progress {
  /** The number of steps once all are done. */
  index: number;
  /** When it became the one under way. */
  began: Micros;
  /** Whether its placement (`at`, `after`, `when`) came, and when. */
  placed: boolean;
  since: Micros;
  /** How many of its actions were taken. */
  taken: number;
  /** The operation whose answer it waits for. */
  operation: OperationId;
  answered: boolean;
  /** The step whose event came while the one before it was under way; −1 for none. */
  heard: number;
  failures: StepFailure[];
  /** For each of `answerPairs`: the step at which a request came (or −1), whether an answer did. */
  answers: { asked: number; arrived: boolean }[];
  /** Whether `until` came. */
  over: boolean;
  /** Since when only heartbeats happen, as an ordinal of `World.tie`; and whether that is all. */
  mark: number;
  calm: boolean;
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
    heard: -1,
    failures: [],
    over: false,
    mark: 0,
    calm: false,
    answers: Array.from({ length: pairs }, () => ({ asked: -1, arrived: false })),
  };
}

/** What the step under way asks for at a moment. */
export type Situation =
  | { readonly type: 'act'; readonly action: Action }
  | { readonly type: 'done'; readonly at: Micros; readonly failure?: string }
  | { readonly type: 'placed'; readonly at: Micros }
  /** Nothing until then; what follows by itself then. */
  | { readonly type: 'waits'; readonly until: Micros; readonly then: () => Situation };

/** `fresh` is false where conditions are known not to hold, since nothing changed. */
export function situation(
  scenario: Scenario,
  world: World,
  progress: Progress,
  time: Micros,
  fresh: boolean,
): Situation {
  const step = scenario.steps[progress.index];
  if (!progress.placed) return placing(step.placement, world, progress, time, fresh);
  const { command } = step;
  if (command.type === 'wait') {
    const until = progress.since + command.for;
    const done: Situation = { type: 'done', at: until };
    return time >= until ? done : { type: 'waits', until, then: () => done };
  }
  if (command.type === 'until') {
    if (reached(command.goal, scenario, world, progress, time, fresh))
      return { type: 'done', at: time };
    const { goal, within } = command;
    return bounded(progress.since + within, () => goalFailure(goal, within, world));
  }
  if (progress.taken < actionCount(command)) return acting(command, world, progress, time);
  if (command.type !== 'invoke' || !command.waits) return { type: 'done', at: time };
  if (progress.answered) return { type: 'done', at: time };
  if (isLost(command, world, progress)) {
    const failure = command.answer ? 'its node went down before it was answered' : undefined;
    return { type: 'done', at: time, failure };
  }
  const { within } = command;
  return bounded(
    progress.since + within,
    () => `it had no answer within ${formatDuration(within)}`,
  );
}

function bounded(until: Micros, failure: () => string): Situation {
  return { type: 'waits', until, then: () => ({ type: 'done', at: until, failure: failure() }) };
}

function placing(
  placement: Placement | undefined,
  world: World,
  progress: Progress,
  time: Micros,
  fresh: boolean,
): Situation {
  const { began } = progress;
  if (placement === undefined) return { type: 'placed', at: began };
  if (placement.type === 'at') {
    const placed: Situation = { type: 'placed', at: Math.max(began, placement.moment) };
    return time >= placement.moment
      ? placed
      : { type: 'waits', until: placement.moment, then: () => placed };
  }
  const isHere =
    placement.type === 'after'
      ? progress.heard === progress.index
      : fresh && placement.condition.test(scopeAt(world, time)) === true;
  if (isHere) return { type: 'placed', at: time };
  const goal: Goal =
    placement.type === 'after'
      ? { type: 'event', event: placement.event }
      : { type: 'condition', condition: placement.condition };
  return bounded(began + withinDefault, () => goalFailure(goal, withinDefault, world));
}

function reached(
  goal: Goal,
  scenario: Scenario,
  world: World,
  progress: Progress,
  time: Micros,
  fresh: boolean,
): boolean {
  switch (goal.type) {
    case 'event':
      return progress.heard === progress.index;
    case 'condition':
      return fresh && goal.condition.test(scopeAt(world, time)) === true;
    case 'done':
      return isIdle(world, goal.node);
    case 'answered':
      return progress.answers[pairIndex(scenario, goal)].arrived;
  }
}

/** Whether every operation that was asked of a node is answered; true where it went down. */
function isIdle(world: World, node: string): boolean {
  const slot = world.node(node);
  return slot === undefined || (slot.operations.length === 0 && !isAskedLater(world, slot));
}

/** Whether an operation waits for a paused node, or for its turn now that the node woke. */
function isAskedLater(world: World, slot: Slot): boolean {
  const asks = (one: Pending) =>
    one.type === 'postponed' && one.action.type === 'invoke' && one.action.node === slot.id;
  return slot.held.some(asks) || world.queue.items.some(asks);
}

function goalFailure(goal: Goal, within: Micros, world: World): string {
  const bound = `within ${formatDuration(within)}`;
  switch (goal.type) {
    case 'event':
      return `${patternText(goal.event)} did not happen ${bound}`;
    case 'condition': {
      const result = goal.condition.test(scopeAt(world));
      const error = typeof result === 'boolean' ? '' : `; ${result.why}`;
      return `\`${goal.condition.text}\` did not hold ${bound}${error}`;
    }
    case 'done':
      return `${goal.node} had no answer to all that was asked of it ${bound}`;
    case 'answered':
      return `${goal.by} did not answer ${goal.node} ${bound}`;
  }
}

function acting(command: ActingCommand, world: World, progress: Progress, time: Micros): Situation {
  const resolved = resolveAction(command, progress.taken, world);
  if (resolved.type === 'action') {
    return { type: 'act', action: { ...resolved.action, at: time, step: progress.index } };
  }
  const done = { type: 'done', failure: `it could not be done: ${resolved.why}` } as const;
  if (resolved.type === 'impossible') return { ...done, at: time };
  const until = progress.since + withinDefault;
  if (time >= until) return { ...done, at: until };
  return { type: 'waits', until, then: () => ({ ...done, at: until }) };
}

/** Whether the operation can no longer be answered: its node crashed. */
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

/** Notes what a situation says, and goes on to the next step where this one is done. */
export function proceed(
  scenario: Scenario,
  world: World,
  progress: Progress,
  now: Situation,
): void {
  if (now.type === 'placed') {
    progress.placed = true;
    progress.since = now.at;
    if (scenario.steps[progress.index].placement?.type === 'after') progress.heard = -1;
  } else if (now.type === 'done') {
    if (now.failure !== undefined) fail(progress, progress.index, now.failure, world, now.at);
    const { index, heard } = progress;
    Object.assign(progress, noProgress(0), {
      index: index + 1,
      began: now.at,
      heard: heard === index ? -1 : heard,
      failures: progress.failures,
      answers: progress.answers,
      over: progress.over,
      mark: world.tie,
    });
  }
}

function fail(progress: Progress, step: number, why: string, world: World, time: Micros): void {
  progress.failures.push({ step, why, taken: world.step, time });
}

/** Where a step (or `until`, behind the last one) waits for an event: which. */
export function awaitedEvent(scenario: Scenario, index: number, progress: Progress) {
  const step: Step | undefined = scenario.steps[index];
  if (step === undefined) {
    return scenario.until?.type === 'event' ? scenario.until.event : undefined;
  }
  const isUnderWay = index === progress.index;
  if (step.placement?.type === 'after' && !(isUnderWay && progress.placed))
    return step.placement.event;
  if (step.placement !== undefined && !(isUnderWay && progress.placed)) return undefined;
  if (step.command.type !== 'until' || step.command.goal.type !== 'event') return undefined;
  return step.command.goal.event;
}

/** Whether the step under way only waits: then the next one listens from its end on. */
function onlyWaits(step: Step): boolean {
  return step.command.type === 'wait' || step.command.type === 'until';
}

/** Notes the event that the step under way, or the next one, waits for; answers its place. */
export function hear(
  scenario: Scenario,
  world: World,
  progress: Progress,
  effects: Effects,
  used: number[],
): void {
  if (effects.events.length === 0 || progress.heard >= 0) return;
  const { index } = progress;
  const step: Step | undefined = scenario.steps[index];
  const alone = step === undefined || onlyWaits(step) || !progress.placed;
  for (const candidate of alone ? [index] : [index, index + 1]) {
    const pattern = awaitedEvent(scenario, candidate, progress);
    if (pattern === undefined) continue;
    const place = findEvent(pattern, world, effects, used);
    if (place < 0) continue;
    progress.heard = candidate;
    used.push(place);
    return;
  }
}

/** Checks an operation's answer against what the step expects of it. */
export function noteAnswer(
  command: Extract<Command, { type: 'invoke' }>,
  progress: Progress,
  reply: { ok: boolean; result: Json },
  world: World,
): void {
  progress.answered = true;
  const { answer } = command;
  if (answer === undefined) return;
  const said = `${reply.ok ? 'it answered' : 'it failed:'} ${JSON.stringify(reply.result)}`;
  if (answer.type === 'failure') {
    if (reply.ok)
      fail(progress, progress.index, `${said}, but was expected to fail`, world, world.time);
  } else if (!reply.ok || !equal(reply.result, answer.value)) {
    const expected = JSON.stringify(answer.value);
    fail(progress, progress.index, `${said}, not ${expected}`, world, world.time);
  }
}

/** The pairs for which a scenario waits until one answered the other, each once. */
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
