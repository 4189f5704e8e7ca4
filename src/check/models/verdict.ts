/** How a check of a history against a consistency model ended, with what shows it. */
import type { Json } from '../../protocol/types.ts';
import type { OrderEdge } from '../../scenario/history/order-edges.ts';

/** Operations are numbers everywhere here: their indices in the history. */
export type ModelVerdict =
  | { readonly type: 'holds' }
  | { readonly type: 'violated'; readonly witness: Witness }
  | { readonly type: 'unknown'; readonly why: Undecided };

export type TransactionsUndecided =
  /** An operation is not a transaction, or contradicts another one in what a key holds. */
  | {
      readonly code: 'not-transactions';
      readonly fault: 'not a transaction' | 'list and register' | 'not a list';
      readonly operation: number;
      /** The micro-operation or the name of the operation; of `list and register`, the key. */
      readonly part: Json;
    }
  /** Several transactions wrote this value to the key, so a read does not tell which one it saw. */
  | { readonly code: 'repeated-value'; readonly key: Json; readonly value: Json };

/** The verdict on a recorded history. */
export type RecordedVerdict =
  | ModelVerdict
  /** Nothing that was recorded violates the model, but it depends on what was not recorded. */
  | { readonly type: 'unknown'; readonly why: NotRecorded };

export interface NotRecorded {
  readonly code: 'not-recorded';
  readonly lacks: Recordable;
}

/** What a text may leave out: when operations were invoked, and by which process. */
export type Recordable = 'invocations' | 'processes';

export type Undecided =
  /** The check was ended because it had used up what it was given. */
  | { readonly code: 'limit-reached'; readonly limit: 'steps' | 'memory'; readonly max: number }
  /** The model is not defined for such operations. */
  | {
      readonly code: 'not-defined';
      readonly needs:
        | 'reads and writes'
        | 'transactions of reads and writes of one row or key each';
    }
  | TransactionsUndecided;

export type Witness = NoOrder | Pattern | OtherWitness;

/** A witness of checkers elsewhere, which bring their own words. */
export interface OtherWitness {
  readonly code: 'other';
  readonly operations: readonly number[];
  /** Each of the operations in words, in the same order. */
  readonly labels?: readonly string[];
  /** Which of them come before which others. */
  readonly edges?: readonly OrderEdge[];
  /** Sentences, one per line. */
  readonly lines: readonly string[];
}

/** The model demands an order of these operations, and there is none. */
export interface NoOrder {
  readonly code: 'no-order';
  /** The part of the object whose operations these are, if the model considers parts one by one. */
  readonly key?: string;
  /** The process from whose view there is no order, if the model has a view for each. */
  readonly of?: string;
  /** A smallest set: without any one of these operations there would be an order. */
  readonly operations: readonly number[];
  /** An order of as many operations as could be found, from the start. */
  readonly longest: readonly number[];
  /** The state of the object after them. */
  readonly state: Json;
  /** The operations that the model allows next, and that are not possible in this state. */
  readonly blocked: readonly number[];
}

/** Why one operation comes before another. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly because:
    | 'program order'
    | 'reads from'
    /** The first was overwritten before the second, as a read that follows both shows. */
    | 'overwritten first'
    /** A read that did not see a write comes before it. */
    | 'read before write';
  /** The read that shows that the first was overwritten; before it, how it follows the first. */
  readonly shownBy?: readonly number[];
}

/** Operations that the model rules out, as a path or a cycle of edges. */
export interface Pattern {
  readonly code: 'pattern';
  readonly pattern:
    /** A read returned a value that was never written. */
    | 'thin-air read'
    /** Each of these operations depends on the one before it, and the first on the last. */
    | 'cycle'
    /** A read returned an older value than a write that it must have seen. */
    | 'stale read'
    /** Reads after all messages were delivered disagree, or return what nothing wrote last. */
    | 'no convergence';
  /** The process from whose view the edges hold, if the model has a view for each. */
  readonly of?: string;
  /** The read that is wrong; undefined for a cycle. */
  readonly read?: number;
  /** The write that it must have seen, if there is one. */
  readonly missed?: number;
  /** The write that it returned; undefined for the value at the start. */
  readonly returned?: number;
  readonly edges: readonly Edge[];
}
