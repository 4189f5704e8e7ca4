/** The options and the events of the database server. */
import type { Role } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import type { DatabaseEvents } from './event-types.ts';
import type { Database } from './state.ts';

/** PostgreSQL's integers have 32 bits; most durations are counted in milliseconds. */
const integerMax = 2_147_483_647;
const timeout = {
  kind: 'duration', default: 0, min: 0, max: milliseconds(integerMax),
} as const;

export const options: Role<Database>['options'] = {
  isolation: {
    kind: 'choice',
    default: 'read committed',
    choices: ['read committed', 'repeatable read', 'serializable'],
    doc: 'The isolation level of a transaction that does not name one.',
  },
  deadlock_timeout: {
    ...timeout,
    default: seconds(1),
    min: milliseconds(1),
    doc: 'How long a statement waits for a lock before it checks for a deadlock: at least 1 ms.',
  },
  lock_timeout: {
    ...timeout,
    doc: 'How long a statement waits for a lock, for each lock anew; 0 for no limit.',
  },
  statement_timeout: {
    ...timeout,
    doc: 'How long a statement runs, its waits included, before it is cancelled; 0 for no limit.',
  },
  idle_in_transaction_session_timeout: {
    ...timeout,
    doc: 'How long a session may be idle in a transaction before it is ended; 0 for no limit.',
  },
  idle_session_timeout: {
    ...timeout,
    doc: 'How long a session may be idle outside a transaction before it is ended; 0 for no limit.',
  },
  client_connection_check_interval: {
    ...timeout,
    doc: 'How often a session looks for its client while a statement runs; 0: when it has ended.',
  },
  tcp_keepalives_idle: {
    kind: 'duration',
    default: seconds(7_200),
    min: seconds(1),
    max: seconds(32_767),
    doc: 'How long a connection is silent before TCP probes it: 1 to 32,767 seconds in Linux.',
  },
  tcp_keepalives_interval: {
    kind: 'duration',
    default: seconds(75),
    min: seconds(1),
    max: seconds(32_767),
    doc: 'How long TCP waits for the answer to a probe: 1 to 32,767 seconds in Linux.',
  },
  tcp_keepalives_count: {
    kind: 'integer',
    default: 9,
    min: 1,
    max: 127,
    doc: 'After how many probes without an answer a connection is dead: 1 to 127 in Linux.',
  },
  tcp_user_timeout: {
    ...timeout,
    doc: 'How long sent data may lack its acknowledgement; 0: about 15 minutes, as in Linux.',
  },
  synchronous_commit: {
    kind: 'choice',
    default: 'on',
    choices: ['on', 'off'],
    doc: 'Whether a commit waits for a slow disk; off: it does not, and a crash may lose it.',
  },
  overtaking: {
    kind: 'number',
    default: 0.1,
    min: 0,
    max: 1,
    doc: 'How often, of two UPDATEs that wait for a changed row, the second goes on first: 0 to 1.',
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
    max: integerMax,
    doc: 'The number of pieces of each item at first: an integer of 32 bits.',
  },
};

export const events: Record<keyof DatabaseEvents, string> = {
  TransactionBegun: 'A session began a transaction.',
  TransactionCommitted: 'A transaction committed: new snapshots see its changes.',
  CommitWaits: 'The record of a commit is not on disk yet: until then it holds its locks.',
  TransactionRolledBack: 'A transaction was rolled back: its changes have no effect.',
  StatementFailed: 'A statement failed; a transaction block can only be rolled back now.',
  RowLocked: 'A transaction locked a row until it ends: others that want the row wait.',
  RowWritten: 'A transaction made a new version of a row; others see it after the commit.',
  LockWaited: 'A statement waits for a lock that another session has, or wants too.',
  Overtaken: 'A statement that waited first for a row was slower than the next, which has it now.',
  AdvisoryLocked: 'A session took an advisory lock, whose key has a meaning only for applications.',
  RolledBackTo: 'A transaction was rolled back to a savepoint: locks taken after it are free.',
  Notified: 'A transaction with NOTIFY committed: sessions that listen are told.',
  ClientLost: 'The connection of a session is dead, but the server has not noticed: it goes on.',
  SessionEnded: 'A session ended: its transaction is rolled back, and its locks are free.',
  WaitEnded: 'What a statement waited for is over, and the statement continues.',
  WhereTestedAgain:
    'A row changed during the wait: read committed tests WHERE again on its new version.',
  LostUpdate: 'A write overwrote a value that its client had not seen: that update is lost.',
  Deadlock: 'Transactions waited for each other in a cycle: one of them is aborted.',
  SerializationFailure: 'A transaction failed, because no serial order explains what it saw.',
  ReadWriteDependency:
    'A serializable transaction did not see what another wrote, so it must come before it.',
  TransactionDoomed: 'A transaction has such dependencies in and out, so it must not commit.',
};
