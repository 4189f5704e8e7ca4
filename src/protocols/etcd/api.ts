/** etcd's API: what a client requests of a member, and what it is answered. */
import type { Frozen, Json } from '../../protocol/types.ts';

/** A key as it was at some revision. */
export type KeyValue = {
  readonly value: Json;
  /** The revision that created the key. It decides who came first. */
  readonly createRevision: number;
  readonly modRevision: number;
  /** How often it was put since it was created. */
  readonly version: number;
  /** The lease with which the key is deleted; empty for none. */
  readonly lease: string;
};

export type Found = KeyValue & { readonly key: string };

/** A condition of a transaction: a field of a key has a value; of a key that does not exist, 0. */
export type Compare = {
  readonly key: string;
  readonly target: 'createRevision' | 'modRevision' | 'version' | 'value';
  readonly equals: Json;
};

export type Get = {
  readonly op: 'get';
  readonly key: string;
  /** Whether all keys that begin with `key` are read. */
  readonly prefix: boolean;
  /** The revision at which they are read; 0 for the present one. */
  readonly revision: number;
};

/** The operations of a transaction. */
export type Operation =
  | Get
  | { readonly op: 'put'; readonly key: string; readonly value: Json; readonly lease: string }
  | { readonly op: 'delete'; readonly key: string; readonly prefix: boolean }
  /** The first or last created key with a prefix; the last one up to a create revision. */
  | { readonly op: 'first'; readonly prefix: string }
  | { readonly op: 'last'; readonly prefix: string; readonly createdUpTo: number };

export type Txn = {
  readonly op: 'txn';
  readonly if: readonly Compare[];
  readonly then: readonly Operation[];
  readonly else: readonly Operation[];
};

/** What goes through the log. A lease without an id gets one. */
export type EtcdCommand =
  | Txn
  | { readonly op: 'compact'; readonly revision: number }
  | { readonly op: 'lease-grant'; readonly lease: string; readonly ttl: number }
  | { readonly op: 'lease-revoke'; readonly lease: string };

/** A command in the log, with the client that it serves: a member, for one of its own. */
export type Logged = EtcdCommand & { readonly client: string };

/** A read; a serializable one is answered by the member alone. */
export type Read = {
  readonly op: 'read';
  readonly read: Operation;
  readonly serializable: boolean;
};

/** What the leader answers by itself, without the log; other members pass it on. */
export type LeaseQuestion =
  | { readonly op: 'keep-alive'; readonly lease: string }
  | { readonly op: 'time-to-live'; readonly lease: string };

/** A recipe of the member, which is its own client: it queues, and answers when it is its turn. */
export type Recipe =
  | { readonly op: 'lock'; readonly name: string; readonly lease: string }
  | {
      readonly op: 'campaign';
      readonly name: string;
      readonly lease: string;
      readonly value: Json;
    };

export type EtcdRequest =
  | EtcdCommand
  | Read
  | LeaseQuestion
  | Recipe
  | { readonly op: 'status' }
  | { readonly op: 'move-leader'; readonly to: string };

export type Failure = { readonly error: string; readonly code: number };

export type TxnAnswer = {
  /** The revision of the store after the transaction. */
  readonly revision: number;
  /** Whether the condition was true, so that the `then` branch was executed. */
  readonly succeeded: boolean;
  /** For each operation of that branch the keys that it read or deleted. */
  readonly responses: readonly (readonly Found[])[];
};

export type GrantAnswer = {
  readonly revision: number;
  readonly lease: string;
  /** In seconds. */
  readonly ttl: number;
};

export type TimeToLive = {
  /** In seconds; -1 if there is no such lease. */
  readonly remaining: number;
  readonly granted: number;
  readonly keys: readonly string[];
};

/** A key in a queue, and the revision at which it became the first. */
export type TurnAnswer = {
  readonly revision: number;
  readonly key: string;
  readonly createRevision: number;
};

export type Status = {
  readonly leader: string | null;
  /** The term of the last applied entry; it can lag behind. */
  readonly term: number;
  readonly revision: number;
};

export type Answer =
  | Failure
  | TxnAnswer
  | GrantAnswer
  | TimeToLive
  | TurnAnswer
  | Status
  | { readonly revision: number }
  /** In seconds; 0 means that the lease does not exist. */
  | { readonly ttl: number };

/** A change of a key; of a deleted key, the value is null and the version 0. */
export type WatchEvent = KeyValue & { readonly type: 'put' | 'delete'; readonly key: string };

