/** Why one operation of a history comes before another: the arrows of a witness. */

export type OrderReason =
  | 'program order'
  /** The first was answered before the second was invoked. */
  | 'real time'
  /** The second read what the first wrote. */
  | 'reads from'
  /** The first was overwritten before the second, as a read that follows both shows. */
  | 'overwritten first'
  /** The first is a read that did not see what the second wrote. */
  | 'read before write'
  /** Dependencies of transactions (Adya 1999): write, read and anti-dependency. */
  | 'ww'
  | 'wr'
  | 'rw';

export interface OrderEdge {
  readonly from: number;
  readonly to: number;
  readonly because: OrderReason;
  /** The key of a dependency of transactions. */
  readonly key?: string;
}
