/** One value, of which the write with the later time wins, by the wall clocks of the replicas. */
// Shapiro et al. (2011), specification 8: the LWW-Register.
import type { Json, Micros } from '../../../protocol/types.ts';
import { compareDots, type Dot, withDot } from '../data/dots.ts';
import { union, type Versions } from '../data/sessions.ts';

export interface LastWrite {
  /** The updates that were compared, also those that lost. */
  readonly vector: Versions;
  readonly value: Json;
  /** What the wall clock of the replica showed that took the write. */
  readonly time: Micros;
  readonly dot: Dot | null;
}

export const noWrite = (value: Json): LastWrite => ({ vector: {}, value, time: 0, dot: null });

export function written(cell: LastWrite, dot: Dot, time: Micros, value: Json): LastWrite {
  return mergedWrites(cell, { vector: withDot(cell.vector, dot), value, time, dot });
}

/** Both replicas decide alike, and neither can tell whether the writer knew the other value. */
export function mergedWrites(a: LastWrite, b: LastWrite): LastWrite {
  const vector = union(a.vector, b.vector);
  return isLater(b, a) ? { ...b, vector } : { ...a, vector };
}

/** Equal times are decided by the dots. */
export function isLater(a: LastWrite, b: LastWrite): boolean {
  if (a.dot === null || b.dot === null) return b.dot === null && a.dot !== null;
  if (a.time !== b.time) return a.time > b.time;
  return compareDots(a.dot, b.dot) > 0;
}
