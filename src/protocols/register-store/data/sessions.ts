/** Session guarantees: what a session has read and written, and which server knows all of it. */
// Terry, Demers, Petersen, Spreitzer, Theimer, Welch: Session Guarantees for Weakly Consistent
// Replicated Data (PDIS 1994), §4 and §5. A version vector stands for a set of writes: all that
// server n1 accepted up to the number that the vector has for n1. "One vector dominates another" if
// it is at least as large in every component.
import type { NodeId } from '../../../protocol/types.ts';

/** A version vector: server → how many of the writes that it accepted. */
export type Versions = Readonly<Record<NodeId, number>>;

export type Guarantee =
  'read-your-writes' | 'monotonic-reads' | 'monotonic-writes' | 'writes-follow-reads';

export const guarantees: readonly Guarantee[] = [
  'read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads',
];

/** The setting that leaves the guarantees to the replication. */
export const byDefault = 'default';

/** The guarantees that a client asks for: by default all of them, or none without vectors. */
export function askedBy(
  { session, replication }: { readonly session: readonly string[]; readonly replication: string },
): readonly string[] {
  if (!session.includes(byDefault)) return [...session];
  return replication === 'causal' ? [...guarantees] : [];
}

/** Whether a set of writes includes another. */
export function dominates(one: Versions, other: Versions): boolean {
  return Object.entries(other).every(([id, count]) => (one[id] ?? 0) >= count);
}

/** The union of two sets of writes. */
export function union(one: Versions, other: Versions): Versions {
  const both = { ...one };
  for (const [id, count] of Object.entries(other)) both[id] = Math.max(both[id] ?? 0, count);
  return both;
}

/** What a session has seen: the paper's read-vector and write-vector. */
export interface Session {
  /** The guarantees that it has. */
  asked: readonly string[];
  /** The writes that are relevant to its reads. */
  read: Versions;
  /** Its own writes. */
  written: Versions;
  /** The keys that it wrote. */
  wrote: string[];
  /** The server that it reads from, if it stays at one. */
  server: NodeId | null;
}

export const newSession = (asked: readonly string[]): Session =>
  ({ asked, read: {}, written: {}, wrote: [], server: null });

/**
 * What a server must know before it executes the next operation of a session (Table 1): for a
 * read, the session's writes (read your writes) and what it has read (monotonic reads); for a
 * write, its earlier writes (monotonic writes) and what it has read (writes follow reads).
 */
export function needsOf({ asked, read, written }: Session, isRead: boolean): Versions {
  const has = (guarantee: Guarantee) => asked.includes(guarantee);
  const ofWrites = has(isRead ? 'read-your-writes' : 'monotonic-writes') ? written : {};
  const ofReads = has(isRead ? 'monotonic-reads' : 'writes-follow-reads') ? read : {};
  return union(ofWrites, ofReads);
}
