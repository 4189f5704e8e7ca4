/** The lines of `expect` as monitors, and their verdicts. */
import type { Effects } from '../kernel/effects.ts';
import type { Monitor, World } from '../kernel/world.ts';
import type { EvaluationFailure } from './conditions/errors.ts';
import type { Expression } from './conditions/condition.ts';
import type { Implication } from './conditions/implication.ts';
import { isAt, matchesEvent, patternText } from './commands/patterns.ts';
import type { Micros } from '../protocol/types.ts';
import type { Expectation, Scenario } from './scenario.ts';
import { scopeAt } from './conditions/scope.ts';
import { matchesThrow } from './thrown.ts';
import {
  type Reason, type Subject, type Tested, type Verdict, type Witness, witnessAt,
} from './verdict.ts';

/** What a run showed of an expectation so far: plain data in the world. */
interface Memory {
  /** Whether the event was reported, the error was thrown, or the condition held. */
  met: boolean;
  /** How often its condition, in the sense of `Tested`, was true. */
  tested: number;
  /** Why the condition last had no value. */
  failure: EvaluationFailure | null;
  violated: Witness | null;
}

export class ExpectationMonitor implements Monitor<Memory> {
  readonly name: string;
  readonly implication: Implication | undefined;

  constructor(readonly expectation: Expectation) {
    this.name = expectation.text;
    if (!('condition' in expectation)) return;
    this.implication = expectation.condition.implication(expectation.type === 'never');
  }

  start(): Memory {
    return { met: false, tested: 0, failure: null, violated: null };
  }

  /** Returns the reason once, with the action that violates the expectation. */
  after(world: World, _action: unknown, effects: Effects, memory: Memory): Reason | undefined {
    const { expectation } = this;
    if (memory.violated !== null || (memory.met && expectation.type !== 'no event'))
      return undefined;
    const reason = this.check(world, effects, memory);
    if (reason !== undefined) memory.violated = witnessAt(world, reason);
    return reason;
  }

  private check(world: World, effects: Effects, memory: Memory): Reason | undefined {
    const { expectation } = this;
    if ('event' in expectation) return this.checkEvents(world, effects, memory);
    // A history is checked once, at the end: see `check/history/judge.ts`.
    if (expectation.type === 'history') return undefined;
    if (expectation.type !== 'throws') return this.checkCondition(world, memory);
    const matches = matchesThrow(expectation.throws, world, effects);
    if (typeof matches === 'object') memory.failure = matches;
    memory.met = matches === true;
    return undefined;
  }

  private checkEvents(world: World, effects: Effects, memory: Memory): Reason | undefined {
    const { expectation } = this;
    if (!('event' in expectation)) return undefined;
    for (const record of effects.events) {
      const matches = matchesEvent(expectation.event, record, world, effects);
      if (typeof matches === 'object') {
        memory.failure = matches;
        // This event may be the one that must not be reported.
        if (expectation.type === 'no event') return { code: 'condition-failed', failure: matches };
        continue;
      }
      if (isAt(expectation.event, record)) memory.tested++;
      if (!matches) continue;
      memory.met = true;
      if (expectation.type === 'event') return undefined;
      const { name, node, fields } = record;
      return { code: 'event-reported', event: name, node, fields };
    }
    return undefined;
  }

  private checkCondition(world: World, memory: Memory): Reason | undefined {
    const { expectation } = this;
    if (!('condition' in expectation) || expectation.type === 'end') return undefined;
    const { type, condition } = expectation;
    this.implication?.forget();
    const result = condition.test(scopeAt(world));
    if (this.implication?.isTested()) memory.tested++;
    if (typeof result === 'object') {
      memory.failure = result;
      // At another moment the condition may have a value, so `eventually` is still open.
      return type === 'eventually' ? undefined : { code: 'condition-failed', failure: result };
    }
    if (type === 'eventually') memory.met = result;
    if (type === 'always' && !result) return conditionFalse(condition, world, false);
    if (type === 'never' && result) {
      const compared = condition.compared(scopeAt(world));
      return { code: 'condition-true', condition: condition.text, compared };
    }
    return undefined;
  }
}

