/** What a range consists of: values, intents, transaction records, its lease, and its commands. */
import type { Json, NodeId } from '../../protocol/types.ts';
import type { Timestamp } from '../shared/hybrid-clock.ts';

export type RangeId = string;
export type Key = string;
export type TransactionId = string;

/** Which keys a range has: from `start` to before `end`; null for no end. */
export interface Descriptor {
  readonly range: RangeId;
  readonly start: Key;
  readonly end: Key | null;
}

/**
 * Which node serves the reads and proposes the writes of a range. This is an expiration lease: an
 * entry of the range's own log says until when it lasts, so that a range can be understood alone.
 */
export interface Lease {
  readonly holder: NodeId;
  /** Grows when the lease gets another holder, or the same one anew; not when it is extended. */
  readonly sequence: number;
  readonly start: Timestamp;
  readonly expiration: Timestamp;
}

/** What other transactions need to know of a transaction whose intent they meet. */
export interface TransactionMeta {
  readonly id: TransactionId;
  /** The key of its first write: its record is in the range of this key. */
  readonly anchor: Key;
  readonly priority: number;
  readonly began: Timestamp;
}

/** A provisional value: as far as the range knows, its transaction has not finished. */
export interface Intent {
  readonly transaction: TransactionMeta;
  readonly timestamp: Timestamp;
  /** The number of the write in its transaction. */
  readonly sequence: number;
  readonly value: Json;
  /** The leaseholder's clock when it was written: what the uncertainty of a reader compares. */
  readonly writtenAt: Timestamp;
}

/** A committed value. */
export interface Version {
  readonly timestamp: Timestamp;
  readonly value: Json;
  readonly transaction: TransactionId;
  readonly writtenAt: Timestamp;
}

/** A write that may still be on its way when its transaction commits. */
export interface InFlightWrite {
  readonly key: Key;
  readonly sequence: number;
}

export type Status = 'PENDING' | 'STAGING' | 'COMMITTED' | 'ABORTED';

/** The transaction record, which alone decides whether the intents of a transaction count. */
export interface TransactionRecord extends TransactionMeta {
  readonly status: Status;
  /** The commit timestamp; while it is pending, the earliest at which it can commit. */
  readonly timestamp: Timestamp;
  readonly heartbeat: Timestamp;
  /** While it is staging: the writes on whose presence the commit depends. */
  readonly inFlight: readonly InFlightWrite[];
}

/** What the log of a range makes of it: the same on all nodes that applied the same entries. */
export interface RangeState {
  descriptor: Descriptor;
  lease: Lease | null;
  /** The lease index of the last applied write: a copy of an earlier one is not applied again. */
  leaseIndex: number;
  /** How often the range was split. */
  splits: number;
  /** The committed values of each key, the latest first. */
  versions: Record<Key, Version[]>;
  intents: Record<Key, Intent>;
  records: Record<TransactionId, TransactionRecord>;
  /** Transactions whose intents were removed here, so that they do not miss them unnoticed. */
  abortSpan: Record<TransactionId, true>;
}

export type Change =
  | { readonly change: 'intent'; readonly key: Key; readonly intent: Intent }
  | {
      readonly change: 'commit'; readonly key: Key; readonly transaction: TransactionId;
      readonly timestamp: Timestamp;
    }
  | {
      readonly change: 'remove'; readonly key: Key; readonly transaction: TransactionId;
      readonly aborted: boolean;
    }
  | {
      readonly change: 'push'; readonly key: Key; readonly transaction: TransactionId;
      readonly timestamp: Timestamp;
    }
  | { readonly change: 'record'; readonly record: TransactionRecord }
  | { readonly change: 'split'; readonly at: Key; readonly right: RangeId };

/** What goes through the log of a range. A write was evaluated before: it says what changes. */
export type RangeCommand =
  | {
      readonly op: 'lease';
      readonly lease: Lease;
      /** The lease that it replaces, as the proposer knew it; null for none. */
      readonly previous: Lease | null;
    }
  | {
      readonly op: 'write';
      /** The lease under which it was proposed: applied only while that is the range's lease. */
      readonly lease: number;
      readonly index: number;
      readonly changes: readonly Change[];
    };

/** The key of a range's descriptor, which is stored in that range itself. */
export function descriptorKey(range: RangeId): Key {
  return `@${range}`;
}

export function contains({ range, start, end }: Descriptor, key: Key): boolean {
  if (key.startsWith('@')) return key === descriptorKey(range);
  return start <= key && (end === null || key < end);
}
