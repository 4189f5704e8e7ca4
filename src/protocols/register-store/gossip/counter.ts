/** The PN-Counter: a sum for what each replica added, and one for what it took away. */
// Shapiro, Preguiça, Baquero, Zawirski: A comprehensive study of Convergent and Commutative
// Replicated Data Types (2011), specification 7.
import type { NodeId } from '../../../protocol/types.ts';
import { type Dot, withDot } from '../data/dots.ts';
import { union, type Versions } from '../data/sessions.ts';

export interface Counter {
  /** The increments that the sums include. */
  readonly vector: Versions;
  readonly added: Readonly<Record<NodeId, number>>;
  readonly taken: Readonly<Record<NodeId, number>>;
}

/** A replica changes only its own sums, so no increment of another is overwritten. */
export function counted({ vector, added, taken }: Counter, dot: Dot, amount: number): Counter {
  const { by } = dot;
  return {
    vector: withDot(vector, dot),
    added: amount < 0 ? added : { ...added, [by]: (added[by] ?? 0) + amount },
    taken: amount < 0 ? { ...taken, [by]: (taken[by] ?? 0) - amount } : taken,
  };
}

/** A sum only grows, so the larger one is the newer one. */
export function mergedCounters(a: Counter, b: Counter): Counter {
  return {
    vector: union(a.vector, b.vector),
    added: union(a.added, b.added),
    taken: union(a.taken, b.taken),
  };
}

export function total({ added, taken }: Counter): number {
  return sum(added) - sum(taken);
}

function sum(amounts: Readonly<Record<NodeId, number>>): number {
  return Object.values(amounts).reduce((all, one) => all + one, 0);
}
