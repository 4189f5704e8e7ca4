/** What Jepsen's tests call and write in their own ways, in the terms of the specifications. */
import type { Json } from '../../protocol/types.ts';
import type { RecordedEvent } from './events.ts';

/**
 * Tests with independent keys record `[key value]` as the value of each operation. Then each read
 * is invoked with `[key nil]`, which nothing else is.
 */
export function withKeys(
  events: readonly RecordedEvent[],
  hasInvocations: boolean,
): readonly RecordedEvent[] {
  const invoked = events.filter(({ type }) => type === 'invoke');
  const isKeyed = (value: Json) => Array.isArray(value) && value.length === 2;
  const isKeyedRead = (value: Json) => {
    return isKeyed(value) && (!hasInvocations || (value as Json[])[1] === null);
  };
  const reads = invoked.filter(({ name }) => name === 'read');
  const areKeyed = reads.length > 0 && reads.every(({ value }) => isKeyedRead(value));
  if (!areKeyed || !invoked.every(({ value }) => isKeyed(value))) return events;
  return events.map((event) => {
    // A response that says nothing may lack the key, too.
    if (!isKeyed(event.value)) return event;
    const [key, value] = event.value as readonly Json[];
    return { ...event, key, value };
  });
}

/** A read of a counter returns a number, and a read of a set a collection; both call it `add`. */
export function withOwnNames(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const isCounted = events.every(({ name, type, value }) => {
    const isNumber = typeof value === 'number';
    return name === 'add' ? isNumber : name === 'read' && (type !== 'ok' || isNumber);
  });
  if (!isCounted || !events.some(({ name }) => name === 'add')) return events;
  return events.map((event) => (event.name === 'add' ? { ...event, name: 'increment' } : event));
}
