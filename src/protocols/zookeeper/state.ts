/** What ZooKeeper keeps and is asked: znodes, sessions, watches; what a worker remembers of it. */
import type { Json, Micros, NodeId, OperationId } from '../../protocol/types.ts';
import type { StorageAnswers, StorageRequests } from '../locks/fenced-storage.ts';
import type { Asked, Reply, RequestOf } from '../locks/requests.ts';
import type { WorkerState as Holder } from '../locks/worker.ts';
import type { Session as Answers } from '../raft/client.ts';

export interface Znode {
  /** The transaction that created it. */
  readonly czxid: number;
  /** The session with which it goes: it is ephemeral. */
  readonly session: string;
  /** The number in its name: how many children its parent was ever given before it. */
  readonly sequence: number;
}

export type ZooKeeperCommand =
  | { readonly op: 'create-session'; readonly timeout: Micros }
  | { readonly op: 'close-session'; readonly session: string }
  /** Ephemeral and sequential: the server appends the next number of the parent to the name. */
  | {
      readonly op: 'create';
      readonly parent: string;
      readonly name: string;
      readonly session: string;
    }
  | { readonly op: 'delete'; readonly path: string; readonly session: string }
  | { readonly op: 'children'; readonly parent: string; readonly session: string }
  /** Whether there is a znode; leaves a watch if there is. */
  | { readonly op: 'exists'; readonly path: string; readonly session: string };

export interface ServerState {
  /** The last transaction: the leader's epoch in the upper half, a counter in the lower. */
  zxid: number;
  znodes: Record<string, Znode>;
  /** How many children each parent was ever given. */
  sequences: Record<string, number>;
  sessions: Record<string, { client: NodeId; timeout: Micros }>;
  sessionCount: number;
  /** What clients were answered, so that nothing is done twice. */
  answers: Record<NodeId, Answers>;
  /** Each fires once. */
  watches: { path: string; client: NodeId }[];
}

export interface ServerEvents {
  SessionCreated: { session: string; client: NodeId; timeout: Micros };
  SessionExpired: { session: string; client: NodeId };
  WatchFired: { key: string; client: NodeId };
}

export interface ServerAnswers {
  Reply: Reply;
  /** The epoch tells a server that started anew, and knows of no watch, from the one before. */
  Pong: { session: string; alive: boolean; epoch: number };
  NodeDeleted: { path: string };
}

export interface ServerRequests {
  Request: RequestOf<ZooKeeperCommand>;
  Ping: { session: string };
}

export interface Server {
  state: ServerState;
  receives: ServerRequests;
  sends: ServerAnswers;
  timers: { session: string };
  events: ServerEvents;
  options: { tickTime: Micros };
}

/** A place in the line for a lock. */
export interface Place {
  readonly operation: OperationId;
  readonly key: string;
  readonly timeout: Micros;
  readonly patient: boolean;
  /** Its own znode, and the fencing token that comes with it. */
  own: string;
  token: number;
  /** The predecessor whose deletion it waits for; empty while it does not. */
  watching: string;
}

export type Purpose =
  | 'session' | 'enqueue' | 'children' | 'exists' | 'withdraw' | 'unlock' | 'close';

export interface WorkerState extends Holder {
  pending: Asked<ZooKeeperCommand, Purpose>[];
  /** Empty while it has none. */
  session: string;
  timeout: Micros;
  /** Whether it hears from its server; where not, it cannot know if its session goes on. */
  connected: boolean;
  epoch: number;
  places: Place[];
}

export interface WorkerEvents {
  LockAcquired: { key: string; token: number };
  LockRefused: { key: string };
  LockReleased: { key: string };
  LossNoticed: { key: string };
  Disconnected: { session: string };
  Reconnected: { session: string };
}

export interface Worker {
  state: WorkerState;
  receives: ServerAnswers & StorageAnswers;
  sends: ServerRequests & StorageRequests;
  timers: { retry: void; ping: void; silence: void };
  events: WorkerEvents;
  options: { retryAfter: Micros; token: string };
}

export const serverEvents: Record<keyof ServerEvents, string> = {
  SessionCreated: 'A client has a session: its ephemeral nodes last as long as it sends pings.',
  SessionExpired: 'The server heard nothing from a client for its timeout: its nodes are deleted.',
  WatchFired: 'The server told a client that the node it watched is gone; a watch fires once.',
};

export const workerEvents: Record<keyof WorkerEvents, string> = {
  LockAcquired: 'A worker has the lock, as far as it knows.',
  LockRefused: 'Somebody else has the lock: the worker waits in line, or gives up.',
  LockReleased: 'A holder gave its lock back: its node is deleted.',
  LossNoticed: 'A worker learned that the lock was no longer its own.',
  Disconnected: 'A worker hears nothing: it may still have its session, or not.',
  Reconnected: 'A worker hears from its server again, in the same session.',
};

/** `0x100000003`, as ZooKeeper writes it. */
export function zxidText(zxid: number): string {
  return `0x${zxid.toString(16)}`;
}

/** Parts of an answer that a worker reads. */
export interface Created {
  readonly path: string;
  readonly czxid: number;
  readonly sequence: number;
}

export interface Opened {
  readonly session: string;
  readonly timeout: Micros;
  readonly epoch: number;
}

export function errorIn(response: Json): string | undefined {
  return (response as { error?: string } | null)?.error;
}
