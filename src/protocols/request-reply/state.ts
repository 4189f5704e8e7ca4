/** A client, a server, and the four things that a timeout can mean: as types. */
import type { Frozen, Micros, NodeId, OperationId, Role } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';

export type Change = { readonly type: 'add' | 'set'; readonly amount: number };

export interface Request {
  /** Counts the requests of the client; a repetition has the same number. */
  number: number;
  change: Change;
}

/** A request whose number is below one that was executed is refused: `total` is null. */
export interface Reply {
  number: number;
  total: number | null;
}

export interface ServerState {
  total: number;
  /** Client and number → what was answered; empty unless the server remembers keys. */
  keys: Record<string, number>;
  /** Client → its last request and what was answered, if the server remembers only that. */
  last: Record<NodeId, { readonly number: number; readonly total: number }>;
  /** Requests that it works on. */
  working: { readonly from: NodeId; readonly request: Frozen<Request> }[];
  /** How many requests it has begun to work on. */
  begun: number;
}

export interface Server {
  state: ServerState;
  receives: { Request: Request };
  sends: { Reply: Reply };
  timers: { work: void; forget: string };
  events: {
    Executed: { by: NodeId; number: number; total: number };
    RepetitionRecognized: { by: NodeId; number: number };
    RequestRefused: { by: NodeId; number: number };
    KeyForgotten: { key: string };
  };
  options: { workTime: Micros; remembers: string; keyLifetime: Micros };
}

export interface ClientState {
  number: number;
  pending: { number: number; change: Change; attempts: number; operation: OperationId } | null;
  /** All that the client has seen: what it sent, and what came of it. */
  seen: string[];
}

export interface Client {
  state: ClientState;
  receives: { Reply: Reply };
  sends: { Request: Request };
  timers: { timeout: void };
  events: {
    RequestSent: { number: number; attempt: number };
    ReplyReceived: { number: number; total: number | null };
    TimedOut: { number: number; waited: Micros };
    LateReply: { number: number };
  };
  options: { timeout: Micros; attempts: number };
}

export const serverOptions: NonNullable<Role<Server>['options']> = {
  workTime: {
    kind: 'duration', default: 0, min: 0, max: seconds(3_600),
    doc: 'How long the server works on a request before it executes and answers it.',
  },
  remembers: {
    kind: 'choice', default: 'keys', choices: ['nothing', 'keys', 'last'],
    doc: 'What it keeps to recognize a repetition: nothing, the key and answer of each request, ' +
      'or only the last request of each client.',
  },
  keyLifetime: {
    kind: 'duration', default: 0, min: 0, max: seconds(86_400),
    doc: 'With remembers: keys, how long it keeps a key; 0 for ever.',
  },
};

export const clientOptions: NonNullable<Role<Client>['options']> = {
  timeout: {
    kind: 'duration', default: milliseconds(100), min: 1, max: seconds(3_600),
    doc: 'How long the client waits for a reply.',
  },
  attempts: {
    kind: 'integer', default: 1, min: 1, max: 100,
    doc: 'How often it sends a request before it gives up.',
  },
};

export const events: Record<keyof Server['events'] | keyof Client['events'], string> = {
  RequestSent: 'A client sent a request, for the first time or again.',
  ReplyReceived: 'A client received the reply to its request.',
  TimedOut: 'No reply came in time: the client does not know what became of its request.',
  LateReply: 'A reply came to a request that the client had given up, or has an answer for.',
  Executed: 'The server executed a request.',
  RepetitionRecognized: 'The server knows this request, and repeats its answer.',
  RequestRefused: 'The server refused a request that is older than one it has executed.',
  KeyForgotten: 'The lifetime of a key is over: a repetition would no longer be recognized.',
};
