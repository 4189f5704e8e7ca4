/** Values under dots: what a version vector includes, and which of it is still there. */
// Almeida, Baquero, Gonçalves, Preguiça, Fonte: Scalable and Accurate Causality Tracking for
// Eventually Consistent Stores (2014), the dotted version vector set. Bieniusa et al.: An Optimized
// Conflict-free Replicated Set (2012) has the same merge for the elements of a set.
import { compareDots, type Dot, hasDot, isSameDot, withDot } from '../data/dots.ts';
import { union, type Versions } from '../data/sessions.ts';

export type Scalar = string | number | boolean;

/** A value, and the update that brought it. */
export interface Dotted extends Dot {
  readonly value: Scalar;
}

export interface DottedValues {
  /** The updates that these values include, also those whose values have been replaced. */
  readonly vector: Versions;
  readonly values: readonly Dotted[];
}

/** An update of a replica: its value, if it has one, replaces those that it has seen. */
export function updated(
  { vector, values }: DottedValues,
  dot: Dot,
  value: Scalar | undefined,
  isReplaced: (one: Dotted) => boolean,
): DottedValues {
  const kept = values.filter((one) => !isReplaced(one));
  const own = value === undefined ? [] : [{ by: dot.by, number: dot.number, value }];
  return { vector: withDot(vector, dot), values: inOrder([...kept, ...own]) };
}

/**
 * A value stays if both have it, or if the one that does not have it has never seen it. If that one
 * has seen it, an update has replaced it there.
 */
export function mergedValues(a: DottedValues, b: DottedValues): DottedValues {
  const values = [...survivors(a, b), ...survivors(b, a).filter((one) => !has(a, one))];
  return { vector: union(a.vector, b.vector), values: inOrder(values) };
}

function survivors(own: DottedValues, other: DottedValues): Dotted[] {
  return own.values.filter((one) => has(other, one) || !hasDot(other.vector, one));
}

function has({ values }: DottedValues, dot: Dot): boolean {
  return values.some((one) => isSameDot(one, dot));
}

/** By their dots, so that replicas with the same values have the same state. */
function inOrder(values: readonly Dotted[]): Dotted[] {
  return values.toSorted(compareDots);
}
