/** The database's state: tables, transactions, locks and sessions; its messages and events. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Json, Micros, Node, NodeId } from '../../protocol/types.ts';
import type { SqlError } from './sql/errors.ts';
import type { DatabaseEvents, LockKind } from './event-types.ts';
import type {
  Column, Constraint, Level, RowStatement, Statement, Strength, TableMode, Value, Values,
} from './sql/syntax.ts';

// Messages

export interface Query {
  sql: string;
  /** Unique among the statements of its client. */
  serial: number;
}

export interface Answers {
  /** `summary` is the last result in short. */
  Result: { summary: Json; serial: number; result: Exclude<Result, SqlError> } & Answered;
  /** An error, which ends the session if it is fatal. */
  Refused: {
    code: string; message: string; serial: number; severity: 'ERROR' | 'FATAL';
  } & Answered;
  /** What NOTIFY sends to the sessions that listen; `pid` is the process that sent it. */
  Notification: { channel: string; payload: string; pid: number };
}

export interface Answered {
  /** The results of the statements before the last in the same Query, and all notices. */
  before: readonly Reply[];
  /** The state of the session afterwards, as PostgreSQL's ReadyForQuery gives it. */
  status: 'idle' | 'in transaction' | 'failed transaction';
}

export type Reply = Exclude<Result, SqlError> | Notice;

interface Notice {
  readonly type: 'notice';
  readonly code: string;
  readonly message: string;
}

/** The result of a statement: rows, or a command tag of PostgreSQL such as UPDATE 1. */
export type Result =
  | {
      readonly type: 'rows';
      readonly tag: string;
      readonly count: number;
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
  /** The position of the version that changed a column of an index last; absent for `row`. */
  readonly root?: number;
  readonly values: Values;
  /** The transaction that made it; `frozen` once every transaction sees it. */
  xmin: number;
  /** The command of that transaction, whose later commands see the version. */
  cmin: number;
  /** The transaction that replaced or deleted it; 0 for none. */
  xmax: number;
  cmax: number;
  /** Whether `xmax` deleted the row or changed a key column, which is the strongest row lock. */
  keyChanged: boolean;
  /** The transactions that only lock the row, each with its strongest lock; ended ones too. */
  lockers: Locker[];
}

export interface Locker {
  readonly xid: number;
  readonly strength: Strength;
}

/** Stands for all transactions that every present and future snapshot sees as committed. */
export const frozen = 2;

