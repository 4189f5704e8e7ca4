/** The records that a Paxos group of Spanner agrees on, and the words that all files share. */
// Sections are those of Corbett et al.: Spanner, Google's Globally-Distributed Database, OSDI 2012.
import type { Frozen, Micros, NodeId } from '../../protocol/types.ts';

/** A value of a key. */
export type Value = string | number | boolean;

/** A moment of TrueTime, in microseconds: what a transaction is stamped with. */
export type Timestamp = Micros;

/** Names a transaction of a client: `client#3`, or `client#3/2` for its second attempt. */
export type TransactionId = string;

/** How old a transaction is, which decides who waits and who is wounded (§4.2.1). */
export type Age = Micros;

/**
 * The number of a leadership. Each belongs to one replica of the group, so two replicas never use
 * the same: with three members, ballots 1, 4, 7 … are those of the first.
 */
export type Ballot = number;

/** The value that a key got at a timestamp. */
export interface Version {
  readonly timestamp: Timestamp;
  readonly value: Value;
  readonly transaction: TransactionId;
}

/** What the transaction read: key → the timestamp of the version; 0 if there was none. */
export type ReadTimestamps = Record<string, Timestamp>;

/** A transaction commits at its timestamp. Logged by its coordinator, or by its only group. */
export interface CommitRecord {
  readonly kind: 'commit';
  readonly transaction: TransactionId;
  readonly timestamp: Timestamp;
  readonly writes: WritesOf;
  readonly reads: ReadTimestamps;
  /** The groups that take part, the coordinator first. */
  readonly groups: readonly string[];
}

/** A transaction has no effect. Logged by its coordinator, or by its only group. */
export interface AbortRecord {
  readonly kind: 'abort';
  readonly transaction: TransactionId;
  readonly reason: string;
}

/** A participant can commit, at its prepare timestamp or later, and keeps its locks until then. */
export interface PrepareRecord {
  readonly kind: 'prepare';
  readonly transaction: TransactionId;
  readonly timestamp: Timestamp;
  readonly writes: WritesOf;
  readonly reads: ReadTimestamps;
  readonly age: Age;
  readonly groups: readonly string[];
}

/** A participant learned how a transaction ended: at which timestamp, or null for an abort. */
export interface OutcomeRecord {
  readonly kind: 'outcome';
  readonly transaction: TransactionId;
  readonly timestamp: Timestamp | null;
}

/** A new leader's own first record, so that no later leader finds an older one in its slot. */
export interface NoOpRecord {
  readonly kind: 'no-op';
  readonly transaction: '';
}

export type LogRecord = CommitRecord | AbortRecord | PrepareRecord | OutcomeRecord | NoOpRecord;

/** The timestamp of a record; 0 if it has none. */
export function timestampOf(record: Frozen<LogRecord>): Timestamp {
  return 'timestamp' in record ? (record.timestamp ?? 0) : 0;
}

/** Key → the value that it gets. */
export type WritesOf = Readonly<Record<string, Value>>;

/** Key → its value and the timestamp of that; null and 0 if it was never written. */
export type ReadValues = Record<string, { value: Value | null; timestamp: Timestamp }>;

/** A value that the replica accepted for a slot, and the ballot in which it did. */
export interface Accepted {
  readonly ballot: Ballot;
  readonly record: Frozen<LogRecord>;
}

/** After the record in `slot`, no record of the group has a timestamp below this one (§4.2.4). */
export interface MinNextTimestamp {
  readonly slot: number;
  readonly timestamp: Timestamp;
}

/** What a client asks of one group when it commits. */
export interface CommitRequest {
  readonly transaction: TransactionId;
  readonly age: Age;
  /** All groups of the transaction, the coordinator first. */
  readonly groups: readonly string[];
  /** The replica that the client believes to lead the coordinator. */
  readonly coordinator: NodeId;
  readonly writes: WritesOf;
  readonly reads: ReadTimestamps;
}
