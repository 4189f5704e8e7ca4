/** Says of a missed event that no such event of the run had a field that the pattern names. */
// Event types are erased when the protocols are compiled, so which fields an event has is known
// only from the events of a run.
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import type { Monitor, World } from '../kernel/world.ts';
import { patternText } from '../scenario/commands/patterns.ts';
import type { EvaluationFailure } from '../scenario/conditions/errors.ts';
import type { SourceRange } from '../scenario/problem.ts';
import type { EventPattern, Scenario } from '../scenario/scenario.ts';
import type { Reason } from '../scenario/verdict.ts';

/** The fields that events had so far, by the name of the event. */
type EventFields = Record<string, Record<string, true>>;

/** Notes the fields of the events that patterns with a condition on a field name. */
export class EventFieldMonitor implements Monitor<EventFields> {
  readonly name = 'event fields';
  readonly isNote = true;

  constructor(private readonly names: ReadonlySet<string>) {}

  start(): EventFields {
    return {};
  }

  after(
    _world: World,
    _action: Action | Pending | null,
    { events }: Effects,
    memory: EventFields,
  ): undefined {
    for (const { name, fields } of events) {
      if (!this.names.has(name)) continue;
      const known = (memory[name] ??= {});
      for (const field in fields) if (known[field] !== true) known[field] = true;
    }
  }
}

export function eventFieldMonitors(scenario: Scenario): EventFieldMonitor[] {
  const names = awaitedEvents(scenario)
    .filter(({ pattern }) => fieldsNamed(pattern).length > 0)
    .map(({ pattern }) => pattern.name);
  return names.length === 0 ? [] : [new EventFieldMonitor(new Set(names))];
}

/** The reason why an awaited event did not happen, with the field that no such event had. */
export function withAbsentField<R extends Reason>(reason: R, scenario: Scenario, world: World): R {
  const pattern = missedPattern(reason, scenario);
  const failure = pattern && absentField(pattern, world);
  return failure === undefined ? reason : { ...reason, failure };
}

function missedPattern(reason: Reason, scenario: Scenario): EventPattern | undefined {
  const { until } = scenario;
  if (reason.code === 'until-not-reached') return until?.type === 'event' ? until.event : undefined;
  if (reason.code !== 'event-missing') return undefined;
  const awaited = awaitedEvents(scenario).map(({ pattern }) => pattern);
  return awaited.find((one) => patternText(one) === reason.event);
}

/** Undefined also if there was no such event. */
function absentField(pattern: EventPattern, world: World): EvaluationFailure | undefined {
  const index = world.monitors.findIndex((one) => one instanceof EventFieldMonitor);
  const known = (world.memories[index] as EventFields | undefined)?.[pattern.name];
  if (known === undefined) return undefined;
  const absent = fieldsNamed(pattern).find((field) => known[field] !== true);
  if (absent === undefined) return undefined;
  const all = Object.keys(known).join(', ');
  const has = all === '' ? 'it has no fields' : `its fields are ${all}`;
  const why = `there is no field \`${absent}\` in ${pattern.name}; ${has}`;
  return { ok: false, code: 'no-such-field', why };
}

/** The fields of the event that its condition names. */
export function fieldsNamed({ where }: EventPattern): string[] {
  return (where?.namedFields ?? []).filter(({ of }) => of === 'event').map(({ field }) => field);
}

/** An event that a line of the scenario waits for. */
export interface AwaitedEvent {
  readonly pattern: EventPattern;
  readonly text: string;
  /** Absent if the line is not in the file. */
  readonly range?: SourceRange | undefined;
}

/** The events that steps, expectations and `until` wait for, and those that measures count. */
export function awaitedEvents({ steps, expect, until, measures }: Scenario): AwaitedEvent[] {
  const ofSteps = steps.flatMap(({ placement, command, text, range }) => [
    ...(placement?.type === 'after' ? [{ pattern: placement.event, text, range }] : []),
    ...(command.type === 'until' && command.goal.type === 'event'
      ? [{ pattern: command.goal.event, text, range }]
      : []),
  ]);
  const expected = expect.flatMap((one) =>
    'event' in one ? [{ pattern: one.event, text: one.text, range: one.range }] : [],
  );
  const counted = measures.flatMap(({ counted: patterns, expression, range }) =>
    [...patterns.values()].map((pattern) => ({ pattern, text: expression.text, range })),
  );
  if (until?.type !== 'event') return [...ofSteps, ...expected, ...counted];
  const { event: pattern, text, range } = until;
  return [...ofSteps, ...expected, ...counted, { pattern, text, range }];
}
