/** The messages of Spanner: within a Paxos group, between groups, and with clients. */
import type { Frozen, Micros, NodeId, OperationId } from '../../protocol/types.ts';
import type {
  Accepted, Age, Ballot, CommitRequest, LogRecord, MinNextTimestamp, ReadValues, Timestamp,
  TransactionId,
} from './records.ts';

/** Phase 1 of Paxos, and the request for a timed vote (§2.1). */
export interface RequestVote {
  ballot: Ballot;
  /** The last slot that the candidate has applied: it asks what is accepted after it. */
  applied: number;
  /** TT.now().earliest of the candidate, from which the lease counts (appendix A). */
  asked: Timestamp;
}

export interface VoteReply {
  ballot: Ballot;
  asked: Timestamp;
  /** The candidate's `applied`, and what this replica has accepted in the slots after it. */
  after: number;
  accepted: readonly Accepted[];
}

/** A replica takes part in a higher ballot, or its vote for another leader has not ended. */
export interface Refused {
  ballot: Ballot;
  promised: Ballot;
  reason: string;
}

/** Phase 2 for all slots from `first` on; without records, it extends the lease. */
export interface Accept {
  ballot: Ballot;
  first: number;
  records: readonly Frozen<LogRecord>[];
  /** The last slot that the leader has applied. */
  applied: number;
  minNext: MinNextTimestamp | null;
  asked: Timestamp;
}

export interface AcceptReply {
  ballot: Ballot;
  /** The replica has accepted all slots up to this one in this ballot. */
  upTo: number;
  asked: Timestamp;
  /** Whether its vote is extended. */
  extends: boolean;
}

/** The leader, or a candidate that gives up, releases the votes for its ballot (§4.1). */
export interface ReleaseVote {
  ballot: Ballot;
  /** Whether the ballot had a lease: then the replicas may stand at once. */
  abdicates: boolean;
}

/** A replica with a waiting read asks the leader to advance the safe time (§4.2.4). */
export interface AdvanceSafeTime {
  timestamp: Timestamp;
}

/** A read of a read-write transaction, at the leader (§4.2.1). */
export interface Read {
  transaction: TransactionId;
  age: Age;
  keys: readonly string[];
}

export interface ReadResult {
  transaction: TransactionId;
  values: ReadValues;
}

/** The transaction is still open: its locks must not be released (§4.2.1). */
export interface KeepAlive {
  transaction: TransactionId;
}

/** The client gives up a transaction that it has not tried to commit. */
export interface Release {
  transaction: TransactionId;
}

/** The transaction lost its locks before its client tried to commit. */
export interface LocksLost {
  transaction: TransactionId;
  reason: string;
}

/** A participant is prepared (§4.2.1). */
export interface PrepareReply {
  transaction: TransactionId;
  group: string;
  timestamp: Timestamp;
  age: Age;
}

/** A participant cannot prepare, so the transaction must be aborted. */
export interface PrepareRefused {
  transaction: TransactionId;
  group: string;
  reason: string;
}

/** An older transaction needs a lock of a prepared one, which only its coordinator can abort. */
export interface Wound {
  transaction: TransactionId;
  by: TransactionId;
}

/** How a transaction ended: at which timestamp, or null for an abort. */
export interface Outcome {
  transaction: TransactionId;
  timestamp: Timestamp | null;
}

export interface CommitResult {
  transaction: TransactionId;
  timestamp: Timestamp | null;
  reason: string;
}

/** A read without locks: of a read-only transaction, or a snapshot read (§4.1.4, §4.2.2). */
export interface SnapshotRead {
  request: OperationId;
  keys: readonly string[];
  /** Null if the leader of the only group chooses it. */
  timestamp: Timestamp | null;
}

export interface SnapshotResult {
  request: OperationId;
  group: string;
  timestamp: Timestamp;
  values: ReadValues;
}

export interface NotLeader {
  group: string;
  /** Who leads, as far as this replica knows. */
  leaderHint: NodeId | null;
}

interface OfGroup {
  RequestVote: RequestVote;
  VoteReply: VoteReply;
  Refused: Refused;
  Accept: Accept;
  AcceptReply: AcceptReply;
  ReleaseVote: ReleaseVote;
  AdvanceSafeTime: AdvanceSafeTime;
}

interface BetweenGroups {
  PrepareReply: PrepareReply;
  PrepareRefused: PrepareRefused;
  Wound: Wound;
  Outcome: Outcome;
}

export interface FromClient {
  Read: Read;
  KeepAlive: KeepAlive;
  Release: Release;
  Commit: CommitRequest;
  SnapshotRead: SnapshotRead;
}

export interface ToClient {
  ReadResult: ReadResult;
  LocksLost: LocksLost;
  CommitResult: CommitResult;
  SnapshotResult: SnapshotResult;
  NotLeader: NotLeader;
}

/** The answer of a time master, and the question to it. */
interface MasterTime {
  MasterTime: { askedAt: Micros; time: Micros };
}

interface AskTime {
  AskTime: { askedAt: Micros };
}

export type Received = OfGroup & BetweenGroups & FromClient & MasterTime;
export type Sent = OfGroup & BetweenGroups & ToClient & AskTime;
export type ClientReceived = ToClient & MasterTime;
export type ClientSent = FromClient & AskTime;
