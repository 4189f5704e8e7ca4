/** What a client of Spanner stores: its open transactions and its reads, all of them volatile. */
import type { Micros, Node, NodeId, OperationId } from '../../../protocol/types.ts';
import type { ClientReceived, ClientSent } from '../messages.ts';
import type { Age, ReadValues, Timestamp, TransactionId, Value } from '../records.ts';
import type { Clocked, ClockEvents, ClockOptions } from '../true-time.ts';

/** What a transaction does: what it must read, and what it writes then. */
export type Program =
  | { readonly kind: 'write'; readonly key: string; readonly value: Value }
  | { readonly kind: 'add'; readonly key: string; readonly by: number }
  | {
    readonly kind: 'transfer'; readonly from: string; readonly to: string; readonly amount: number;
  }
  /** The scenario decides, operation by operation. */
  | { readonly kind: 'interactive' };

export interface ClientTransaction {
  readonly id: TransactionId;
  readonly program: Program;
  readonly attempt: number;
  /** Kept when it is tried again, so that it becomes the oldest at last. */
  readonly age: Age;
  stage: 'open' | 'committing';
  /** The operation that waits; null between the operations of an interactive transaction. */
  operation: OperationId | null;
  /** The keys that are asked for, and not answered yet. */
  asked: string[];
  reads: ReadValues;
  /** Buffered here until the commit: reads do not see them (§4.2.1). */
  writes: Record<string, Value>;
  /** Why it cannot commit any more. */
  lost: string;
}

/** A read-only transaction sees all that was committed before it; a snapshot read need not. */
export type ReadKind = 'read-only' | 'snapshot';

/** A read without locks: of a read-only transaction, or a snapshot read. */
export interface ClientRead {
  readonly operation: OperationId;
  readonly kind: ReadKind;
  /** Whether the answer is a list. */
  readonly isList: boolean;
  readonly keys: readonly string[];
  /** Null if the leader of the only group chooses it. */
  timestamp: Timestamp | null;
  /** The groups without an answer, and the replica that is asked. */
  waiting: Record<string, NodeId>;
  /** The only replica that may be asked. */
  readonly replica: NodeId | null;
  values: ReadValues;
}

export interface ClientState extends Clocked {
  /** The replica that the client believes to lead each group. */
  leaders: Record<string, NodeId>;
  transactions: Record<TransactionId, ClientTransaction>;
  /** The interactive transaction. */
  open: TransactionId | null;
  /** What the operation that waits in it asked for. */
  interactiveRead: { keys: string[]; isList: boolean };
  reads: Record<OperationId, ClientRead>;
}

export interface ClientEvents extends ClockEvents {
  TransactionStarted: { transaction: TransactionId; age: Age };
  TransactionCommitted: { transaction: TransactionId; timestamp: Timestamp };
  TransactionAborted: { transaction: TransactionId; reason: string };
  TransactionRetried: { transaction: TransactionId; attempt: number };
  OutcomeUnknown: { transaction: TransactionId };
  ReadStarted: {
    request: OperationId; kind: ReadKind; keys: string[]; timestamp: Timestamp | null;
  };
  ReadAnswered: { request: OperationId; timestamp: Timestamp; values: ReadValues };
  ClientRetried: { what: string; to: NodeId[] };
}

export interface ClientOptions extends ClockOptions {
  retryAfter: Micros;
  restartDelay: readonly [Micros, Micros];
  keepAliveInterval: Micros;
  patience: Micros;
}

export interface Client {
  state: ClientState;
  receives: ClientReceived;
  sends: ClientSent;
  timers: {
    /** Something that was asked is not answered. The key is a transaction or a read. */
    retry: string;
    /** An aborted transaction is tried again. */
    restart: { program: Program; operation: OperationId; attempt: number; age: Age };
    keepAlive: void;
    /** The operation has lasted too long. */
    giveUp: OperationId;
    poll: void;
  };
  events: ClientEvents;
  options: ClientOptions;
}

export type Session = Node<Client>;
