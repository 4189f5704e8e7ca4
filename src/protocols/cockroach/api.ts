/** What nodes ask the leaseholders of ranges, and what these answer. */
import type { Frozen, Json, MessageOf, NodeId } from '../../protocol/types.ts';
import type { Timestamp } from '../shared/hybrid-clock.ts';
import type {
  InFlightWrite, Key, TransactionId, TransactionMeta, TransactionRecord,
} from './data.ts';

/** A transaction as it travels with its requests. */
export interface TransactionHeader {
  readonly id: TransactionId;
  readonly anchor: Key;
  readonly priority: number;
  readonly began: Timestamp;
  readonly readTimestamp: Timestamp;
  readonly writeTimestamp: Timestamp;
  readonly limit: Timestamp;
  readonly observed: Readonly<Record<NodeId, Timestamp>>;
}

/** The transaction that pushes another one; its anchor is null if it has written nothing. */
export interface Pusher {
  readonly id: TransactionId;
  readonly anchor: Key | null;
  readonly priority: number;
}

/** Every request is about one key, by which it finds its range. */
export type KvRequest =
  | {
      readonly op: 'get'; readonly key: Key; readonly transaction: TransactionHeader;
      /** The number of the transaction's own write of this key; 0 for none. */
      readonly sequence: number;
    }
  | {
      readonly op: 'put'; readonly key: Key; readonly transaction: TransactionHeader;
      readonly value: Json; readonly sequence: number;
      /** Whether it is answered at once, before it is applied. */
      readonly pipelined: boolean;
    }
  /** Whether a value that was read before is still the one to read at a later timestamp. */
  | {
      readonly op: 'refresh'; readonly key: Key; readonly transaction: TransactionHeader;
      readonly from: Timestamp; readonly to: Timestamp;
    }
  /** Whether a write has landed; if it has not, it never will, at this timestamp or below. */
  | {
      readonly op: 'query-intent'; readonly key: Key; readonly transaction: TransactionId;
      readonly sequence: number; readonly timestamp: Timestamp;
    }
  | {
      readonly op: 'end'; readonly key: Key; readonly transaction: TransactionHeader;
      readonly commit: boolean; readonly staging: boolean;
      readonly inFlight: readonly InFlightWrite[]; readonly keys: readonly Key[];
      /** The commit trigger of a split; null for none. */
      readonly split: Key | null;
    }
  | { readonly op: 'heartbeat'; readonly key: Key; readonly transaction: TransactionHeader }
  | {
      readonly op: 'push'; readonly key: Key; readonly pushee: TransactionMeta;
      readonly pusher: Pusher; readonly how: 'abort' | 'timestamp'; readonly timestamp: Timestamp;
    }
  | {
      readonly op: 'recover'; readonly key: Key; readonly transaction: TransactionId;
      readonly timestamp: Timestamp; readonly committed: boolean;
    }
  | {
      readonly op: 'resolve'; readonly key: Key; readonly transaction: TransactionId;
      readonly status: 'COMMITTED' | 'ABORTED' | 'PENDING'; readonly timestamp: Timestamp;
    }
  /** Which transactions wait for this one, directly or through others. */
  | { readonly op: 'dependents'; readonly key: Key; readonly transaction: TransactionId };

/** Their names in CockroachDB's KV API (kvpb), which their messages have. */
export const kvNames = {
  get: 'Get', put: 'Put', refresh: 'Refresh', 'query-intent': 'QueryIntent', end: 'EndTxn',
  heartbeat: 'HeartbeatTxn', push: 'PushTxn', recover: 'RecoverTxn', resolve: 'ResolveIntent',
  dependents: 'QueryTxn',
} as const satisfies Record<KvRequest['op'], string>;

type KvNames = typeof kvNames;

/** Every request and response carries a reading of its sender's hybrid logical clock. */
export type KvMessages = {
  [Op in KvRequest['op'] as KvNames[Op]]: {
    request: number; body: Extract<KvRequest, { op: Op }>; clock: Timestamp;
  };
} & {
  [Op in KvRequest['op'] as `${KvNames[Op]}Response`]: KvResponse;
};

export interface KvResponse {
  request: number;
  outcome: Outcome;
  clock: Timestamp;
}

/** A request as its message. */
export function requestMessage(
  request: number,
  body: Frozen<KvRequest>,
  clock: Timestamp,
): MessageOf<KvMessages> {
  // The compiler does not see that the name and the body belong to the same request.
  return { type: kvNames[body.op], request, body, clock } as MessageOf<KvMessages>;
}

/** The answer to a request of this kind. */
export function responseMessage(
  op: KvRequest['op'],
  response: Frozen<KvResponse>,
): MessageOf<KvMessages> {
  return { type: `${kvNames[op]}Response`, ...response };
}

export type Outcome =
  /** The timestamp of the version is null if there is none, or if it is the transaction's own. */
  | {
      readonly result: 'value'; readonly value: Json; readonly version: Timestamp | null;
      readonly own: boolean;
    }
  | { readonly result: 'written'; readonly timestamp: Timestamp }
  | { readonly result: 'done' }
  | { readonly result: 'found'; readonly found: boolean }
  | { readonly result: 'record'; readonly record: TransactionRecord }
  /** A value that may have been written before the transaction began. */
  | { readonly result: 'uncertain'; readonly timestamp: Timestamp }
  /** The transaction must move to this timestamp before it can commit. */
  | { readonly result: 'pushed'; readonly timestamp: Timestamp }
  | { readonly result: 'aborted' }
  /** A split has moved some of the writes to another range: the commit must be staged. */
  | { readonly result: 'spans ranges' }
  | { readonly result: 'stale'; readonly reason: string }
  /** The transaction is staging and silent: only its writes can tell whether it committed. */
  | { readonly result: 'indeterminate'; readonly record: TransactionRecord }
  | { readonly result: 'waiters'; readonly dependents: readonly TransactionId[] }
  | { readonly result: 'not leaseholder'; readonly hint: NodeId | null }
  | { readonly result: 'wrong range' }
  | { readonly result: 'refused'; readonly reason: string };
