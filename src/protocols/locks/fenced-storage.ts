/** Storage that refuses a write without a fencing token, or with one older than it has seen. */
import { invariant, role } from '../../protocol/define.ts';
import type { Admits } from '../../protocol/look.ts';
import type { NodeId, Observed } from '../../protocol/types.ts';

export type Value = string | number | boolean;

export interface Write {
  /** The name of the value: storage may hold several values behind one lock. */
  name: string;
  value: Value;
  /** The fencing token of the lock; null from a lock that issues none. */
  token: number | null;
  /** The grant of the lock: a number or a random value that distinguishes it from others. */
  grant: string;
  /** The worker's number for the request, which the answer repeats. */
  request: number;
}

export interface Read {
  name: string;
  /** The token and the grant of the lock under which it reads; null and empty without one. */
  token: number | null;
  grant: string;
  request: number;
}

export interface StorageState {
  values: Record<string, Value>;
  /** For each name, the highest fencing token that storage has seen with it. */
  tokens: Record<string, number>;
  /** The highest of all these tokens. */
  highestToken: number;
  // The last accepted write:
  name: string;
  value: Value | null;
  writer: NodeId | null;
  token: number | null;
  grant: string;
  /** How many writes were accepted. */
  writes: number;
}

export interface StorageEvents {
  WriteAccepted: { name: string; value: Value; token: number | null; from: NodeId };
  WriteFenced: { token: number | null; highest: number; from: NodeId };
}

/** The answers of storage; for the `receives` of a worker's role. */
export interface StorageAnswers {
  Written: { request: number; token: number | null };
  /** The token is null if the write had none. */
  Refused: { request: number; token: number | null; highest: number };
  Value: { request: number; value: Value | null };
}

/** The requests to storage; for the `sends` of a worker's role. */
export interface StorageRequests {
  Write: Write;
  Read: Read;
}

export interface Storage {
  state: StorageState;
  receives: StorageRequests;
  sends: StorageAnswers;
  timers: object;
  events: StorageEvents;
  options: { fencing: boolean; requireToken: boolean; fenceReads: boolean };
}

export const storage = role<Storage>({
  doc: 'Storage that several workers write to; it refuses a write with no or an outdated token.',
  options: {
    fencing: {
      kind: 'boolean',
      default: true,
      doc: 'Whether it compares fencing tokens; if not, it accepts every write.',
    },
    requireToken: {
      kind: 'boolean',
      default: true,
      doc: 'Whether `fencing` refuses a write without a token; if not, such a write passes.',
    },
    fenceReads: {
      kind: 'boolean',
      default: false,
      doc:
        "Whether `fencing` notes the tokens of reads: then a new holder's first contact fences " +
        'off the older tokens; if not, only its first write does.',
    },
  },
  init: () => ({
    values: {}, tokens: {}, highestToken: 0,
    name: '', value: null, writer: null, token: null, grant: '', writes: 0,
  }),
  durable: [
    ...['values', 'tokens', 'highestToken'] as const,
    ...['name', 'value', 'writer', 'token', 'grant', 'writes'] as const,
  ],
  messages: {
    Write(node, message, from, connection) {
      const { state } = node;
      const { name, value, token, grant, request } = message;
      const highest = state.tokens[name] ?? 0;
      if (isFenced(node.options, token, highest)) {
        node.event('WriteFenced', { token, highest, from });
        node.send(connection || from, { type: 'Refused', token, highest, request });
        return;
      }
      if (token !== null) noteToken(state, name, token);
      state.values[name] = value;
      const writes = state.writes + 1;
      Object.assign(state, { name, value, writer: from, token, grant, writes });
      node.event('WriteAccepted', { name, value, token, from });
      node.send(connection || from, { type: 'Written', token, request });
    },
    Read(node, { name, token, request }, from, connection) {
      const { state, options } = node;
      if (options.fencing && options.fenceReads && token !== null) noteToken(state, name, token);
      node.send(connection || from, { type: 'Value', value: state.values[name] ?? null, request });
    },
  },
  timers: {},
  lookDocs: {
    token: 'The highest fencing token that it has seen: it refuses writes with a lower one.',
    values: 'What is stored.',
    writer: 'Who wrote last.',
  },
  look: ({ values, writer, highestToken }) => ({
    token: highestToken, facts: { values, writer },
  }),
});

type Options = Storage['options'];

function isFenced({ fencing, requireToken }: Options, token: number | null, highest: number) {
  if (!fencing) return false;
  return token === null ? requireToken : token < highest;
}

function noteToken(state: StorageState, name: string, token: number): void {
  state.tokens[name] = Math.max(state.tokens[name] ?? 0, token);
  state.highestToken = Math.max(state.highestToken, token);
}

/** Documents the events of storage; for the `events` of a protocol. */
export const storageEvents: Record<keyof StorageEvents, string> = {
  WriteAccepted: 'Storage accepted a write.',
  WriteFenced: 'Storage refused a write without a token, or with one older than it has seen.',
};

/** Whether storage refuses a write; for the `refuses` of a protocol. */
export function refusesWrite(message: { readonly type: string }): boolean {
  return message.type === 'Refused';
}

/** Which writes storage accepts; for the `admits` of a protocol. */
export const admitsWrite: Admits = ({ name, fields }) => {
  const { token, from } = fields;
  if (name === 'WriteAccepted') {
    return { accepted: true, from, what: `${fields.name}=${String(fields.value)}`, token };
  }
  if (name !== 'WriteFenced') return undefined;
  const isMissing = token === null;
  const reason = isMissing ? 'it has no token' : `token ${token} is older than ${fields.highest}`;
  return { accepted: false, from, token, reason };
};

interface LastWrite {
  token: number;
  writer: NodeId | null;
  value: Value | null;
}

interface Writes {
  /** The number of writes of each storage when it was last checked. */
  seen: Record<NodeId, number>;
  /** The write with the highest token: `storage name` → the write. */
  last: Record<string, LastWrite>;
}

/** Compares only tokens: a write without one is neither older nor newer than another. */
export const olderTokenNeverOverwrites = invariant<Writes>({
  doc: 'After a write with a token, storage accepts no write with an older token.',
  remember: () => ({ seen: {}, last: {} }),
  when: ({ acted }) => isStorage(acted) && acted.state.token !== null,
  check({ acted, memory: { seen, last } }) {
    if (!isStorage(acted)) return undefined;
    const { writes, name, token, writer, value } = acted.state;
    if (writes === (seen[acted.id] ?? 0)) return undefined;
    seen[acted.id] = writes;
    if (token === null) return undefined;
    const before = last[`${acted.id} ${name}`];
    if (before === undefined || token >= before.token) {
      last[`${acted.id} ${name}`] = { token, writer, value };
      return undefined;
    }
    return (
      `${acted.id} let ${writer} write ${name}=${JSON.stringify(value)} with token ${token}, ` +
      `though ${before.writer} had written ${name}=${JSON.stringify(before.value)} with token ` +
      `${before.token}: the lock had gone to ${before.writer}, and ${writer} did not know.`
    );
  },
});

export function isStorage(node: Observed | undefined): node is Observed<StorageState> {
  return node?.role === 'storage';
}
