/** The types of the configuration store: its keys and changes, its watches, and its messages. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import type { Replica, ReplicaState } from '../raft/state.ts';
import type { ClientSession } from '../shared/execute-once.ts';
import type { PendingRequest } from '../shared/pending-requests.ts';

export type Value = string | number | boolean;

/** What a client has in the log. A read is in the log, too: it sees all changes before it. */
export type Command =
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'put'; readonly key: string; readonly value: Value }
  | Swap
  | { readonly op: 'delete'; readonly key: string }
  | { readonly op: 'compact'; readonly revision: number };

/** Compare and swap: it takes effect only if the key was last changed at this revision. */
export interface Swap {
  readonly op: 'swap';
  readonly key: string;
  readonly value: Value;
  /** 0: only if the key does not exist. */
  readonly modRevision: number;
}

/** A change of a key. Each has a revision of its own, the next one. */
export type Change = {
  readonly revision: number;
  readonly key: string;
  /** Null if the key was deleted. */
  readonly value: Value | null;
  /** The index of its entry in the log. */
  readonly index: number;
};

/** What a read returns: the value is null, and its revision 0, if the key does not exist. */
export type Found = {
  readonly value: Value | null;
  /** The revision of the last change of the key. */
  readonly modRevision: number;
  /** The revision of the store at the time of the read. */
  readonly revision: number;
};

/** The state machine: the same on all servers that have applied the same entries. */
export interface Store {
  /** Grows by one with each change; 1 in a store that was never changed, as in etcd. */
  revision: number;
  keys: Record<string, { readonly value: Value; readonly modRevision: number }>;
  /** The changes in their order, so that a watch can begin in the past. */
  changes: Change[];
  /** Changes before this revision are deleted; 0 for none. */
  compacted: number;
  sessions: Record<NodeId, ClientSession>;
}

export interface WatchRequest {
  /** The client's number for the watch. */
  readonly watch: number;
  readonly key: string;
  /** Whether it watches all keys with this prefix. */
  readonly prefix: boolean;
  /** The revision of the first change that it wants; 0 for the next one. */
  readonly from: number;
}

/** A watch on a server. It is volatile, and ends with its connection. */
export interface Watch extends WatchRequest {
  readonly client: NodeId;
  readonly connection: ConnectionId;
  /** The lowest revision that it was not notified of. */
  next: number;
}

/** Every server has watches, and not only the leader. */
export interface Serving {
  watches: Watch[];
}

export type ServerState = ReplicaState<Command> & Store & Serving;

interface ClientSends {
  Watch: WatchRequest;
  Unwatch: { watch: number };
  /** A read without the log: the server returns what it has applied. */
  StaleRead: { read: number; key: string };
}

interface ServerSends {
  /** The watch is open: it is notified of the changes from this revision on. */
  WatchOpened: { watch: number; next: number };
  /** The watch could not begin, because changes that it wants are deleted. */
  WatchCompacted: { watch: number; compacted: number };
  Changed: { watch: number; change: Change };
  StaleReadResult: { read: number; found: Found };
}

type RaftServer = Replica<Command, Store & Serving>;

export interface Server {
  state: ServerState;
  receives: RaftServer['receives'] & ClientSends;
  sends: RaftServer['sends'] & ServerSends;
  timers: RaftServer['timers'];
  events: RaftServer['events'] & {
    WatchAccepted: { client: NodeId; key: string; from: number };
    WatchRefused: { client: NodeId; key: string; from: number; compacted: number };
  };
  options: RaftServer['options'];
}

export type ServerNode = Node<Server>;

/** A watch on its client, which survives the connection: another server resumes it. */
export interface ClientWatch extends Omit<WatchRequest, 'from'> {
  /** The revision that follows the last change it was notified of; 0 until a server opens it. */
  next: number;
  /** The connection over which it was requested last. */
  connection: ConnectionId;
  /** The operation that waits for it to be opened; empty if none does. */
  operation: OperationId;
}

interface StaleRead {
  readonly operation: OperationId;
  readonly key: string;
  readonly connection: ConnectionId;
}

export interface ClientState {
  /** The number of the last request. It survives a crash, because servers remember it. */
  serial: number;
  /** The server that the client believes to be the leader. */
  leaderId: NodeId | null;
  /** Commands without an answer, the oldest first. */
  pending: PendingRequest<Command>[];
  /** The server that has its watches, and its stale reads; null before the first. */
  server: NodeId | null;
  /** Key → its watch. */
  watches: Record<string, ClientWatch>;
  /** Stale reads without an answer, by number. */
  reads: Record<number, StaleRead>;
  /** The newest value of each key that it read or was notified of, and as of which revision. */
  known: Record<string, { readonly value: Value | null; readonly revision: number }>;
}

export interface Client {
  state: ClientState;
  receives: ServerSends & Pick<RaftServer['sends'], 'ClientResponse'>;
  sends: ClientSends & Pick<RaftServer['receives'], 'ClientRequest'>;
  timers: {
    retry: void;
    /** Resumes the watches at the next server. */
    reconnect: void;
  };
  events: {
    ClientRetried: { to: NodeId; pending: number };
    ServerChanged: { from: NodeId; to: NodeId };
    WatchStarted: { watch: number; key: string; prefix: boolean; from: number };
    WatchResumed: { watch: number; server: NodeId; from: number };
    WatchEnded: { watch: number; key: string; compacted: number };
    ChangeReceived: { watch: number; key: string; value: Value | null; revision: number };
  };
  options: { server: NodeId | null; retryAfter: Micros; keepAlive: Micros; resumeFrom: string };
}

export type ClientNode = Node<Client>;

/** The events that this protocol adds to those of Raft. */
type OwnEvents = Omit<Server['events'], keyof RaftServer['events']> & Client['events'];

export const ownEvents: Record<keyof OwnEvents, string> = {
  WatchAccepted: 'A server accepted a watch, and notifies it of the changes from a revision on.',
  WatchRefused: 'A server refused a watch that wants changes from before the compaction.',
  ClientRetried: 'A client received no answer in time and sends its request to another server.',
  ServerChanged: 'A client has its watches at another server from now on, often the next one.',
  WatchStarted: 'The watch of a client is open: it receives the changes from a revision on.',
  WatchResumed: 'The watch of a client goes on at another server, from a revision on.',
  WatchEnded: 'The watch of a client ended: changes that it has not received are deleted.',
  ChangeReceived: 'A client was notified of a change of a key that it watches.',
};
