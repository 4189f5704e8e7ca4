/** The database's state (row versions, transactions, sessions, waits), its options and events. */
import type { Json, Micros, NodeId, Role } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import type {
  Column, Level, RowStatement, SqlError, Value, Values,
} from './syntax.ts';

// Messages. A session is the connection of one client.

export interface Query {
  sql: string;
  /** Unique among the statements of its client. */
  serial: number;
}

export interface Answers {
  /** `summary` is the result in short. */
  Result: { summary: Json; serial: number; result: Exclude<Result, SqlError> };
  Refused: { code: string; message: string; serial: number };
  ConnectionClosed: object;
}

/** The result of a statement: rows, or a command tag of PostgreSQL such as UPDATE 1. */
export type Result =
  | {
      readonly type: 'rows';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Value[])[];
    }
  | { readonly type: 'done'; readonly tag: string; readonly count: number }
  | SqlError;

// Rows

/** One version of a row. An UPDATE overwrites nothing: it adds a version and marks the old one. */
export interface Version {
  /** Its position in the table, which is the order of a sequential scan. */
  readonly position: number;
  /** The position of the row's first version, which identifies the row. */
  readonly row: number;
  readonly values: Values;
  /** The transaction that made it; `frozen` once every transaction sees it. */
  xmin: number;
  /** The transaction that replaced, deleted or locked it; 0 for none. */
  xmax: number;
  /** Whether `xmax` only locks the row (SELECT … FOR UPDATE). */
  locksOnly: boolean;
}

/** Stands for all transactions that every present and future snapshot sees as committed. */
export const frozen = 2;

export interface Table {
  columns: readonly Column[];
  primaryKey: string | null;
  /** All versions that a transaction may still see, in the order in which they were made. */
  versions: Version[];
  lastPosition: number;
}

// Transactions

/** Which transactions had ended when the snapshot was taken. */
export interface Snapshot {
  /** All transactions with lower numbers had ended. */
  readonly xmin: number;
  /** No transaction with this or a higher number had ended. */
  readonly xmax: number;
  /** The transactions in between that had not ended. */
  readonly running: readonly number[];
}

export interface Transaction {
  level: Level;
  /** Assigned at the first change or row lock; 0 until then. */
  xid: number;
  /** Under read committed the snapshot of the statement, otherwise of the whole transaction. */
  snapshot: Snapshot | null;
  /** Its entry in `watched`; 0 if it is not serializable. */
  serializable: number;
  /** Whether it has run a query, after which its level cannot be changed. */
  queried: boolean;
  /** False for a statement that is a transaction by itself. */
  explicit: boolean;
  /** After an error, all statements are refused until the transaction is rolled back. */
  failed: boolean;
}

/** A transaction that serializable snapshot isolation watches (Ports, Grittner, 2012). */
export interface Watched {
  readonly id: number;
  readonly session: NodeId;
  xid: number;
  readonly snapshot: Snapshot;
  /** The number of the last commit that its snapshot sees. */
  readonly lastCommitBefore: number;
  /** The numbers at which it prepared its commit and committed; 0 until then. */
  prepared: number;
  committed: number;
  /** The next transaction number at the time when it ended; 0 until then. */
  finishedBefore: number;
  /** Whether it must not commit, because it is the pivot of a dangerous structure. */
  doomed: boolean;
  wrote: boolean;
  /** Whether it committed without having written. */
  readOnly: boolean;
  /** The first commit, before its own, of a transaction whose writes it did not see; 0 if none. */
  earliestOut: number;
  /** The transactions that read what it overwrote, and those that overwrote what it read. */
  readBy: number[];
  overwrittenBy: number[];
  /** What it has read: `items` (a table), `items/3` (a version), `items_pkey` (an index). */
  reads: string[];
}

// Sessions

/** A statement that is being executed, with everything that it needs to continue after a wait. */
export interface Running {
  readonly serial: number;
  readonly statement: RowStatement;
  /** The positions of the versions to process; for an INSERT, of those that it has made. */
  targets: number[];
  /** How many of them are processed. */
  at: number;
  /** How many rows were changed. */
  count: number;
  rows: Values[];
}

export interface Wait {
  /** The transaction waited for. */
  readonly xid: number;
  readonly table: string;
  readonly row: number;
  /** Whether it waits in the queue for a row; if not, it waits for a key. */
  readonly queued: boolean;
  /** Its place in the queue: lower tickets have waited longer. */
  readonly ticket: number;
}

