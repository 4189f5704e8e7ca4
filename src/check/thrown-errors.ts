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

/**
 * The verdicts with the places of thrown errors; `placeAt` finds the place of a step's error.
 * `shown` names the file of a place in the code as the user knows it.
 */
export function withPlaces(
  verdicts: readonly Verdict[],
  placeAt: (step: number) => Place | undefined,
  shown: (place: Place) => Place = (place) => place,
): Verdict[] {
  return verdicts.map((verdict) => {
    if (verdict.type === 'unknown' && verdict.reason.code === 'misspelt-field') {
      const { reason } = verdict;
      return { ...verdict, reason: { ...reason, place: shown(reason.place) } };
    }
    if (verdict.type !== 'violated' || verdict.reason.code !== 'handler-threw') return verdict;
    const place = placeAt(verdict.step);
    return place ? { ...verdict, reason: { ...verdict.reason, place } } : verdict;
  });
}
