/** What a Spanner replica stores, and the records that its Paxos group agrees on. */
// Sections are those of Corbett et al.: Spanner, Google's Globally-Distributed Database, OSDI 2012.
import type { Frozen, Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import type { ReplicaEvents } from './events.ts';
import type { Received, Sent } from './messages.ts';
import type {
  Accepted, Age, Ballot, CommitRequest, MinNextTimestamp, PrepareRecord, Timestamp,
  TransactionId, Version,
} from './records.ts';
import type { Clocked, ClockOptions } from './true-time.ts';

/** A timed vote: until its end, the replica helps no other ballot to lead (§2.1, appendix A). */
export interface Vote {
  readonly ballot: Ballot;
  readonly leader: NodeId;
  readonly end: Timestamp;
}

/** The interval in which a leader leads; timestamps outside of it are not its to assign (§4.1). */
export interface Lease {
  readonly ballot: Ballot;
  readonly start: Timestamp;
  end: Timestamp;
}

export type LockMode = 'shared' | 'exclusive';

/**
 * How far a transaction is at its leader. While `reading`, it takes shared locks. Its commit was
 * requested when it is `preparing` (at a participant) or `coordinating`. It can be wounded until
 * then: a record about it is in the log when it is `prepared` or `deciding`.
 */
export type Stage = 'reading' | 'preparing' | 'prepared' | 'coordinating' | 'deciding';

/** A transaction at the leader. Volatile, like the lock table: only the log survives (§4.2.1). */
export interface ActiveTransaction {
  readonly id: TransactionId;
  readonly age: Age;
  /** Null if a participant or the log has made it known, and the client has not. */
  client: NodeId | null;
  stage: Stage;
  /** The keys that its last read asks for; empty once it is answered. */
  reading: readonly string[];
  commit: Frozen<CommitRequest> | null;
  /** Whether it holds all locks that its commit needs. */
  locked: boolean;
  /** The transaction whose lock it waits for. */
  waitsFor: TransactionId | null;
  /** The transaction for which its coordinator was asked to abort it. */
  woundedBy: TransactionId | null;
  /** At the coordinator: TT.now().latest when it received the commit request (§4.2.1). */
  receivedLatest: Timestamp;
  /** At the coordinator: group → its prepare timestamp, and the replica that reported it. */
  prepares: Record<string, { timestamp: Timestamp; leader: NodeId }>;
}

/** A read at a timestamp that waits until the replica is up to date (§4.1.3). */
export interface WaitingRead {
  readonly client: NodeId;
  readonly request: OperationId;
  readonly keys: readonly string[];
  readonly timestamp: Timestamp;
}

export interface ReplicaState extends Clocked {
  // Paxos. Durable, with the clock, the vote and what was applied.
  /** The highest ballot that this replica takes part in. */
  promised: Ballot;
  /** The value accepted for each slot, from slot 1 on. */
  log: Accepted[];
  /** The last slot whose record is executed. The leader announces it. */
  applied: number;
  vote: Vote | null;

  // Volatile.
  standing: 'leader' | 'candidate' | 'follower';
  leaderId: NodeId | null;
  /** The last slot up to which the replica accepted what the ballot's leader sent. */
  acceptedUpTo: number;
  /** The highest ballot that it has seen. */
  highestSeen: Ballot;

  // On a candidate and a leader.
  /** The ballot with which a candidate stands. */
  candidacy: Ballot;
  /** Replica → TT.now().earliest before its vote was requested, on which its vote's end depends. */
  votes: Record<NodeId, Timestamp>;
  /** What the voters accepted, by slot after `applied`. */
  recovered: Accepted[];
  lease: Lease | null;
  /** The last slot that the leader knows to be chosen. */
  chosen: number;
  /** Replica → the last slot that it accepted in this ballot. */
  acceptedBy: Record<NodeId, number>;
  /** The last slot of the earlier leaders: before it is applied, this one serves no client. */
  recoveredUpTo: number;
  /** The highest timestamp that the leader has used, or promised not to use (s_max, §4.1). */
  maxTimestamp: Timestamp;
  /** Whether the leader has applied what earlier ones logged, and has their locks. */
  isReady: boolean;
  /** The operation that asked the leader to give up its lease. */
  abdication: OperationId | null;
  /** Key → the transactions that hold a lock on it. */
  locks: Record<string, Record<TransactionId, LockMode>>;
  transactions: Record<TransactionId, ActiveTransaction>;

  // What the applied records make of the database.
  versions: Record<string, Version[]>;
  /** The transactions that are prepared and have no outcome yet. */
  prepared: Record<TransactionId, Frozen<PrepareRecord>>;
  /** Transaction → its commit timestamp; null if it was aborted. */
  outcomes: Record<TransactionId, Timestamp | null>;
  /** The timestamp of the last committed write (LastTS, §4.2.2). */
  lastCommit: Timestamp;
  /** The safe time of Paxos: no record below it is still to come (§4.1.3). */
  paxosSafeTime: Timestamp;
  /** A promise of the leader that holds once its slot is applied. */
  promise: MinNextTimestamp | null;
  /** The highest timestamp for which a replica asked the leader to advance the safe time. */
  demanded: Timestamp;
  waitingReads: WaitingRead[];
}

export interface Replica {
  state: ReplicaState;
  receives: Received;
  sends: Sent;
  timers: {
    /** The replica may stand as leader. */
    election: void;
    heartbeat: void;
    /** The leader's lease ends. */
    lease: void;
    /** The leader advances MinNextTS, although there is nothing to write. */
    safeTime: void;
    /** The timestamp of the next record may be past. */
    commitWait: void;
    /** A moment is past for which a read, a demand or an abdication waits. */
    moment: void;
    /** A transaction is not heard of any more, or its coordinator is silent. */
    transaction: TransactionId;
    poll: void;
  };
  events: ReplicaEvents;
  options: ReplicaOptions;
}

export interface ReplicaOptions extends ClockOptions {
  leaseDuration: Micros;
  heartbeatInterval: Micros;
  electionDelay: readonly [Micros, Micros];
  safeTimeInterval: Micros;
  safeTimeOnDemand: boolean;
  transactionTimeout: Micros;
  commitWait: boolean;
}

/** The node that most rules act on. */
export type Server = Node<Replica>;

export function firstState(): Omit<ReplicaState, keyof Clocked> {
  return {
    promised: 0, log: [], applied: 0, vote: null,
    standing: 'follower', leaderId: null, acceptedUpTo: 0, highestSeen: 0,
    ...noLeadership(),
    versions: {}, prepared: {}, outcomes: {}, lastCommit: 0, paxosSafeTime: 0, promise: null,
    waitingReads: [],
  };
}

/** What a replica has that is neither a candidate nor a leader. */
export function noLeadership() {
  return {
    candidacy: 0, votes: {}, recovered: [], lease: null, chosen: 0, acceptedBy: {},
    recoveredUpTo: 0,
    maxTimestamp: 0, isReady: false, abdication: null, locks: {}, transactions: {}, demanded: 0,
  };
}