function conditionFalse(
  condition: Expression,
  world: World,
  atEnd: boolean,
  time = world.time,
): Reason {
  const compared = condition.compared(scopeAt(world, time));
  return { code: 'condition-false', condition: condition.text, atEnd, compared };
}

export function expectationMonitors(scenario: Scenario): ExpectationMonitor[] {
  return scenario.expect.map((expectation) => new ExpectationMonitor(expectation));
}

/** The verdict on an expectation; `complete` says that the whole scenario ran. */
function expectationVerdict(
  monitor: ExpectationMonitor,
  memory: Memory,
  world: World,
  complete: boolean,
  time: Micros,
): Verdict {
  const { expectation } = monitor;
  const { text, range } = expectation;
  const subject: Subject = { kind: 'expectation', text, range };
  if (memory.violated !== null) return { type: 'violated', subject, ...memory.violated };
  const isOpen = isOfEnd(expectation) || (isPromise(expectation) && !memory.met);
  if (!isOpen) return { type: 'holds', subject, ...tested(monitor, memory, world) };
  if (!complete) return { type: 'unknown', subject, reason: { code: 'run-not-ended' } };
  const reason = reasonAtEnd(expectation, memory, world, time);
  if (reason === undefined) return { type: 'holds', subject, ...tested(monitor, memory, world) };
  return { type: 'violated', subject, ...witnessAt(world, reason, time) };
}

/** How often an expectation that holds was tested, if it applies only under a condition. */
function tested(
  { expectation, implication }: ExpectationMonitor,
  memory: Memory,
  { step: steps }: World,
): { tested?: Tested } {
  if (expectation.type === 'no event' && expectation.event.where !== undefined) {
    return { tested: { on: 'event', times: memory.tested, steps } };
  }
  if (implication === undefined) return {};
  if (expectation.type !== 'end') {
    return { tested: { on: 'condition', times: memory.tested, steps } };
  }
  // It was evaluated last for this verdict.
  const times = implication.isTested() ? 1 : 0;
  return { tested: { on: 'condition at the end', times, steps } };
}

/** Whether an expectation is about the end of the run only. */
function isOfEnd({ type }: Expectation): boolean {
  return type === 'end' || type === 'history';
}

/** Whether an expectation is open until something happens; the others hold until violated. */
function isPromise({ type }: Expectation): boolean {
  return type === 'event' || type === 'eventually' || type === 'throws';
}

/** Why an expectation that is still open at the end of the run is violated, if it is. */
function reasonAtEnd(
  expectation: Expectation,
  { failure }: Memory,
  world: World,
  time: Micros,
): Reason | undefined {
  const unable = failure === null ? {} : { failure };
  if ('event' in expectation) {
    return { code: 'event-missing', event: patternText(expectation.event), ...unable };
  }
  if (expectation.type === 'throws') return { code: 'nothing-thrown', ...unable };
  // The caller judges it.
  if (expectation.type === 'history') return undefined;
  const { condition } = expectation;
  if (expectation.type === 'eventually') {
    const compared = condition.compared(scopeAt(world, time));
    return { code: 'condition-never-true', condition: condition.text, compared, ...unable };
  }
  condition.implication(false)?.forget();
  const result = condition.test(scopeAt(world, time));
  if (typeof result === 'object') return { code: 'condition-failed', failure: result };
  return result ? undefined : conditionFalse(condition, world, true, time);
}

/**
 * The verdicts on all expectations of the scenario that a world was started with. `time` is when
 * the run ended, which a wait at its end puts after the last action.
 */
export function expectationVerdicts(world: World, complete: boolean, time: Micros): Verdict[] {
  return world.monitors.flatMap((monitor, i) =>
    monitor instanceof ExpectationMonitor
      ? [expectationVerdict(monitor, world.memories[i] as Memory, world, complete, time)]
      : [],
  );
}
