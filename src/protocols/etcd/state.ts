/** The state, messages and events of an etcd server: revisions, transactions, leases, watches. */
import type { Json, NodeId } from '../../protocol/types.ts';
import type { ClientRequest, ClientResponse, Replica, ReplicaState } from '../raft/state.ts';
import type { ClientSession } from '../shared/execute-once.ts';

export interface KeyValue {
  readonly value: Json;
  /** The revision that created the key. It decides who came first. */
  readonly createRevision: number;
  readonly modRevision: number;
  /** The lease with which the key is deleted; empty for none. */
  readonly lease: string;
}

/** The condition `CreateRevision(key) = createRevision`; 0 means that the key does not exist. */
export type Compare = {
  readonly key: string;
  readonly createRevision: number;
};

export type Request =
  | { readonly op: 'put'; readonly key: string; readonly value: Json; readonly lease: string }
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'delete'; readonly key: string }
  /** The first or last created key with a prefix; the last one up to a create revision. */
  | { readonly op: 'first'; readonly prefix: string }
  | { readonly op: 'last'; readonly prefix: string; readonly createdUpTo: number };

export type Txn = {
  readonly op: 'txn';
  readonly if: readonly Compare[];
  readonly then: readonly Request[];
  readonly else: readonly Request[];
};

export type EtcdCommand =
  | Txn
  | { readonly op: 'lease-grant'; readonly ttl: number }
  | { readonly op: 'lease-revoke'; readonly lease: string };

/** The key that a request found. */
export type Found = {
  readonly key: string;
  readonly value: Json;
  readonly createRevision: number;
};

export type TxnResponse = {
  /** The revision of the store after the transaction. */
  readonly revision: number;
  /** Whether the condition was true, so that the `then` branch was executed. */
  readonly succeeded: boolean;
  /** For each request of the executed branch what it found, at most one key. */
  readonly responses: readonly (Found | null)[];
};

export type LeaseGrantResponse = {
  readonly lease: string;
  /** In seconds. */
  readonly ttl: number;
};

export type EtcdResponse =
  TxnResponse | LeaseGrantResponse | { readonly error: string } | null;

export interface Lease {
  /** In seconds. */
  ttl: number;
  /** The client that requested it. */
  client: NodeId;
}

/** A watch for the deletion of one key. It ends when it fires. */
export interface Watch {
  client: NodeId;
  /** The client's number for the watch. */
  watch: number;
  key: string;
}

/** The state machine: the same on all servers that have applied the same entries. */
export interface EtcdStore {
  /** Grows by one with each change; 1 in a store that never changed. */
  revision: number;
  keys: Record<string, KeyValue>;
  /** All deletions, so that a watch can begin in the past. */
  deleted: { readonly key: string; readonly revision: number }[];
  leases: Record<string, Lease>;
  /** How many leases were ever granted. */
  leaseCount: number;
  sessions: Record<NodeId, ClientSession<EtcdResponse>>;
}

/** What a server keeps for itself; it does not follow from the log. */
export interface EtcdServing {
  /** The term in which this lessor is the primary, the only one that expires leases; 0 if none. */
  primaryIn: number;
  /** Expired leases: `noticed` until the next check, then `revoking` until the log revokes them. */
  expired: Record<string, 'noticed' | 'revoking'>;
  /** How many revocations this server has proposed. */
  revocations: number;
  watches: Watch[];
}

export type EtcdMachine = EtcdStore & EtcdServing;

export type EtcdState = ReplicaState<EtcdCommand> & EtcdMachine;

type RaftServer = Replica<EtcdCommand, EtcdMachine>;

export interface LeaseEvents {
  LeaseGranted: { lease: string; ttl: number; client: NodeId };
  LeaseExpired: { lease: string; client: NodeId };
  LeasesExtended: { term: number; leases: number };
  WatchFired: { key: string; client: NodeId; revision: number };
  WriteFenced: { token: number; highest: number; from: NodeId };
}

export interface LeaseKeepAliveResponse {
  lease: string;
  status: 'OK' | 'NOT_LEADER';
  /** In seconds; 0 means that the lease does not exist. */
  ttl: number;
  leaderHint: NodeId | null;
}

interface LeaseAnswers {
  LeaseKeepAliveResponse: LeaseKeepAliveResponse;
  WatchResponse: { watch: number; key: string; revision: number };
}

interface LeaseRequests {
  LeaseKeepAlive: { lease: string };
  WatchCreate: { watch: number; key: string; fromRevision: number };
}

/** What a client receives. */
export interface EtcdAnswers extends LeaseAnswers {
  ClientResponse: ClientResponse<EtcdResponse>;
}

/** What a client sends. */
export interface EtcdRequests extends LeaseRequests {
  ClientRequest: ClientRequest<EtcdCommand>;
}

/** An etcd server: a Raft server with leases and watches beside the replicated store. */
export interface EtcdReplica extends RaftServer {
  receives: RaftServer['receives'] & LeaseRequests;
  sends: RaftServer['sends'] & LeaseAnswers;
  timers: RaftServer['timers'] & { lease: string; checkLeases: void };
  events: RaftServer['events'] & LeaseEvents;
}

/** The lock of a key in its queue: `order42` for `order42/694d01`. */
export function lockOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}

/** Identifies a grant of a lock: a session may create the same key again, at a later revision. */
export function grantOf(key: string, createRevision: number): string {
  return `${key}@${createRevision}`;
}

export function keyOf({ grant }: { readonly grant: string }): string {
  return grant.slice(0, grant.lastIndexOf('@'));
}
