/** What a search for an order is given: operations, what must come before what, and the object. */
import type { Machine } from './machine.ts';

/** Operations are numbers from 0 here. An operation comes after all operations that precede it. */
export interface Problem {
  readonly size: number;
  /** The part of the object that each operation is about. */
  readonly parts: Int32Array;
  readonly machines: readonly Machine[];
  /** The kind of each operation in the machine of its part. */
  readonly kinds: Int32Array;
  /** 1 if an order must contain the operation. An optional operation precedes none. */
  readonly required: Uint8Array;
  /** Of operations that could come next, the one with the smallest rank is tried first. */
  readonly rank: Int32Array;
  /** The operations that must come after each one; what follows from others may be left out. */
  readonly followers: readonly (readonly number[])[];
  /**
   * Of two required operations of one kind, what must come after the one with the larger rank must
   * also come after the other: so the other can come first.
   */
  readonly ranksDecide: boolean;
  /** Kinds of operations that may happen at any time, any number of times. */
  readonly free?: readonly { readonly part: number; readonly kind: number }[];
}
