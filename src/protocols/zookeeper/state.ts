/** The state, messages and events of ZooKeeper and its workers: znodes, sessions, watches. */
import type { Micros, NodeId, OperationId } from '../../protocol/types.ts';
import type { StorageAnswers, StorageRequests } from '../locks/fenced-storage.ts';
import type { HolderOptions, WorkerState as LockState } from '../locks/worker.ts';
import type { ClientSession, Numbered } from '../shared/execute-once.ts';
import type { PurposefulRequest, Reply } from '../shared/one-server.ts';

export interface Znode {
  /** The zxid of the transaction that created it. */
  readonly czxid: number;
  /** The session that owns it: the znode is ephemeral, so it is deleted with the session. */
  readonly session: string;
  /** The number in its name: how many children its parent had been given before. */
  readonly sequence: number;
}

export type ZooKeeperCommand =
  | { readonly op: 'create-session'; readonly timeout: Micros }
  | { readonly op: 'close-session'; readonly session: string }
  /** An ephemeral sequential znode: the server appends the parent's next number to the name. */
  | {
      readonly op: 'create';
      readonly parent: string;
      readonly name: string;
      readonly session: string;
    }
  | { readonly op: 'delete'; readonly path: string; readonly session: string }
  | { readonly op: 'children'; readonly parent: string; readonly session: string }
  /** Whether a znode exists; sets a watch if it does. */
  | { readonly op: 'exists'; readonly path: string; readonly session: string };

export type ZooKeeperResponse =
  SessionCreated | NodeCreated | { readonly error: string } | readonly string[] | boolean | 'OK';

export type SessionCreated = {
  readonly session: string;
  readonly timeout: Micros;
  readonly epoch: number;
};

export type NodeCreated = {
  readonly path: string;
  readonly czxid: number;
  readonly sequence: number;
};

export interface ServerState {
  /** The last transaction: the leader's epoch in the upper 32 bits, a counter in the lower. */
  zxid: number;
  znodes: Record<string, Znode>;
  /** How many children each parent has been given so far. */
  sequences: Record<string, number>;
  sessions: Record<string, { client: NodeId; timeout: Micros }>;
  sessionCount: number;
  /** The responses that clients may ask for again: a repeated request is not executed twice. */
  answers: Record<NodeId, ClientSession<ZooKeeperResponse>>;
  /** A watch fires once. */
  watches: { path: string; client: NodeId }[];
}

export interface ServerEvents {
  SessionCreated: { session: string; client: NodeId; timeout: Micros };
  SessionExpired: { session: string; client: NodeId };
  WatchFired: { key: string; client: NodeId };
}

export interface ServerAnswers {
  Reply: Reply<ZooKeeperResponse>;
  /** A new epoch says that the server has restarted, and has lost its watches. */
  Pong: { session: string; alive: boolean; epoch: number };
  NodeDeleted: { path: string };
}

export interface ServerRequests {
  Request: Numbered<ZooKeeperCommand>;
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

/** A place in the queue for a lock. */
export interface Place {
  readonly operation: OperationId;
  readonly key: string;
  /** The timeout of the session that it asks for; undefined if it takes any. */
  readonly timeout: Micros | undefined;
  /** Whether it waits for its turn, or gives up if the lock is taken. */
  readonly patient: boolean;
  /** Its own znode, and the fencing token that follows from it. */
  own: string;
  token: number;
  /** The predecessor whose deletion it waits for; empty if it does not wait. */
  watching: string;
}

/** What a request is for. It says how the worker continues when the answer comes. */
export type Purpose =
  | 'session' | 'enqueue' | 'children' | 'exists' | 'withdraw' | 'unlock' | 'close';

export type ZooKeeperRequest = PurposefulRequest<ZooKeeperCommand, Purpose>;

export interface WorkerState extends LockState {
  /** Requests without an answer, the oldest first. */
  pending: ZooKeeperRequest[];
  /** Empty if it has no session. */
  session: string;
  timeout: Micros;
  /** Whether its server answers; if not, the worker cannot know whether it has a session. */
  connected: boolean;
  /** The epoch of the server, by its last answer. */
  epoch: number;
  /** The queues that it waits in. */
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
  options: HolderOptions & { retryAfter: Micros; token: string };
}

export const serverEvents: Record<keyof ServerEvents, string> = {
  SessionCreated: 'A client has a session: its ephemeral nodes exist while it sends pings.',
  SessionExpired: 'A client was silent for its timeout: its session and its nodes are deleted.',
  WatchFired: 'A client was notified that the node it watched was deleted; a watch fires once.',
};

export const workerEvents: Record<keyof WorkerEvents, string> = {
  LockAcquired: 'A worker has the lock, as far as it knows.',
  LockRefused: 'Another worker has the lock: this one waits in the queue, or gives up.',
  LockReleased: 'A holder released its lock: its node is deleted.',
  LossNoticed: 'A worker learned that it no longer has the lock.',
  Disconnected: 'The server does not answer: the worker may or may not have its session.',
  Reconnected: 'The server answers again, and the session is the same.',
};

/** `0x100000003`, as ZooKeeper writes it. */
export function zxidText(zxid: number): string {
  return `0x${zxid.toString(16)}`;
}
