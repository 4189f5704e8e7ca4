/** The messages, events, timers and options of a CockroachDB node. */
import type { Frozen, Micros, Node, NodeId, Range } from '../../protocol/types.ts';
import type { Replica as RaftServer, ReplicaEvents } from '../raft/state.ts';
import type { KvMessages } from './api.ts';
import type { Timestamp } from '../shared/hybrid-clock.ts';
import type { Key, RangeCommand, RangeId, Status, TransactionId } from './data.ts';
import type { NodeState, RangeMachine } from './state.ts';

/** A replica of one range, as the rules of Raft see it. */
export type RangeReplica = RaftServer<RangeCommand, RangeMachine>;

type RaftBodies = Omit<RangeReplica['receives'], 'ClientRequest'>;

/** The messages of Raft, each with its group: the range. */
export type RaftMessages = { [Type in keyof RaftBodies]: RaftBodies[Type] & { range: RangeId } };

export interface NodeMessages extends KvMessages {
  /** The leaseholder, which does not lead the group, passes a command to its leader. */
  Propose: { range: RangeId; serial: number; command: RangeCommand };
  ClockProbe: { sent: Micros };
  ClockReading: { sent: Micros; clock: Micros };
}

type OfRange<Events> = { [Name in keyof Events]: { range: RangeId } & Events[Name] };

type RaftEvents = OfRange<Omit<ReplicaEvents<RangeCommand>, 'ClientRedirected'>>;

export interface StoreEvents {
  LeaseAcquired: { range: RangeId; holder: NodeId; sequence: number };
  LeaseExtended: { range: RangeId; holder: NodeId; sequence: number };
  IntentWritten: { range: RangeId; key: Key; transaction: TransactionId; timestamp: Timestamp };
  IntentMet: { range: RangeId; key: Key; transaction: TransactionId; by: TransactionId };
  IntentResolved: { range: RangeId; key: Key; transaction: TransactionId; status: Status };
  WriteMovedUp: { key: Key; transaction: TransactionId; from: Timestamp; to: Timestamp };
  WritePrevented: { key: Key; transaction: TransactionId; timestamp: Timestamp };
  UncertaintyRestart: {
    key: Key; transaction: TransactionId; readTimestamp: Timestamp; value: Timestamp;
    limit: Timestamp;
  };
  TransactionWaits: { transaction: TransactionId; by: TransactionId };
  TransactionPushed: {
    transaction: TransactionId; by: TransactionId; status: Status; reason: string;
  };
  DeadlockFound: { transaction: TransactionId; by: TransactionId };
  TransactionStaged: { transaction: TransactionId; timestamp: Timestamp };
  TransactionCommitted: { transaction: TransactionId; timestamp: Timestamp };
  TransactionAborted: { transaction: TransactionId };
  RangeSplit: { range: RangeId; right: RangeId; at: Key };
}

export interface CoordinatorEvents {
  TransactionBegan: { transaction: TransactionId; timestamp: Timestamp };
  ValueRead: { key: Key; transaction: TransactionId; version: Timestamp | null; own: boolean };
  ReadsRefreshed: { transaction: TransactionId; from: Timestamp; to: Timestamp };
  RefreshFailed: { transaction: TransactionId; reason: string };
  TransactionRestarted: { transaction: TransactionId; reason: string };
  CommitAcknowledged: {
    transaction: TransactionId; timestamp: Timestamp; implicit: boolean; readOnly: boolean;
  };
  RecoveryBegan: { transaction: TransactionId; writes: number };
  TransactionRecovered: { transaction: TransactionId; status: Status };
  ClockRefused: { from: NodeId; ahead: Micros };
  NodeEnded: { reason: string };
}

export interface CockroachNode {
  state: NodeState;
  receives: RaftMessages & NodeMessages;
  sends: RaftMessages & NodeMessages;
  timers: {
    election: RangeId;
    heartbeat: RangeId;
    checkQuorum: RangeId;
    leaderContact: RangeId;
    /** A replica looks after its lease: it extends it, or takes one that has expired. */
    lease: RangeId;
    /** Commands that were not applied yet are proposed again. */
    propose: RangeId;
    /** The pushes that wait in the queue are looked at again. */
    pushes: RangeId;
    /** A request without an answer is sent again. */
    call: string;
    transactionHeartbeat: TransactionId;
    /** A statement is given up. */
    deadline: TransactionId;
    clockProbe: void;
  };
  events: RaftEvents & StoreEvents & CoordinatorEvents;
  options: RangeReplica['options'] & {
    splits: readonly string[];
    maxOffset: Micros;
    leaseDuration: Micros;
    leaseRenewal: Micros;
    transactionHeartbeat: Micros;
    transactionExpiry: Micros;
    statementTimeout: Micros;
    requestTimeout: Micros;
    clockProbeInterval: Micros;
    clockCheck: boolean;
    jumpCheck: boolean;
    recovery: boolean;
    parallelCommits: boolean;
  };
}

export type Store = Node<CockroachNode>;
export type Timeout = Range;
export type Command = Frozen<RangeCommand>;
