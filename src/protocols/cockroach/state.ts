/** The state of a CockroachDB node: the replicas of its ranges, and the transactions it runs. */
import type { Frozen, Json, Micros, NodeId, OperationId } from '../../protocol/types.ts';
import type { ReplicaState } from '../raft/state.ts';
import type { KvRequest } from './api.ts';
import type {
  Key, RangeCommand, RangeId, RangeState, TransactionId, TransactionRecord,
} from './data.ts';
import type { Timestamp } from '../shared/hybrid-clock.ts';

/** A command that is in the log, or on its way there. Until it is applied, it latches its keys. */
export interface PendingCommand {
  readonly command: Frozen<RangeCommand>;
  readonly latches: readonly string[];
  /** The answer that waits until it is applied; null if it was given, or if there is none. */
  readonly answer: {
    readonly to: NodeId; readonly request: number; readonly op: KvRequest['op'];
    readonly outcome: Json;
  } | null;
}

/** A request that waits at the leaseholder, and what it waits for. */
export interface WaitingRequest {
  readonly from: NodeId;
  readonly request: number;
  readonly body: Frozen<KvRequest>;
  /** The intent that it met; null if it waits for a latch, a lease, or in the queue of pushes. */
  conflict: { readonly key: Key; readonly transaction: TransactionId; call: number | null } | null;
  /** Of a push in the queue: the transactions that wait for the pusher, as far as it is known. */
  dependents: TransactionId[];
  queued: boolean;
}

/** The latest read of a key, and the transaction that read it; null for several. */
export interface ReadMark {
  readonly timestamp: Timestamp;
  readonly transaction: TransactionId | null;
}

/** What a leaseholder keeps in memory, and loses in a crash. */
export interface Serving {
  /** The sequence of the lease that this process acquired; 0 for none. */
  usable: number;
  /** The serial number of the lease that it proposed; 0 for none. */
  leaseProposal: number;
  /** The lease index of its next command. */
  nextLeaseIndex: number;
  /** The timestamp cache: no write goes below a read. */
  reads: Record<Key, ReadMark>;
  /** Earlier leaseholders may have served reads up to here. */
  lowWater: Timestamp;
  pending: Record<number, PendingCommand>;
  waiting: WaitingRequest[];
  /** How many requests it has evaluated, and under which lease it did the last. */
  served: { count: number; lease: number };
}

export type RangeMachine = RangeState & Serving;

export type Replica = ReplicaState<RangeCommand> & RangeMachine;

/** A request that this node sent and that has no answer yet, and what the answer is for. */
export interface Call {
  readonly request: KvRequest;
  to: NodeId;
  readonly purpose: Purpose;
  /** Whether another node was named, which is asked after a moment. */
  redirected: boolean;
}

export type Purpose =
  | { readonly for: 'transaction'; readonly transaction: TransactionId }
  | { readonly for: 'heartbeat'; readonly transaction: TransactionId }
  | {
      readonly for: 'conflict'; readonly range: RangeId; readonly from: NodeId;
      readonly request: number;
    }
  | { readonly for: 'dependents'; readonly from: NodeId; readonly request: number }
  | { readonly for: 'recovery'; readonly transaction: TransactionId }
  | { readonly for: 'clean-up'; readonly keys: readonly Key[] };

/** Finding out whether a transaction is implicitly committed: its writes are looked for. */
export interface Recovery {
  readonly record: TransactionRecord;
  /** The calls that look for its writes; the last one decides. */
  calls: number[];
  decided: boolean;
}

/** A statement that runs in a transaction of its own, again and again until it commits. */
export interface Program {
  readonly statement: 'get' | 'put' | 'add' | 'transfer' | 'split';
  readonly keys: readonly Key[];
  readonly value: Json;
  /** What its reads returned, in the order of the keys. */
  read: Json[];
  written: number;
  /** When the application stops waiting, by the node's own clock. */
  until: number;
}

/** A transaction as its coordinator sees it. */
export interface Transaction {
  readonly id: TransactionId;
  /** The application's name for it; empty for that of a statement. */
  readonly name: string;
  readonly priority: number;
  readonly began: Timestamp;
  /** The end of its uncertainty: a value above it was written after the transaction began. */
  readonly limit: Timestamp;
  anchor: Key | null;
  readTimestamp: Timestamp;
  writeTimestamp: Timestamp;
  /** The clock of each node when the transaction first visited it. */
  observed: Record<NodeId, Timestamp>;
  sequence: number;
  /** The timestamp of the version that each read returned; null for none. */
  reads: Record<Key, Timestamp | null>;
  inFlight: Record<Key, number>;
  keys: Key[];
  phase: 'open' | 'refreshing' | 'committing' | 'acknowledged';
  /** What its pending calls are for: those that must all succeed before it continues. */
  calls: number[];
  /** What follows a refresh. */
  next: 'read' | 'commit' | null;
  /** The key of the read in progress. */
  reading: Key | null;
  refreshTo: Timestamp;
  operation: OperationId | null;
  /** Whether a range has said that the writes are in several, which this node did not know. */
  spans: boolean;
  program: Program | null;
}

/** What a node knows of the clock of another: how far it is ahead, give or take. */
export interface ClockOffset {
  readonly offset: Micros;
  readonly uncertainty: Micros;
  readonly measuredAt: Micros;
}

/** The last request for a vote in a range that is not known yet. */
export interface EarlyMessage {
  readonly from: NodeId;
  readonly message: { readonly type: 'RequestVote' | 'PreVote'; readonly range: RangeId };
}

export interface NodeState {
  clock: Timestamp;
  /** The last reading of the wall clock, and by how much two such clocks may differ. */
  physical: Micros;
  maxOffset: Micros;
  /** The number of the last command, request or transaction: no number is used twice. */
  serial: number;
  replicas: Record<RangeId, Replica>;
  calls: Record<number, Call>;
  transactions: Record<TransactionId, Transaction>;
  recoveries: Record<TransactionId, Recovery>;
  offsets: Record<NodeId, ClockOffset>;
  /** The wall clock at the last probe. */
  probedAt: Micros;
  /** Messages of ranges that this node does not have yet: a split that it has not applied. */
  early: Record<RangeId, EarlyMessage>;
  /** Why the node ended itself; null while it runs. */
  ended: string | null;
}
