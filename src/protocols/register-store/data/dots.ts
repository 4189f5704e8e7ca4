/** Dots: the names of single updates, and which of them a version vector includes. */
import type { NodeId } from '../../../protocol/types.ts';
import { union, type Versions } from './sessions.ts';

/** Names one update: the `number`th that the server `by` accepted. */
export interface Dot {
  readonly by: NodeId;
  readonly number: number;
}

export function hasDot(vector: Versions, { by, number }: Dot): boolean {
  return (vector[by] ?? 0) >= number;
}

export function withDot(vector: Versions, { by, number }: Dot): Versions {
  return union(vector, { [by]: number });
}

/** The next update of a server. */
export function nextDot(vector: Versions, by: NodeId): Dot {
  return { by, number: (vector[by] ?? 0) + 1 };
}

export function isSameDot(one: Dot, other: Dot): boolean {
  return one.by === other.by && one.number === other.number;
}

/** Any order will do that all servers have: by name, then by number. */
export function compareDots(one: Dot, other: Dot): number {
  if (one.by !== other.by) return one.by < other.by ? -1 : 1;
  return one.number - other.number;
}

/** `n1#3` is the third update of n1. */
export function dotText({ by, number }: Dot): string {
  return `${by}#${number}`;
}

/** `[n1:3 n2:1]`. */
export function vectorText(vector: Versions): string {
  return `[${Object.keys(vector).sort().map((by) => `${by}:${vector[by]}`).join(' ')}]`;
}
