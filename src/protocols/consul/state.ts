/** What Consul keeps and is asked: keys, sessions, lock-delays; what a worker remembers of it. */
import type { Json, Micros, NodeId, OperationId } from '../../protocol/types.ts';
import type { StorageAnswers, StorageRequests } from '../locks/fenced-storage.ts';
import type { Asked, Reply, RequestOf } from '../locks/requests.ts';
import type { WorkerState as Holder } from '../locks/worker.ts';
import type { Session as Answers } from '../raft/client.ts';

export type Behavior = 'release' | 'delete';

export interface KeyEntry {
  /** The session that holds it; null while nobody does. */
  session: string | null;
  /** How often it changed hands: grows when a session acquires it that did not hold it. */
  lockIndex: number;
  /** The server's index at its last change. */
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

export interface ServerState {
  /** Grows with every change of any key. */
  index: number;
  keys: Record<string, KeyEntry>;
  sessions: Record<string, ConsulSession>;
  sessionCount: number;
  /** What clients were answered, so that nothing is done twice. */
  answers: Record<NodeId, Answers>;
  /** Keys that stay refused for a while: in the leader's memory alone. */
  delayed: string[];
  /** Queries that wait for a key to change. */
  blocked: { client: NodeId; query: number; key: string }[];
}

export interface ServerEvents {
  SessionCreated: { session: string; client: NodeId; ttl: Micros };
  SessionInvalidated: { session: string; client: NodeId; reason: string };
  LockDelayed: { key: string; delay: Micros };
  LockDelayEnded: { key: string };
}

export interface ServerAnswers {
  Reply: Reply;
  Changed: { query: number; key: string };
}

export interface ServerRequests {
  Request: RequestOf<ConsulCommand>;
  /** A blocking query: answered when the key is no longer as it was at that index. */
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
  readonly patient: boolean;
  /** The blocking query that it waits on; 0 while it does not. */
  query: number;
  index: number;
}

export type Purpose = 'session' | 'acquire' | 'look' | 'release' | 'renew' | 'close';

export interface WorkerState extends Holder {
  pending: Asked<ConsulCommand, Purpose>[];
  /** Empty while it has none. */
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
  options: { retryAfter: Micros; lockRetry: Micros; waitTime: Micros };
}

export const serverEvents: Record<keyof ServerEvents, string> = {
  SessionCreated: 'A client has a session, under which it can hold locks.',
  SessionInvalidated: 'A session is over: its locks are released, or their keys deleted.',
  LockDelayed: 'A lock whose holder was invalidated stays refused for a while.',
  LockDelayEnded: 'The lock can be acquired again.',
};

export const workerEvents: Record<keyof WorkerEvents, string> = {
  LockAcquired: 'A worker has the lock, as far as it knows.',
  LockRefused: 'The lock is held by another session, or its delay is not over.',
  LockReleased: 'A holder gave its lock back; nobody has to wait for a delay.',
  LossNoticed: 'A worker learned that the lock was no longer its own.',
  SessionEnded: 'A worker knows that its session is over, and why.',
};

/** Names a grant of a lock as Consul's documentation does: key, LockIndex and session. */
export function sequencer(key: string, lockIndex: number, session: string): string {
  return `${key}:${lockIndex}:${session}`;
}

/** The session of a sequencer. */
export function sessionOf({ grant }: { readonly grant: string }): string {
  return grant.slice(grant.lastIndexOf(':') + 1);
}

export function errorIn(response: Json): string | undefined {
  return (response as { error?: string } | null)?.error;
}
