/** The state, messages and events of Consul and its workers: keys, sessions, lock-delays. */
import type { Micros, NodeId, OperationId } from '../../protocol/types.ts';
import type { StorageAnswers, StorageRequests } from '../locks/fenced-storage.ts';
import type { HolderOptions, WorkerState as LockState } from '../locks/worker.ts';
import type { ClientSession, Numbered } from '../shared/execute-once.ts';
import type { PurposefulRequest, Reply } from '../shared/one-server.ts';

/** What happens to the keys of a session that is invalidated. */
export type Behavior = 'release' | 'delete';

export interface KeyEntry {
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

export type ConsulCommand =
  | {
      readonly op: 'session-create';
      readonly ttl: Micros;
      readonly behavior: Behavior;
      readonly lockDelay: Micros;
    }
  | { readonly op: 'session-renew'; readonly session: string }
  | { readonly op: 'session-destroy'; readonly session: string }
  | { readonly op: 'acquire'; readonly key: string; readonly session: string }
  | { readonly op: 'release'; readonly key: string; readonly session: string }
  | { readonly op: 'get'; readonly key: string };

export type ConsulResponse =
  SessionCreated | Acquired | KeyRead | { readonly error: string } | boolean | 'OK';

export type SessionCreated = { readonly session: string; readonly ttl: Micros };
export type Acquired = { readonly acquired: boolean; readonly lockIndex: number };
export type KeyRead = { readonly session: string | null; readonly modifyIndex: number };

export interface ServerState {
  /** Grows with every change of any key. */
  index: number;
  keys: Record<string, KeyEntry>;
  sessions: Record<string, ConsulSession>;
  sessionCount: number;
  /** The responses that clients may ask for again: a repeated request is not executed twice. */
  answers: Record<NodeId, ClientSession<ConsulResponse>>;
  /** Keys in their lock-delay. Only the leader knows them, in memory. */
  delayed: string[];
  /** Blocking queries, which wait for a key to change. */
  blocked: { client: NodeId; query: number; key: string }[];
}

export interface ServerEvents {
  SessionCreated: { session: string; client: NodeId; ttl: Micros };
  SessionInvalidated: { session: string; client: NodeId; reason: string };
  LockDelayed: { key: string; delay: Micros };
  LockDelayEnded: { key: string };
}

export interface ServerAnswers {
  Reply: Reply<ConsulResponse>;
  Changed: { query: number; key: string };
}

export interface ServerRequests {
  Request: Numbered<ConsulCommand>;
  /** A blocking query: it is answered when the key has changed since that index. */
  Watch: { query: number; key: string; index: number };
}

export interface Server {
  state: ServerState;
  receives: ServerRequests;
  sends: ServerAnswers;
  timers: { session: string; lockDelay: string };
  events: ServerEvents;
  options: object;
}

/** An attempt to take a lock. */
export interface Attempt {
  readonly operation: OperationId;
  readonly key: string;
  readonly ttl: Micros;
  readonly lockDelay: Micros;
  readonly behavior: Behavior;
  /** Whether it waits for the lock, or gives up if the lock is taken. */
  readonly patient: boolean;
  /** The blocking query that it waits for, and the index of that query; 0 if it does not wait. */
  query: number;
  index: number;
}

/** What a request is for. It says how the worker continues when the answer comes. */
export type Purpose = 'session' | 'acquire' | 'look' | 'release' | 'renew' | 'close';

export type ConsulRequest = PurposefulRequest<ConsulCommand, Purpose>;

export interface WorkerState extends LockState {
  /** Requests without an answer, the oldest first. */
  pending: ConsulRequest[];
  /** Empty if it has no session. */
  session: string;
  ttl: Micros;
  attempts: Attempt[];
}

export interface WorkerEvents {
  LockAcquired: { key: string; token: number };
  LockRefused: { key: string };
  LockReleased: { key: string };
  LossNoticed: { key: string };
  SessionEnded: { session: string; reason: string };
}

export interface Worker {
  state: WorkerState;
  receives: ServerAnswers & StorageAnswers;
  sends: ServerRequests & StorageRequests;
  timers: { retry: void; renew: void; sessionEnd: void; tryAgain: OperationId; wait: OperationId };
  events: WorkerEvents;
  options: HolderOptions & { retryAfter: Micros; lockRetry: Micros; waitTime: Micros };
}

export const serverEvents: Record<keyof ServerEvents, string> = {
  SessionCreated: 'A client has a session, with which it can hold locks.',
  SessionInvalidated: 'A session is over: its locks are released, or their keys are deleted.',
  LockDelayed: 'The session of a holder was invalidated: its lock is refused for the lock-delay.',
  LockDelayEnded: 'The lock-delay is over: the lock can be acquired again.',
};

export const workerEvents: Record<keyof WorkerEvents, string> = {
  LockAcquired: 'A worker has the lock, as far as it knows.',
  LockRefused: 'Another session holds the lock, or its lock-delay is not over.',
  LockReleased: 'A holder released its lock, without a lock-delay for the next one.',
  LossNoticed: 'A worker learned that it no longer has the lock.',
  SessionEnded: 'A worker learned, for the given reason, that its session is over.',
};

/** Identifies a grant of a lock, as Consul's documentation does: key, LockIndex and session. */
export function sequencer(key: string, lockIndex: number, session: string): string {
  return `${key}:${lockIndex}:${session}`;
}

/** The session of a sequencer. */
export function sessionOf({ grant }: { readonly grant: string }): string {
  return grant.slice(grant.lastIndexOf(':') + 1);
}
