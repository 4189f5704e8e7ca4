/** The state and events of a worker that uses the Go library's locks. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Frozen, Micros, NodeId, OperationId } from '../../protocol/types.ts';
import type { StorageAnswers, StorageRequests } from '../locks/fenced-storage.ts';
import type { HolderOptions, WorkerState as LockState } from '../locks/worker.ts';
import { type Exchange, httpEvents, type HttpState } from './http.ts';
import type { Behavior, ConsulResponse } from './api.ts';
import type { ServerAnswers, ServerRequests } from './state.ts';

/** The library's `LockOptions`. Each lock has its own, because each has a session of its own. */
export interface LockOptions {
  readonly ttl: Micros;
  readonly lockDelay: Micros;
  readonly behavior: Behavior;
  /** The health checks of the worker's node that end its session: `NodeChecks`. */
  readonly checks: readonly string[];
  /** How many failed queries the monitor of a held lock rides out. */
  readonly monitorRetries: number;
  readonly monitorRetryTime: Micros;
  /** How long one query waits for the lock; with `tryOnce`, how long it waits at all. */
  readonly waitTime: Micros;
  readonly tryOnce: boolean;
}

/** The library's `Lock`: what a worker has from `lock` until `unlock`, even if the lock is lost. */
export interface Lock {
  readonly id: number;
  readonly key: string;
  readonly options: LockOptions;
  phase: 'waiting' | 'held' | 'releasing';
  /** The operation that waits for the lock; empty once it is answered. */
  operation: OperationId;
  /** Empty before it is created. */
  session: string;
  /** Whether its session is renewed. */
  isRenewed: boolean;
  /** The TTL that the server gave last. */
  ttl: Micros;
  /** When the last renewal was answered, by the worker's own clock. */
  renewedAt: Micros;
  /** When it began to wait, by the worker's own clock. */
  began: Micros;
  attempts: number;
  /** The index of the key, after which the next query waits; 0 if it does not wait. */
  index: number;
  /** How many more failed queries its monitor rides out. */
  retries: number;
}

/** What a request is for. It says how the worker continues when the answer comes. */
export type Purpose =
  | 'create' | 'renew' | 'destroy'
  | 'read' | 'acquire' | 'explain' | 'monitor' | 'release'
  | 'check use' | 'delete';

/** A request for a lock; one whose answer matters to no lock has the number 0. */
export interface LockExchange extends Exchange {
  readonly purpose: Purpose;
  readonly lock: number;
}

/** How a request ended: with a response, or with an error. */
export type Outcome =
  | { readonly response: Frozen<ConsulResponse>; readonly error?: undefined }
  | { readonly response?: undefined; readonly error: string };

export interface WorkerState extends LockState, HttpState<LockExchange> {
  locks: Lock[];
  /** How many locks there were so far. */
  lockCount: number;
}

export interface WorkerEvents {
  LockAcquired: { key: string; token: number };
  LockRefused: { key: string };
  LockReleased: { key: string };
  LossNoticed: { key: string };
  MonitorFailed: { key: string; error: string; retries: number };
  SessionEnded: { session: string; reason: string };
  ServerChanged: { from: NodeId; to: NodeId };
}

export interface Worker {
  state: WorkerState;
  receives: ServerAnswers & StorageAnswers;
  sends: ServerRequests & StorageRequests;
  timers: {
    renew: string; tryAgain: number; monitor: number; dial: ConnectionId; idle: ConnectionId;
  };
  events: WorkerEvents;
  options: HolderOptions & {
    endpoint: NodeId | null;
    lockRetry: Micros;
    waitTime: Micros;
    monitorRetries: number;
    monitorRetryTime: Micros;
  };
}

export const workerEvents: Record<keyof WorkerEvents, string> = {
  LockAcquired: 'A worker has the lock, as far as it knows.',
  LockRefused: 'Another session holds the lock, or its lock-delay is not over.',
  LockReleased: 'A holder released its lock, without a lock-delay for the next one.',
  LossNoticed: 'The library told a worker that its lock is lost, or may be: its monitor ended.',
  MonitorFailed: 'The query that monitors a held lock failed. The library retries, or gives up.',
  SessionEnded: 'A worker no longer renews a session, for the given reason.',
  ...httpEvents,
};
