/** Histories that record only how operations ended, as Elle's examples do. */
import type { Recordable } from '../models/verdict.ts';
import type { RecordedEvent } from './events.ts';
import { TextError } from './problem.ts';

/** The process of an event that names none: each such operation may be of another client. */
export const unnamed = '';

export interface Completed {
  readonly events: readonly RecordedEvent[];
  /** A model that depends on one of these cannot be said to hold. */
  readonly lacks: readonly Recordable[];
}

/**
 * Adds invocations if there are none at all, each as early as it can have been: right after the
 * last response to the same process. What is violated then is violated by every history with these
 * responses, because later invocations only add to the order of real time.
 */
export function withInvocations(given: readonly RecordedEvent[]): Completed {
  const hasInvocations = given.some(({ type }) => type === 'invoke');
  const isUnnamed = given.find(({ process }) => process === unnamed);
  if (hasInvocations && isUnnamed !== undefined) {
    const how = 'name the client that invoked the operation, as its invocation does';
    throw new TextError(`the process is missing: ${how}`, isUnnamed.offset);
  }
  if (hasInvocations || given.length === 0) return { events: given, lacks: [] };
  let count = 0;
  const named = given.map((event) => {
    return event.process === unnamed ? { ...event, process: `unnamed-${++count}` } : event;
  });
  const ofProcess = new Map<string, RecordedEvent[]>();
  for (const event of named) {
    const own = ofProcess.get(event.process);
    if (own === undefined) ofProcess.set(event.process, [event]);
    else own.push(event);
  }
  const events: RecordedEvent[] = [];
  for (const [first] of ofProcess.values()) events.push(invocationOf(first));
  const done = new Map<string, number>();
  for (const event of named) {
    events.push(event);
    const next = (done.get(event.process) ?? 0) + 1;
    done.set(event.process, next);
    const later = ofProcess.get(event.process)![next];
    if (later !== undefined) events.push(invocationOf(later));
  }
  return { events, lacks: count === 0 ? ['invocations'] : ['invocations', 'processes'] };
}

function invocationOf(event: RecordedEvent): RecordedEvent {
  return { ...event, type: 'invoke' };
}
