/** What the database keeps: row versions, transactions, sessions, waits; settings and events. */
import type { Json, Micros, NodeId, Role } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import type {
  Column, Level, RowStatement, SqlError, Value, Values,
} from './syntax.ts';

// Messages: a session is a connection, and belongs to one client

export interface Query {
  sql: string;
  /** Unique among the statements of its client. */
  serial: number;
}

export interface Answers {
  /** `told` is the result in a few words. */
  Result: { told: Json; serial: number; result: Exclude<Result, SqlError> };
  Refused: { code: string; message: string; serial: number };
  ConnectionClosed: object;
}

/** What a statement answered: rows, or the words that PostgreSQL ends it with, such as UPDATE 1. */
export type Result =
  | {
      readonly type: 'rows';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Value[])[];
    }
  | { readonly type: 'done'; readonly tag: string; readonly count: number }
  | SqlError;

// Rows

/** One version of a row. Nothing is overwritten: an UPDATE adds a version and marks the old one. */
export interface Version {
  /** Where it lies in its table; the order of a sequential scan. */
  readonly position: number;
  /** The position of the row's first version: what the versions of one row have in common. */
  readonly row: number;
  readonly values: Values;
  /** The transaction that made it; `frozen` once everybody sees it. */
  xmin: number;
  /** The transaction that replaced, deleted or locked it; 0 for none. */
  xmax: number;
  /** True where `xmax` only locks the row (SELECT … FOR UPDATE). */
  locksOnly: boolean;
}

/** Stands for every transaction that all who ever look will find committed. */
export const frozen = 2;

export interface Table {
  columns: readonly Column[];
  primaryKey: string | null;
  /** All versions that somebody may still see, in the order in which they were made. */
  versions: Version[];
  lastPosition: number;
}

// Transactions

/** Which transactions were committed when somebody began to look. */
export interface Snapshot {
  /** All before this one had ended … */
  readonly xmin: number;
  /** … and none from this one on; between the two, those that were running had not. */
  readonly xmax: number;
  readonly running: readonly number[];
}

export interface Transaction {
  level: Level;
  /** Given with its first change or row lock; 0 until then. */
  xid: number;
  /** Of the statement under read committed, else of the whole transaction. */
  snapshot: Snapshot | null;
  /** Its entry among the serializable transactions; 0 where it has none. */
  serializable: number;
  /** Its level can be changed until its first query. */
  queried: boolean;
  /** False for a statement that is a transaction by itself. */
  explicit: boolean;
  /** After an error nothing more is done until it is rolled back. */
  failed: boolean;
}

/** A transaction as serializable isolation watches it (Ports, Grittner, 2012). */
export interface Watched {
  readonly id: number;
  readonly session: NodeId;
  xid: number;
  readonly snapshot: Snapshot;
  /** Commits are numbered: the last one that its snapshot sees. */
  readonly lastCommitBefore: number;
  /** When it was sure to commit, and when it had; 0 until then. */
  prepared: number;
  committed: number;
  /** The next transaction number when it ended; 0 until then. */
  finishedBefore: number;
  /** It must not commit: others found it to be the pivot of a dangerous structure. */
  doomed: boolean;
  wrote: boolean;
  /** It committed without having written. */
  readOnly: boolean;
  /** The first commit before its own among those whose writes it did not see; 0 for none. */
  earliestOut: number;
  /** Those that read what it overwrote, and those that overwrote what it read: rw-dependencies. */
  readBy: number[];
  overwrittenBy: number[];
  /** What it has read: `items` (all of it), `items/3` (a version), `items_pkey` (an index). */
  reads: string[];
}

// Sessions

/** A statement under way: everything that it needs to go on after a wait. */
export interface Running {
  readonly serial: number;
  readonly statement: RowStatement;
  /** The versions that the snapshot showed, by position; for an INSERT those that it has made. */
  targets: number[];
  /** How many of them are done with. */
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
  /** True for one that stands in the queue for a row, false for one that waits for a key. */
  readonly queued: boolean;
  /** The lower, the longer it waits. */
  readonly ticket: number;
}

export interface Session {
  lastSerial: number;
  transaction: Transaction | null;
  running: Running | null;
  waits: Wait | null;
  /** What the client last saw of each row (`items/1`), whether by reading or by writing it. */
  seen: Record<string, Values>;
}

export interface DatabaseState {
  // On disk. A crash ends the transactions that were running there.
  tables: Record<string, Table>;
  /** Every transaction that a version speaks of, by its number. */
  transactions: Record<string, 'running' | 'committed' | 'aborted'>;
  nextXid: number;
  /** The highest number of a transaction that has ended. */
  lastEnded: number;
  /** The rows that a new transaction would see, for people and for conditions. */
  committed: Record<string, Values[]>;
  boots: number;
  // In memory.
  sessions: Record<NodeId, Session>;
  /** Serializable transactions, and those that ended but overlap one that did not. */
  watched: Record<string, Watched>;
  lastWatched: number;
  lastCommit: number;
  lastTicket: number;
  /** Sessions whose wait is over, in the order in which they go on. */
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
    doc: 'The isolation level of transactions that name none.',
  },
  deadlockTimeout: {
    kind: 'duration',
    default: seconds(1),
    doc: 'How long a statement waits for a lock before it looks whether it waits in a circle.',
  },
  items: {
    kind: 'integer',
    default: 1,
    doc: 'How many items the shop has: rows of the table items (id, qty, version).',
  },
  stock: {
    kind: 'integer',
    default: 1,
    doc: 'How many pieces of each item there are at first.',
  },
};

export const events: Record<keyof DatabaseEvents, string> = {
  TransactionBegun: 'A session began a transaction.',
  TransactionCommitted: 'A transaction committed: its changes are there for all who look from now.',
  TransactionRolledBack: 'A transaction was rolled back: its changes never were.',
  StatementFailed: 'A statement ended with an error; a transaction block can only be rolled back.',
  RowLocked: 'A transaction has the lock of a row until it ends: others that want it wait.',
  RowWritten: 'A transaction made a new version of a row; others see it after the commit.',
  LockWaited: 'A statement waits for the transaction that has a row.',
  WaitEnded: 'The transaction that a statement waited for is over, and the statement goes on.',
  WhereTestedAgain:
    'A row changed during the wait: read committed tests WHERE again, on its new version.',
  LostUpdate: 'A write overwrote a value that its client had not seen: as if it never was.',
  Deadlock: 'Transactions waited for each other in a circle: one of them is sacrificed.',
  SerializationFailure: 'A transaction failed because no order one by one would explain it: retry.',
  ReadWriteDependency:
    'A serializable transaction did not see what another wrote: it must come before it.',
  TransactionDoomed: 'A transaction has such a dependency in and out: it must not commit.',
};