export interface Session {
  lastSerial: number;
  transaction: Transaction | null;
  running: Running | null;
  waits: Wait | null;
  /** Row (`items/1`) → the values that the client last read or wrote. */
  seen: Record<string, Values>;
}

export interface DatabaseState {
  // On disk. A crash aborts the running transactions.
  tables: Record<string, Table>;
  /** The status of every transaction that a version refers to, by its number. */
  transactions: Record<string, 'running' | 'committed' | 'aborted'>;
  nextXid: number;
  /** The highest number of a transaction that has ended. */
  lastEnded: number;
  /** The rows that a new transaction would see, for panels and conditions. */
  committed: Record<string, Values[]>;
  boots: number;
  // In memory.
  sessions: Record<NodeId, Session>;
  /** Serializable transactions that are running, or overlap one that is. */
  watched: Record<string, Watched>;
  lastWatched: number;
  lastCommit: number;
  lastTicket: number;
  /** Sessions whose wait is over, in the order in which they continue. */
  ready: NodeId[];
}

export interface DatabaseEvents {
  TransactionBegun: { session: NodeId; level: Level };
  TransactionCommitted: { session: NodeId; xid: number };
  TransactionRolledBack: { session: NodeId; xid: number };
  StatementFailed: { session: NodeId; code: string; message: string };
  RowLocked: { session: NodeId; table: string; row: Value };
  RowWritten: { session: NodeId; table: string; row: Value; from: Values; to: Values };
  LockWaited: { session: NodeId; table: string; row: Value; holder: NodeId };
  WaitEnded: { session: NodeId; table: string; row: Value };
  WhereTestedAgain: { session: NodeId; table: string; row: Value; matches: boolean };
  LostUpdate: {
    session: NodeId; table: string; row: Value; column: string;
    seen: Value; overwritten: Value; written: Value;
  };
  Deadlock: { session: NodeId; cycle: readonly NodeId[] };
  SerializationFailure: { session: NodeId; message: string };
  ReadWriteDependency: { reader: NodeId; writer: NodeId };
  TransactionDoomed: { session: NodeId };
}

export interface Database {
  state: DatabaseState;
  receives: { Query: Query; Connect: object };
  sends: Answers;
  timers: { deadlock: { session: NodeId; ticket: number } };
  events: DatabaseEvents;
  options: { isolation: Level; deadlockTimeout: Micros; items: number; stock: number };
}

export const options: Role<Database>['options'] = {
  isolation: {
    kind: 'choice',
    default: 'read committed',
    choices: ['read committed', 'repeatable read', 'serializable'],
    doc: 'The isolation level of a transaction that does not name one.',
  },
  deadlockTimeout: {
    kind: 'duration',
    default: seconds(1),
    min: milliseconds(1),
    doc: 'How long a statement waits for a lock before it checks for a deadlock.',
  },
  items: {
    kind: 'integer',
    default: 1,
    min: 0,
    max: 1_000,
    doc: 'The number of items in the shop: rows of the table items (id, qty, version).',
  },
  stock: {
    kind: 'integer',
    default: 1,
    min: 0,
    max: 2_147_483_647,
    doc: 'The number of pieces of each item at first: an integer of 32 bits.',
  },
};

export const events: Record<keyof DatabaseEvents, string> = {
  TransactionBegun: 'A session began a transaction.',
  TransactionCommitted: 'A transaction committed: new snapshots see its changes.',
  TransactionRolledBack: 'A transaction was rolled back: its changes have no effect.',
  StatementFailed: 'A statement failed; a transaction block can only be rolled back now.',
  RowLocked: 'A transaction locked a row until it ends: others that want the row wait.',
  RowWritten: 'A transaction made a new version of a row; others see it after the commit.',
  LockWaited: 'A statement waits for the transaction that has locked a row.',
  WaitEnded: 'The transaction that a statement waited for has ended, and the statement continues.',
  WhereTestedAgain:
    'A row changed during the wait: read committed tests WHERE again on its new version.',
  LostUpdate: 'A write overwrote a value that its client had not seen: that update is lost.',
  Deadlock: 'Transactions waited for each other in a cycle: one of them is aborted.',
  SerializationFailure: 'A transaction failed, because no serial order explains what it saw.',
  ReadWriteDependency:
    'A serializable transaction did not see what another wrote, so it must come before it.',
  TransactionDoomed: 'A transaction has such dependencies in and out, so it must not commit.',
};
