/** The WAL: records with an LSN and a timeline, and the history of where timelines parted. */
// PostgreSQL counts an LSN in bytes; here it counts records, so the first record has LSN 1.
import type { Json, NodeId } from '../../protocol/types.ts';

export interface WalRecord {
  readonly lsn: number;
  readonly timeline: number;
  readonly key: string;
  readonly value: Json;
  /** The client and its number for the write, such as `a 3`: it identifies the write. */
  readonly write: string;
}

/** A line of a timeline history file: the timeline begins after this LSN of the one before. */
export interface Timeline {
  readonly timeline: number;
  readonly after: number;
  /** The member that was promoted to it. */
  readonly by: NodeId;
}

/** What a member has on disk. */
export interface Written {
  wal: WalRecord[];
  timelines: Timeline[];
}

export function lastLsn({ wal }: Readonly<Pick<Written, 'wal'>>): number {
  return wal.length;
}

/** The timeline of its next record; 0 before the first promotion of the cluster. */
export function timelineOf({ wal, timelines }: Readonly<Written>): number {
  return timelines.findLast(({ after }) => after <= wal.length)?.timeline ?? 0;
}

export function newestTimeline(history: readonly Timeline[]): number {
  return history.at(-1)?.timeline ?? 0;
}

/** The last LSN up to which two histories are the same; infinite if one continues the other. */
export function commonLsn(a: readonly Timeline[], b: readonly Timeline[]): number {
  let common = 0;
  while (common < a.length && a[common].timeline === b[common]?.timeline) common++;
  return Math.min(a[common]?.after ?? Infinity, b[common]?.after ?? Infinity);
}

/** The value of a key after all records up to an LSN; null if none sets it. */
export function valueAt({ wal }: Readonly<Pick<Written, 'wal'>>, lsn: number, key: string): Json {
  return wal.findLast((one) => one.lsn <= lsn && one.key === key)?.value ?? null;
}

export function writeText({ write, key, value }: Omit<WalRecord, 'lsn' | 'timeline'>): string {
  return `${key}=${String(value)} of ${write}`;
}
