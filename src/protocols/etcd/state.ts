/** What an etcd server keeps and is asked: revisions, transactions, leases, watches; its events. */
import type { Json, NodeId } from '../../protocol/types.ts';
import type { ClientResponse, Session } from '../raft/client.ts';
import type { Entry, Replica, ReplicaEvents, ReplicaState } from '../raft/state.ts';

export interface KeyValue {
  readonly value: Json;
  /** The revision at which the key came to be: what decides who was first. */
  readonly createRevision: number;
  readonly modRevision: number;
  /** The lease with which it goes; empty for none. */
  readonly lease: string;
}

/** `CreateRevision(key) = createRevision`; 0 asks that there be no such key. */
export interface Compare {
  readonly key: string;
  readonly createRevision: number;
}

export type Request =
  | { readonly op: 'put'; readonly key: string; readonly value: Json; readonly lease: string }
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'delete'; readonly key: string }
  /** The key that came first, or last, of those with a prefix; created up to a revision, if one. */
  | { readonly op: 'first'; readonly prefix: string }
  | { readonly op: 'last'; readonly prefix: string; readonly createdUpTo: number };

export interface Txn {
  readonly op: 'txn';
  readonly if: readonly Compare[];
  readonly then: readonly Request[];
  readonly else: readonly Request[];
}

export type EtcdCommand =
  | { readonly op: 'no-op' }
  | Txn
  | { readonly op: 'lease-grant'; readonly ttl: number }
  | { readonly op: 'lease-revoke'; readonly lease: string };

/** What a range or a get finds: at most one key. */
export interface Found {
  readonly key: string;
  readonly value: Json;
  readonly createRevision: number;
}

export interface TxnResponse {
  /** The store's revision after it. */
  readonly revision: number;
  readonly succeeded: boolean;
  readonly responses: readonly (Found | null)[];
}

export interface Lease {
  /** In seconds. */
  ttl: number;
  /** The client that asked for it. */
  client: NodeId;
}

/** A watch for the deletion of one key; it ends with the first. */
export interface Watch {
  client: NodeId;
  /** The client's number for it. */
  watch: number;
  key: string;
}

/** The state machine: the same on all servers that have applied the same entries. */
export interface EtcdStore {
  /** Grows by one with each change; 1 in a store that never changed. */
  revision: number;
  keys: Record<string, KeyValue>;
  /** Deletions, so that a watch can begin in the past. */
  deleted: { readonly key: string; readonly revision: number }[];
  leases: Record<string, Lease>;
  /** How many leases were ever granted. */
  leaseCount: number;
  sessions: Record<NodeId, Session>;
}

/** What a server has for itself: no log brought it about. */
export interface EtcdServing {
  /** The term in which its lessor is primary: it alone lets leases run out. 0 where it is not. */
  primaryIn: number;
  /** Leases that ran out: noticed until the next check, then being revoked through the log. */
  expired: Record<string, 'noticed' | 'revoking'>;
  /** How many revocations it proposed. */
  revocations: number;
  watches: Watch[];
}

export type EtcdEntry = Omit<Entry, 'command'> & { readonly command: EtcdCommand };

export type EtcdState = Omit<ReplicaState, 'kv' | 'log'> &
  EtcdStore & EtcdServing & { log: EtcdEntry[] };

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
  /** In seconds; 0 says that there is no such lease. */
  ttl: number;
  leaderHint: NodeId | null;
}

export interface EtcdAnswers {
  ClientResponse: ClientResponse;
  LeaseKeepAliveResponse: LeaseKeepAliveResponse;
  WatchResponse: { watch: number; key: string; revision: number };
}

export interface EtcdRequests {
  ClientRequest: { serial: number; oldestPending: number; command: EtcdCommand };
  LeaseKeepAlive: { lease: string };
  WatchCreate: { watch: number; key: string; fromRevision: number };
}

export interface EtcdReplica {
  state: EtcdState;
  receives: Omit<Replica['receives'], 'ClientRequest'> & EtcdRequests;
  sends: Replica['sends'] & EtcdAnswers;
  timers: Replica['timers'] & { lease: string; checkLeases: void };
  events: ReplicaEvents & LeaseEvents;
  options: Replica['options'];
}

/** The lock to which a key belongs: `order42` for `order42/694d01`. */
export function lockOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}

/** Names a grant of a lock: a session may make the same key again, but not at that revision. */
export function grantOf(key: string, createRevision: number): string {
  return `${key}@${createRevision}`;
}

export function keyOf({ grant }: { readonly grant: string }): string {
  return grant.slice(0, grant.lastIndexOf('@'));
}
