/** What the database server reports. */
import type { NodeId } from '../../protocol/types.ts';
import type { Level, Strength, Value, Values } from './sql/syntax.ts';

/** A row, a key of a unique index, a table, or an advisory lock. */
export type LockKind = 'row' | 'key' | 'table' | 'advisory';

export interface DatabaseEvents {
  TransactionBegun: { session: NodeId; level: Level };
  TransactionCommitted: { session: NodeId; xid: number };
  CommitWaits: { session: NodeId; xid: number };
  TransactionRolledBack: { session: NodeId; xid: number };
  StatementFailed: { session: NodeId; code: string; message: string };
  RowLocked: { session: NodeId; table: string; row: Value; strength: Strength };
  RowWritten: { session: NodeId; table: string; row: Value; from: Values; to: Values };
  LockWaited: {
    session: NodeId; on: LockKind; table: string; row: Value; holder: NodeId;
  };
  WaitEnded: { session: NodeId; on: LockKind; table: string; row: Value };
  AdvisoryLocked: { session: NodeId; key: string };
  Overtaken: { session: NodeId; table: string; row: Value };
  RolledBackTo: { session: NodeId; savepoint: string };
  Notified: { session: NodeId; channel: string; payload: string };
  ClientLost: { session: NodeId };
  SessionEnded: { session: NodeId; pid: number; reason: string };
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
