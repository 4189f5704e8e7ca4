/** What happened before what, from the messages of the run: no clock of a node is used. */
import type { NodeId, Observation } from '../../protocol/types.ts';
import type { Replica } from './state.ts';

export interface Roles {
  replica: Replica;
}

export interface Causality {
  /** Replica → the writes that happened before its next event. */
  known: Record<NodeId, string[]>;
  /** Replica → the writes that it made or received itself. */
  received: Record<NodeId, string[]>;
  /** Write → the writes that happened before it. */
  past: Record<string, readonly string[]>;
  /** Write → its key. */
  keys: Record<string, string>;
}

export const noCausality = (): Causality => ({ known: {}, received: {}, past: {}, keys: {} });

type Step = Pick<Observation<Causality, Roles>, 'acted' | 'events' | 'message'>;

/** Takes in one step. Returns the writes that were made in it. */
export function noteStep({ acted, events, message }: Step, memory: Causality): string[] {
  if (acted === undefined) return [];
  const known = (memory.known[acted.id] ??= []);
  const received = (memory.received[acted.id] ??= []);
  if (message?.body.type === 'Writes') {
    for (const { id } of message.body.writes) {
      if (received.includes(id)) continue;
      for (const earlier of memory.past[id] ?? []) put(known, earlier);
      put(known, id);
      put(received, id);
    }
  }
  const made: string[] = [];
  for (const event of events) {
    if (event.name !== 'Written') continue;
    const { id, key } = event.fields;
    memory.past[id] = [...known];
    memory.keys[id] = key;
    put(known, id);
    put(received, id);
    made.push(id);
  }
  return made;
}

function put(ids: string[], id: string): void {
  if (!ids.includes(id)) ids.push(id);
}

/** Whether one write happened before another: Lamport's →. */
export function happenedBefore(a: string, b: string, { past }: Causality): boolean {
  return past[b]?.includes(a) === true;
}

/** Whether neither of two writes happened before the other. */
export function areConcurrent(a: string, b: string, memory: Causality): boolean {
  return !happenedBefore(a, b, memory) && !happenedBefore(b, a, memory);
}

/** The writes of a key that a replica made or received, in the order of their names. */
export function receivedOf(key: string, node: NodeId, { received, keys }: Causality): string[] {
  return (received[node] ?? []).filter((id) => keys[id] === key).sort();
}