export interface Table {
  columns: readonly Column[];
  constraints: readonly Constraint[];
  /** The column of a primary key that has one column. */
  primaryKey: string | null;
  /** Column → the last number that its sequence gave. */
  sequences: Record<string, number>;
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
  readonly session: SessionId;
  /** When it began, in the server's wall-clock time. */
  readonly began: Micros;
  level: Level;
  /** The number of the current subtransaction, assigned at its first change or lock; or 0. */
  xid: number;
  /** The transaction, and inside it the savepoints and EXCEPTION blocks, from the outside. */
  scopes: Scope[];
  /** Counts the commands: a command does not see its own changes. */
  command: number;
  /** The messages of NOTIFY, which are sent at the commit. */
  notifications: Notification[];
  /** LISTEN and UNLISTEN, which take effect at the commit. */
  listening: { readonly channel: string | null; readonly listens: boolean }[];
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

/** A transaction or subtransaction: what ROLLBACK (TO) restores and releases. */
export interface Scope {
  /** The name of the savepoint; null for the transaction itself and for an EXCEPTION block. */
  readonly savepoint: string | null;
  xid: number;
  /** The numbers of subtransactions that were released into this one, and end with it. */
  released: number[];
  /** As it was when this began. */
  readonly settings: Settings;
  readonly local: Settings;
  readonly notifications: number;
  readonly listening: number;
}

/** The settings that are numbers: durations and counts. */
export type NumberSettingName =
  | 'statement_timeout' | 'lock_timeout' | 'idle_in_transaction_session_timeout'
  | 'idle_session_timeout' | 'deadlock_timeout' | 'client_connection_check_interval'
  | 'tcp_keepalives_idle' | 'tcp_keepalives_interval' | 'tcp_keepalives_count'
  | 'tcp_user_timeout';

/** The settings that a session has changed, in PostgreSQL's units: milliseconds, seconds, words. */
export type Settings = Readonly<Record<string, string>>;

export interface Notification {
  readonly channel: string;
  readonly payload: string;
}

/** What restores a table that a running transaction has altered, created, emptied or dropped. */
interface Undo {
  readonly xid: number;
  readonly table: string;
  /** The table as it was; null if it did not exist. */
  readonly before: Table | null;
  /** Whether its rows are restored too: after DROP TABLE and TRUNCATE. */
  readonly rows: boolean;
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
  readonly statement: RowStatement;
  /** When it began, in the server's wall-clock time. */
  readonly began: Micros;
  /** What it has done and learned so far: after a wait it does not do that again. */
  readonly journal: Json[];
}

/** What a statement waits for. */
export type Wait =
  | {
      readonly type: 'lock';
      /** The lock, by its key in `locks`, and the mode in which it is wanted. */
      readonly lock: string;
      readonly mode: TableMode;
      readonly on: LockKind;
      readonly table: string;
      /** The row, or that which has the key; 0 for a table or an advisory lock. */
      readonly row: number;
      /** Whether the statement will write the row. */
      readonly writes: boolean;
      /** Tells this wait from others of the session. */
      readonly ticket: number;
    }
  | { readonly type: 'sleep'; readonly ticket: number }
  /** Another writer of the row goes on first, as in a race between processes. */
  | { readonly type: 'overtaken'; readonly ticket: number }
  /** The record of its commit is on the way to the disk; nothing interrupts that. */
  | { readonly type: 'flush'; readonly ticket: number };

/** What the lock table knows of a lock: the sessions that hold it, and its queue. */
export interface Lock {
  readonly of: LockedObject;
  holders: Holder[];
  queue: { readonly session: SessionId; readonly mode: TableMode; readonly scope: number }[];
}

export type LockedObject =
  | { readonly type: 'relation'; readonly table: string }
  /** The place at the head of the queue for a row. */
  | { readonly type: 'tuple'; readonly table: string; readonly position: number }
  | { readonly type: 'transactionid'; readonly xid: number }
  /** One key of 64 bits, or two of 32 bits: the two kinds never meet. */
  | { readonly type: 'advisory'; readonly keys: readonly string[] };

export interface Holder {
  readonly session: SessionId;
  readonly mode: TableMode;
  /** The index of the subtransaction that took it; -1 for an advisory lock of the session. */
  scope: number;
  count: number;
}

/** Identifies a session: it is the connection of a client. */
export type SessionId = ConnectionId;

export interface Session {
  readonly client: NodeId;
  /** The number of its process, by which `pg_terminate_backend` and others name it. */
  readonly pid: number;
  /** When it began, when its last Query arrived, and when it last became active or idle. */
  times: { readonly began: Micros; readonly queried: Micros | null; readonly changed: Micros };
  /** Its last Query, as far as `pg_stat_activity` shows it. */
  sql: string;
  lastSerial: number;
  transaction: Transaction | null;
  /** The statements of the current Query that are not yet executed, and the results so far. */
  query: RunningQuery | null;
  /** Whether the timers of the current statement are set, which happens when it first waits. */
  timed: boolean;
  /** Queries that arrived while one was running. */
  inbox: Query[];
  running: Running | null;
  /** How the statements of the current DO have ended so far; null outside of one. */
  block: { readonly error: SqlError | null }[] | null;
  /** An error from outside that the statement of a DO ends with, such as a timeout. */
  raised: SqlError | null;
  waits: Wait | null;
  /** The advisory lock that was granted during the wait, `sleep` or `flush` after these; or ''. */
  granted: string;
  /** Whether the current statement has raced another writer for a row. */
  raced: boolean;
  /** Whether its client is gone, which the server notices when the statement ends. */
  gone: boolean;
  /** Why it ends when its commit is on disk: another session has ended it meanwhile. */
  dying: { readonly code: string; readonly message: string } | null;
  settings: Settings;
  /** Those of SET LOCAL, which end with the transaction. */
  local: Settings;
  /** What its connection has: keep-alive idle, interval and count, and the user timeout. */
  socket: readonly number[];
  channels: string[];
  /** Notifications that wait for the end of its transaction. */
  notified: Answers['Notification'][];
  /** Row (`items/1`) → the values that the client last read or wrote. */
  seen: Record<string, Values>;
}

interface RunningQuery {
  readonly serial: number;
  statements: Statement[];
  results: Reply[];
}

interface Signal {
  readonly session: SessionId;
  readonly type: 'cancel' | 'terminate';
  readonly code: string;
  readonly message: string;
}

export interface DatabaseState {
  // On disk. A crash aborts the running transactions.
  tables: Record<string, Table>;
  /** The status of every transaction that a version refers to, by its number. */
  transactions: Record<string, 'running' | 'committed' | 'aborted'>;
  /** Transactions whose commit is written to the disk: until it is there, others do not see it. */
  logged: number[];
  /** Subtransaction → its outermost transaction. */
  parents: Record<string, number>;
  /** What the running transactions have done to the tables themselves, the oldest first. */
  undo: Undo[];
  nextXid: number;
  /** The highest number of a transaction that has ended. */
  lastEnded: number;
  /** The rows that a new transaction would see, for panels and conditions. */
  committed: Record<string, Values[]>;
  boots: number;
  // In memory.
  sessions: Record<SessionId, Session>;
  lastPid: number;
  /** Transactions that committed without waiting for the disk, which may not have them yet. */
  asynchronous: number[];
  /** Signals that have not been delivered. */
  signals: Signal[];
  locks: Record<string, Lock>;
  /** Serializable transactions that are running, or overlap one that is. */
  watched: Record<string, Watched>;
  lastWatched: number;
  lastCommit: number;
  lastTicket: number;
  /** Sessions whose wait is over, in the order in which they continue. */
  ready: SessionId[];
}

export interface Database {
  state: DatabaseState;
  receives: { Query: Query; Terminate: object };
  sends: Answers;
  timers: {
    deadlock: OfWait; lockTimeout: OfWait; sleep: OfWait;
    statementTimeout: SessionId; idleTimeout: SessionId; checkConnection: SessionId;
    flushed: SessionId;
  };
  events: DatabaseEvents;
  options: {
    isolation: Level; items: number; stock: number; overtaking: number;
    synchronous_commit: 'on' | 'off';
  } & Record<NumberSettingName, number>;
}

interface OfWait {
  session: SessionId;
  ticket: number;
}

/** A statement, the session that executes it, and the transaction that it is part of. */
export interface Context {
  readonly node: Node<Database>;
  readonly session: SessionId;
  readonly transaction: Transaction;
}
