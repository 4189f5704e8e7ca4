/** Storage that refuses a write whose fencing token is older than one that it has seen, and its invariant. */
import { invariant, role } from '../protocol/define.ts';
import type { NodeId, Observed } from '../protocol/types.ts';

export type Value = string | number | boolean;

export interface Write {
  /** What is written: a storage may hold several things behind one lock. */
  name: string;
  value: Value;
  /** The fencing token that came with the lock; null from a lock that gives none. */
  token: number | null;
  /** Under which grant of the lock: a number, a random value; whatever tells it from others. */
  grant: string;
  /** Numbers the requests of a worker, so that it knows what an answer belongs to. */
  request: number;
}

export interface StorageState {
  values: Record<string, Value>;
  // Of the last write that went through:
  value: Value | null;
  writer: NodeId | null;
  token: number | null;
  grant: string;
  /** The highest fencing token that came with any write. */
  highestToken: number;
  /** How many writes went through. */
  writes: number;
}

export interface StorageEvents {
  WriteAccepted: { name: string; value: Value; token: number | null; from: NodeId };
  WriteFenced: { token: number; highest: number; from: NodeId };
}

/** What storage answers; for the `receives` of a worker. */
export interface StorageAnswers {
  Written: { request: number; token: number | null };
  Refused: { request: number; token: number; highest: number };
  Value: { request: number; value: Value | null };
}

export interface StorageRequests {
  Write: Write;
  Read: { name: string; request: number };
}

export interface Storage {
  state: StorageState;
  receives: StorageRequests;
  sends: StorageAnswers;
  timers: object;
  events: StorageEvents;
  options: { fencing: boolean };
}

export const storage = role<Storage>({
  doc: 'Storage that many write to; it refuses a write whose fencing token is out of date.',
  options: {
    fencing: {
      kind: 'boolean',
      default: true,
      doc: 'Whether it compares fencing tokens; without, whatever comes is written.',
    },
  },
  init: () => ({
    values: {}, value: null, writer: null, token: null, grant: '', highestToken: 0, writes: 0,
  }),
  durable: ['values', 'value', 'writer', 'token', 'grant', 'highestToken', 'writes'],
  messages: {
    Write(node, message, from) {
      const { state, options } = node;
      const { name, value, token, grant, request } = message;
      if (options.fencing && token !== null && token < state.highestToken) {
        const highest = state.highestToken;
        node.event('WriteFenced', { token, highest, from });
        node.send(from, { type: 'Refused', request, token, highest });
        return;
      }
      if (token !== null) state.highestToken = Math.max(state.highestToken, token);
      state.values[name] = value;
      Object.assign(state, { value, writer: from, token, grant, writes: state.writes + 1 });
      node.event('WriteAccepted', { name, value, token, from });
      node.send(from, { type: 'Written', request, token });
    },
    Read(node, { name, request }, from) {
      const { values } = node.state;
      node.send(from, { type: 'Value', request, value: values[name] ?? null });
    },
  },
  timers: {},
  look: ({ values, writer, highestToken }) => ({
    facts: { values, writer, highestToken },
  }),
});

/** What its events mean; for the `events` of a protocol. */
export const storageEvents: Record<keyof StorageEvents, string> = {
  WriteAccepted: 'Storage took a write.',
  WriteFenced: 'Storage refused a write whose token is older than one that it has seen.',
};

/** Whether storage says no; for the `refuses` of a protocol. */
export function refusesWrite(message: { readonly type: string }): boolean {
  return message.type === 'Refused';
}

interface LastWrite {
  writes: number;
  token: number;
  writer: NodeId | null;
  value: Value | null;
}

/** Compares tokens alone: a write that brings none is neither older nor newer than another. */
export const olderTokenNeverOverwrites = invariant<Record<NodeId, LastWrite>>({
  doc: 'Once storage took a write with a token, it takes none with an older one.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isStorage(acted)) return undefined;
    const { writes, token, writer, value } = acted.state;
    const last = (memory[acted.id] ??= { writes: 0, token: 0, writer: null, value: null });
    if (writes === last.writes || token === null) return undefined;
    const { token: highest, writer: who, value: what } = last;
    last.writes = writes;
    if (token >= highest) {
      Object.assign(last, { token, writer, value });
      return undefined;
    }
    return (
      `${acted.id} let ${writer} write ${text(value)} with token ${token} over what ${who} wrote ` +
      `with token ${highest}, ${text(what)}: ${writer}'s lock had gone to ${who} meanwhile.`
    );
  },
});

export function isStorage(node: Observed | undefined): node is Observed<StorageState> {
  return node?.role === 'storage';
}

function text(value: Value | null): string {
  return JSON.stringify(value);
}
