/** A handler that throws fails the run, unless the scenario expects it with `expect: throws`. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import type { Monitor, World } from '../kernel/world.ts';
import { handlerName } from '../scenario/handler-name.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { matchesThrow } from '../scenario/thrown.ts';
import type { Place, Subject, Verdict } from '../scenario/verdict.ts';

type Thrown = Extract<Verdict, { type: 'violated' }>;

interface Memory {
  /** The errors that the scenario does not expect, in their order. */
  readonly thrown: Thrown[];
}

/** A node that is restarted again and again can throw as often: the first errors are enough. */
const thrownMax = 20;

/**
 * It returns no violation, because the error is an effect of its step already: a debugger that
 * stops at thrown errors would stop for the same reason twice.
 */
export class ThrownMonitor implements Monitor<Memory> {
  readonly name = 'handlers';
  constructor(private readonly scenario: Scenario) {}

  start(): Memory {
    return { thrown: [] };
  }

  after(
    world: World,
    action: Action | Pending | null,
    effects: Effects,
    { thrown }: Memory,
  ): undefined {
    const { failure } = effects;
    if (failure === null || thrown.length >= thrownMax) return;
    for (const expectation of this.scenario.expect) {
      if (expectation.type !== 'throws') continue;
      if (matchesThrow(expectation.throws, world, effects) === true) return;
    }
    const { node, message } = failure;
    const subject: Subject = { kind: 'handler', node, handler: handlerName(action, effects) };
    const reason = { code: 'handler-threw', message } as const;
    thrown.push({ type: 'violated', subject, reason, step: world.step, time: world.time });
  }
}

export function thrownVerdicts(world: World): readonly Verdict[] {
  const index = world.monitors.findIndex((monitor) => monitor instanceof ThrownMonitor);
  return index < 0 ? [] : (world.memories[index] as Memory).thrown;
}

/** Finds the place of the error of a step: of its handler, or of the property with this name. */
export type PlaceAt = (step: number, property?: string) => Place | undefined;

/**
 * The verdicts with the places of thrown errors. `shown` names the file of a place in the code as
 * the user knows it.
 */
export function withPlaces(
  verdicts: readonly Verdict[],
  placeAt: PlaceAt,
  shown: (place: Place) => Place = (place) => place,
): Verdict[] {
  return verdicts.map((verdict) => {
    if (verdict.type === 'unknown' && verdict.reason.code === 'misspelt-field') {
      const { reason } = verdict;
      return { ...verdict, reason: { ...reason, place: shown(reason.place) } };
    }
    if (verdict.type === 'unknown' && verdict.reason.code === 'author-code-failed') {
      const { reason } = verdict;
      const { place } = reason;
      return place ? { ...verdict, reason: { ...reason, place: shown(place) } } : verdict;
    }
    if (verdict.type !== 'violated') return verdict;
    const { subject, reason, step } = verdict;
    if (reason.code !== 'handler-threw' && reason.code !== 'author-code-failed') return verdict;
    const property = 'name' in subject ? subject.name : undefined;
    const place = placeAt(step, reason.code === 'handler-threw' ? undefined : property);
    return place ? { ...verdict, reason: { ...reason, place } } : verdict;
  });
}

/** The call stack of the error of a handler, or of the property with this name. */
export function stackOf({ failure, violations }: Effects, property?: string): string | undefined {
  if (property === undefined) return failure?.stack;
  return violations.find(({ monitor }) => monitor === property)?.stack;
}