export type WatchRequest = {
  /** The client's number for the watch. */
  readonly watch: number;
  readonly key: string;
  readonly prefix: boolean;
  /** The revision of the first change that it gives; 0 for the next one. */
  readonly fromRevision: number;
};

/** What a member tells a watcher. If `compacted` is not 0, the watch could not begin. */
export type WatchNews = {
  readonly watch: number;
  readonly revision: number;
  readonly events: readonly WatchEvent[];
  readonly compacted: number;
};

/** What a client sends. */
export interface ClientSends {
  Request: { request: number; command: EtcdRequest };
  /** The client no longer waits: as if it had closed the stream of its request. */
  Cancel: { request: number };
  WatchCreate: WatchRequest;
  WatchCancel: { watch: number };
}

/** What a client receives. */
export interface ClientReceives {
  Response: { request: number; answer: Answer };
  WatchEvents: WatchNews;
}

/** The TTL of a session that requests none, in seconds. */
export const sessionTtl = 60;

// Builders of requests

export function put(key: string, value: Json, lease = ''): Operation {
  return { op: 'put', key, value, lease };
}

export function get(key: string, prefix = false, revision = 0): Get {
  return { op: 'get', key, prefix, revision };
}

/** A transaction without a condition. */
export function always(...operations: readonly Operation[]): Txn {
  return { op: 'txn', if: [], then: operations, else: [] };
}

/** Operations that are executed only if a key has this create revision. */
export function ifCreated(
  key: string,
  createRevision: number,
  then: readonly Operation[],
  otherwise: readonly Operation[] = [],
): Txn {
  const guard: Compare = { key, target: 'createRevision', equals: createRevision };
  return { op: 'txn', if: [guard], then, else: otherwise };
}

export function read(operation: Operation, serializable = false): Read {
  return { op: 'read', read: operation, serializable };
}

/** Whether a request names the empty key, which etcd refuses; an empty prefix means all keys. */
export function lacksKey(command: Frozen<EtcdRequest>): boolean {
  if (command.op === 'read') return isKeyless(command.read);
  if (command.op !== 'txn') return false;
  const { if: compares, then, else: otherwise } = command;
  return compares.some(({ key }) => key === '') || [...then, ...otherwise].some(isKeyless);
}

function isKeyless(operation: Frozen<Operation>): boolean {
  if (!('key' in operation) || operation.key !== '') return false;
  return operation.op === 'put' || !operation.prefix;
}

export function isFailure(answer: Answer): answer is Failure {
  return 'error' in answer;
}

// Errors, with the codes of gRPC

const unknown = 2;
const invalidArgument = 3;
const notFound = 5;
const failedPrecondition = 9;
const outOfRange = 11;
const unavailable = 14;

const words = {
  'context deadline exceeded': unknown,
  'election: no leader': unknown,
  'election: not leader': unknown,
  'etcdserver: key is not provided': invalidArgument,
  'etcdserver: requested lease not found': notFound,
  'etcdserver: lease already exists': failedPrecondition,
  'etcdserver: not leader': failedPrecondition,
  'etcdserver: bad leader transferee': failedPrecondition,
  'etcdserver: too large lease TTL': outOfRange,
  'etcdserver: mvcc: required revision has been compacted': outOfRange,
  'etcdserver: mvcc: required revision is a future revision': outOfRange,
  'etcdserver: request timed out': unavailable,
  'etcdserver: request timed out, possibly due to previous leader failure': unavailable,
  'etcdserver: request timed out, possibly due to connection lost': unavailable,
  'etcdserver: request timed out, leader transfer took too long': unavailable,
  'etcdserver: leader changed': unavailable,
  'etcdserver: no leader': unavailable,
  'transport is closing': unavailable,
  'connection refused': unavailable,
} as const;

export type EtcdError = keyof typeof words;

export function failure(error: EtcdError, code: number = words[error]): Failure {
  return { error, code };
}

/** An error that a recipe inside the member met: it reaches the client without its code. */
export function fromRecipe({ error }: Failure): Failure {
  return { error, code: unknown };
}

/**
 * Whether a request with this error may have been executed: it may still be in the log, or its
 * answer was lost.
 */
export function isUnknown({ error, code }: Failure): boolean {
  if (error === 'connection refused') return false;
  return code === unavailable || error === 'context deadline exceeded';
}
