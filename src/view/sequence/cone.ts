/** The causal cone of a request or a step: what it depends on, and what it influences. */
import type { Occurrence } from '../../kernel/seam/causality.ts';
import type { Reading } from '../../session/read/reading.ts';
import type { SequenceCone } from './sequence-view.ts';
import type { RecordedStep } from './steps.ts';

export interface Cone {
  /** The steps among which it lies; the last is the branch's if it is open. */
  readonly first: number;
  readonly last: number;
  has(step: RecordedStep): boolean;
}

/** How far beyond its end, and around a step, a cone is followed. */
const tail = 100;
const reach = 600;

/** Undefined if the branch does not have what it is about. */
export function coneOf(reading: Reading, cone: SequenceCone): Cone | undefined {
  if (cone.type === 'step') return coneOfStep(reading, cone.step);
  return requestCone(reading, cone.operation);
}

function coneOfStep({ clocks, length }: Reading, step: number): Cone | undefined {
  const centre = step > length ? undefined : clocks.at(step);
  if (centre === undefined) return undefined;
  return {
    first: Math.max(0, step - reach),
    last: Math.min(length, step + reach),
    has: (recorded) => {
      const other = clocks.at(recorded.step);
      return other !== undefined && (isBefore(other, centre) || isBefore(centre, other));
    },
  };
}

/**
 * What the invocation influenced and the response depends on: between the two by vector clocks.
 * What follows from the request by messages alone belongs to it, too, after the response as well.
 */
function requestCone(reading: Reading, id: string): Cone | undefined {
  const { clocks, length, moment } = reading;
  const request = reading.history.find(({ operation }) => operation === id);
  if (request === undefined) return undefined;
  const { invokedStep, endedStep } = request;
  const index = moment.node(request.node)?.index ?? -1;
  const begin = clocks.latest(index, invokedStep);
  const end = endedStep === undefined ? undefined : clocks.latest(index, endedStep);
  return {
    first: invokedStep,
    last: Math.min(length, (endedStep ?? length) + tail),
    has: (recorded) => {
      const { step, request: owner } = recorded;
      if (owner?.id === id || step === invokedStep || step === endedStep) return true;
      const other = clocks.at(step);
      if (other === undefined || begin === undefined || !isBefore(begin, other)) return false;
      return end === undefined || isBefore(other, end);
    },
  };
}

/** Whether `one` is `other` or happened before it. */
function isBefore(one: Occurrence, other: Occurrence): boolean {
  const counted = one.vector[one.node] ?? 0;
  return (other.vector[one.node] ?? 0) >= counted;
}
