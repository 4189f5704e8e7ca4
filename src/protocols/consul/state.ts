/** The state, messages and events of a Consul server: keys, sessions, lock-delays, queries. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Micros, NodeId } from '../../protocol/types.ts';

/** What happens to the keys of a session that is invalidated. */
export type Behavior = 'release' | 'delete';

/** The flags of a key: the Go library marks the keys of its locks; other writers set none. */
export type Flags = 'lock' | 'none';

export interface KeyEntry {
  value: string;
  flags: Flags;
  /** The session that holds the key; null if none does. */
  session: string | null;
  /** How often the key was acquired by a session that did not hold it. */
  lockIndex: number;
  /** The server's index at the last change of the key. */
  modifyIndex: number;
}

export interface ConsulSession {
  readonly client: NodeId;
  readonly ttl: Micros;
  readonly behavior: Behavior;
  readonly lockDelay: Micros;
}

/** A request of the HTTP API. */
export type ConsulCommand =
  | {
      readonly op: 'session create';
      readonly ttl: Micros;
      readonly behavior: Behavior;
      readonly lockDelay: Micros;
    }
  | { readonly op: 'session renew'; readonly session: string }
  | { readonly op: 'session destroy'; readonly session: string }
  | { readonly op: 'acquire'; readonly key: string; readonly session: string }
  | { readonly op: 'release'; readonly key: string; readonly session: string }
  | { readonly op: 'put'; readonly key: string; readonly value: string }
  | { readonly op: 'delete'; readonly key: string; readonly modifyIndex: number | null }
  | Get;

/** A query. With an index it blocks until the key changes after that, or the wait is over. */
export interface Get {
  readonly op: 'get';
  readonly key: string;
  /** 0: it is answered at once. */
  readonly index: number;
  /** How long it may block. */
  readonly wait: Micros;
}

export type ConsulResponse =
  SessionCreated | SessionRenewed | Acquired | KeyRead | HttpError | boolean | 'OK';

export type SessionCreated = { readonly session: string; readonly ttl: Micros };
/** The TTL is null if there is no such session. */
export type SessionRenewed = { readonly renewed: Micros | null };
export type Acquired = { readonly acquired: boolean; readonly lockIndex: number };
/** What a query reads; the entry is null if there is no such key. */
export type KeyRead = { readonly index: number; readonly entry: KeyEntry | null };
/** A status other than 200, with its text. */
export type HttpError = { readonly status: number; readonly error: string };

export interface ServerState {
  /** Grows with every change of any key. */
  index: number;
  keys: Record<string, KeyEntry>;
  sessions: Record<string, ConsulSession>;
  sessionCount: number;
  /** Keys in their lock-delay, and when it ends by the server's own clock. */
  delayed: Record<string, Micros>;
  /** Blocking queries, which wait for a key to change. */
  blocked: BlockedQuery[];
}

export interface BlockedQuery {
  /** The connection on which it came, and on which it is answered. */
  readonly connection: ConnectionId;
  readonly client: NodeId;
  /** The client's number of the request. */
  readonly serial: number;
  readonly key: string;
}

export interface ServerEvents {
  SessionCreated: { session: string; client: NodeId; ttl: Micros };
  SessionInvalidated: { session: string; client: NodeId; reason: string };
  LockDelayed: { key: string; delay: Micros };
  LockDelayEnded: { key: string };
  KeyDeleted: { key: string; session: string | null; by: NodeId };
}

export interface ServerAnswers {
  Reply: { serial: number; response: ConsulResponse };
}

export interface ServerRequests {
  Request: { serial: number; command: ConsulCommand };
}

export interface Server {
  state: ServerState;
  receives: ServerRequests;
  sends: ServerAnswers;
  timers: { session: string; lockDelay: string; query: BlockedQuery };
  events: ServerEvents;
  options: { failover: boolean };
}

export const serverEvents: Record<keyof ServerEvents, string> = {
  SessionCreated: 'A client has a session, with which it can hold a lock.',
  SessionInvalidated: 'A session is over: its locks are released, or their keys are deleted.',
  LockDelayed: 'The session of a holder was invalidated: its lock is refused for the lock-delay.',
  LockDelayEnded: 'The lock-delay is over: the lock can be acquired again.',
  KeyDeleted: 'A client deleted a key, whichever session held it. No lock-delay follows.',
};

/** Identifies a grant of a lock, as Consul's documentation does: key, LockIndex and session. */
export function sequencer(key: string, lockIndex: number, session: string): string {
  return `${key}:${lockIndex}:${session}`;
}

/** The session of a sequencer. */
export function sessionOf({ grant }: { readonly grant: string }): string {
  return grant.slice(grant.lastIndexOf(':') + 1);
}
