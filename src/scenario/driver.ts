/** Chooses the actions that a scenario asks for; all else happens in its own time. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import type { Monitor, World } from '../kernel/world.ts';
import type { Micros } from '../protocol/types.ts';
import { noteCalm } from './quiescent.ts';
import { withinDefault } from './commands/operation.ts';
import { findEvent } from './commands/patterns.ts';
import {
  answerPairs,
  hear,
  noProgress,
  noteAnswer,
  proceed,
  type Progress,
  situation,
} from './progress.ts';
import { actionCount } from './commands/resolve.ts';
import type { Command, Scenario } from './scenario.ts';
import { scopeAt } from './conditions/scope.ts';

/**
 * Follows a run through its scenario. Its memory lives in the world, so that going back, branching
 * and replaying bring the scenario's progress with them.
 */
export class ScenarioMonitor implements Monitor<Progress> {
  readonly name = 'scenario';
  constructor(readonly scenario: Scenario) {}

  start(world: World): Progress {
    const progress = noProgress(answerPairs(this.scenario).length);
    progress.mark = world.tie;
    return progress;
  }

  /** Answers what the scenario asked for and did not get in this step, if anything. */
  after(
    world: World,
    action: Action | Pending | null,
    effects: Effects,
    progress: Progress,
  ): string | undefined {
    const { scenario } = this;
    const failures = progress.failures.length;
    if (action !== null) this.noteAction(world, action, effects, progress);
    const used: number[] = [];
    do hear(scenario, world, progress, effects, used);
    while (settle(scenario, world, progress, world.time));
    if (scenario.until !== undefined) noteUntil(scenario, world, progress, effects);
    else if (progress.index === scenario.steps.length) noteCalm(world, action, effects, progress);
    return progress.failures.length > failures
      ? failureText(scenario, progress, failures)
      : undefined;
  }

  private noteAction(
    world: World,
    action: Action | Pending,
    effects: Effects,
    progress: Progress,
  ): void {
    const { scenario } = this;
    const done = action.type === 'postponed' ? action.action : action;
    const asked = 'step' in done ? done.step : undefined;
    if (asked !== undefined && action.type !== 'postponed')
      catchUp(scenario, world, progress, asked);
    if (asked === progress.index) noteTaken(scenario, world, progress, action, effects);
    noteReplies(scenario, world, progress, effects);
    if (progress.answers.length > 0) noteAnswers(scenario, world, progress, done, effects);
  }
}

export function scenarioMonitor(scenario: Scenario): ScenarioMonitor {
  return new ScenarioMonitor(scenario);
}

/** What happens next: the scenario's action, else what is pending; undefined at the run's end. */
export function nextAction(scenario: Scenario, world: World): Action | Pending | undefined {
  const memory = memoryOf(scenario, world);
  if (memory.over) return undefined;
  const pending = world.next();
  const { steps } = scenario;
  let progress = memory;
  let time = world.time;
  let fresh = false;
  while (progress.index < steps.length) {
    let now = situation(scenario, world, progress, time, fresh);
    if (now.type === 'act') return now.action;
    if (now.type === 'waits') {
      if (pending !== undefined && pending.at < now.until) return pending;
      time = Math.max(time, now.until);
      now = now.then();
    }
    // What the passing of time alone brings about is seen here, and noted with the next action.
    if (progress === memory) progress = { ...memory, failures: [] };
    proceed(scenario, world, progress, now);
    fresh = true;
  }
  return isOver(scenario, world, progress, pending) ? undefined : pending;
}

/** Where a run stands in its scenario. */
export interface Place {
  /** The step under way or next; the number of steps once all are done. */
  readonly step: number;
  readonly done: boolean;
}

export function progress(scenario: Scenario, world: World): Place {
  const { index } = upToNow(scenario, world);
  return { step: index, done: index === scenario.steps.length };
}

/** The progress with all that no action followed any more, as at the end of a run. */
export function upToNow(scenario: Scenario, world: World, ended = false): Progress {
  const memory = memoryOf(scenario, world);
  if (!ended || memory.over) return memory;
  const progress = { ...memory, failures: memory.failures.slice() };
  let time = world.time;
  while (progress.index < scenario.steps.length) {
    let now = situation(scenario, world, progress, time, true);
    if (now.type === 'act') break;
    if (now.type === 'waits') {
      time = Math.max(time, now.until);
      now = now.then();
    }
    proceed(scenario, world, progress, now);
  }
  return progress;
}

function memoryOf(scenario: Scenario, world: World): Progress {
  const { monitors } = world;
  for (let i = 0; i < monitors.length; i++) {
    const monitor = monitors[i];
    if (monitor instanceof ScenarioMonitor && monitor.scenario === scenario) {
      return world.memories[i] as Progress;
    }
  }
  throw new Error('the world was started without the monitor of this scenario');
}

/** Moves on over all that is done by now; answers whether anything was. */
function settle(scenario: Scenario, world: World, progress: Progress, time: Micros): boolean {
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
 * The scenario took an action of a later step: those between ended by the passing of time alone.
 * What such a step would have done and did not, it could not do.
 */
function catchUp(scenario: Scenario, world: World, progress: Progress, asked: number): void {
  if (asked >= scenario.steps.length) return;
  while (progress.index < asked || (progress.index === asked && !progress.placed)) {
    let now = situation(scenario, world, progress, world.time, true);
    if (now.type === 'waits') now = now.then();
    if (now.type === 'act') {
      now = {
        type: 'done',
        at: world.time,
        failure: whyMissed(scenario.steps[progress.index].command),
      };
    }
    if (progress.index === asked && now.type === 'done') now = { type: 'placed', at: world.time };
    proceed(scenario, world, progress, now);
  }
}

function whyMissed({ type }: Command): string {
  const reasons: Partial<Record<Command['type'], string>> = {
    crash: 'the node was down already',
    restart: 'the node was up already',
    pause: 'the node was down or paused',
    resume: 'the node was not paused',
    invoke: 'the node was down',
    fire: 'the timer was not set',
  };
  return `it could not be done: ${reasons[type] ?? 'what it names was not there'}`;
}

function noteTaken(
  scenario: Scenario,
  world: World,
  progress: Progress,
  action: Action | Pending,
  effects: Effects,
): void {
  const { command } = scenario.steps[progress.index];
  if (command.type === 'wait' || command.type === 'until') return;
  if (action.type !== 'postponed' && progress.taken < actionCount(command)) progress.taken++;
  if (command.type === 'invoke' && effects.invoked) progress.operation = effects.invoked.operation;
}

function noteReplies(scenario: Scenario, world: World, progress: Progress, effects: Effects): void {
  if (progress.operation === '') return;
  for (const reply of effects.replies) {
    if (reply.operation !== progress.operation) continue;
    const { command } = scenario.steps[progress.index];
    if (command.type === 'invoke') noteAnswer(command, progress, reply, world);
  }
}

/** Follows who answered whom: a message sent when one had come from its receiver, or later. */
function noteAnswers(
  scenario: Scenario,
  world: World,
  progress: Progress,
  done: Action | Pending,
  effects: Effects,
): void {
  const { message } = effects;
  answerPairs(scenario).forEach(({ by, node }, i) => {
    const answer = progress.answers[i];
    if ((done.type === 'invoke' && done.node === node) || effects.invoked?.node === node) {
      answer.asked = -1;
      answer.arrived = false;
    }
    if (message === null || effects.lost || done.type !== 'deliver') return;
    const { asked } = answer;
    if (message.from === node && message.to === by && asked < 0) answer.asked = world.step;
    const isAnswer = message.from === by && message.to === node;
    if (isAnswer && asked >= 0 && message.cause >= asked) answer.arrived = true;
  });
}

function noteUntil(scenario: Scenario, world: World, progress: Progress, effects: Effects): void {
  const until = scenario.until!;
  const isLast = progress.index === scenario.steps.length;
  if (progress.over || (!isLast && !until.early)) return;
  if (until.type === 'condition') {
    progress.over = until.condition.test(scopeAt(world)) === true;
  } else if (until.type === 'event') {
    const isHeard = isLast && progress.heard === progress.index;
    progress.over =
      isHeard || (until.early === true && findEvent(until.event, world, effects) >= 0);
  }
}

/** Whether a run whose steps are done has ended, before `pending` happens. */
function isOver(
  scenario: Scenario,
  world: World,
  progress: Progress,
  pending: Pending | undefined,
): boolean {
  const { until, settle: patience } = scenario;
  if (pending === undefined) return true;
  if (until === undefined) return progress.calm || pending.at > progress.began + patience;
  if (until.type === 'moment') return pending.at > until.moment;
  return pending.at > progress.began + withinDefault;
}

function failureText(scenario: Scenario, progress: Progress, from: number): string {
  return progress.failures
    .slice(from)
    .map(
      ({ step, why }) =>
        `\`${scenario.steps[step].text}\` (line ${scenario.steps[step].range.line}): ${why}`,
    )
    .join('; ');
}
