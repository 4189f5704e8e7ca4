/** What a transactional model forbids, with the transactions that show it. */
import type { Json } from '../../protocol/types.ts';

/** Why one transaction comes before another, after Adya 1999 and Kingsbury and Alvaro 2020. */
export type DependencyType =
  /** It wrote a version that the other overwrote. */
  | 'ww'
  /** It wrote a version that the other read. */
  | 'wr'
  /** It read a version that the other overwrote. */
  | 'rw'
  /** One client ran it before the other. */
  | 'process'
  /** It was answered before the other was invoked. */
  | 'realtime';

/** Transactions are indices in the history. */
export interface Dependency {
  readonly type: DependencyType;
  readonly from: number;
  readonly to: number;
  /** The key; undefined for `process` and `realtime`. */
  readonly key?: Json;
  /** Whether the key holds a list, to which transactions append. */
  readonly isList?: boolean;
  /** What `from` wrote (ww, wr) or read (rw); null if it read the value at the start. */
  readonly value?: Json;
  /** What `to` wrote (ww, rw). */
  readonly next?: Json;
  /**
   * The order of two writes that no read shows. It is inferred, because the other order leads to
   * this cycle.
   */
  readonly otherwise?: readonly Dependency[];
}

/** Each dependency begins where the one before it ends; the last ends where the first begins. */
export type Cycle = readonly Dependency[];

/** Phenomena that are cycles, from the one that the weakest model forbids. */
export type CycleName = 'G0' | 'G1c' | 'G-single' | 'G-nonadjacent' | 'G2-item';

export interface CycleAnomaly {
  readonly type: 'cycle';
  readonly name: CycleName;
  /** The weakest order beside the data that the cycle needs. */
  readonly order?: 'process' | 'realtime';
  /** The shape of the cycle, if it has a name of its own. */
  readonly shape?: 'lost update' | 'write skew';
  readonly cycle: Cycle;
}

/** Phenomena that one read shows, or two reads of one key. */
export interface ReadAnomaly {
  readonly type: 'read';
  readonly name:
    /** A read returned what an aborted transaction wrote. */
    | 'G1a'
    /** A read returned what its writer overwrote before it committed. */
    | 'G1b'
    /** A read contradicts an earlier read or write of the same transaction. */
    | 'internal'
    /** A read returned what the same transaction wrote later. */
    | 'future read'
    /** A read returned what no transaction wrote. */
    | 'unwritten read'
    /** A list holds an element twice that was appended once. */
    | 'duplicate element'
    /** Of two lists that were read, neither continues the other. */
    | 'incompatible order';
  readonly key: Json;
  readonly isList: boolean;
  readonly reader: number;
  readonly read: Json;
  /** The transaction that wrote the value; of `incompatible order`, the other reader. */
  readonly writer?: number;
  /** The value at fault; or what the other reader saw, or what was due (`internal`). */
  readonly value?: Json;
}

export type Anomaly = CycleAnomaly | ReadAnomaly;

export type TransactionVerdict =
  | { readonly type: 'holds' }
  | { readonly type: 'violated'; readonly witness: AnomalyWitness }
  | { readonly type: 'unknown'; readonly why: AmbiguousRead };

/** What a history shows that the model forbids; the first has a smallest cycle. */
export interface AnomalyWitness {
  readonly code: 'anomalies';
  readonly anomalies: readonly [Anomaly, ...Anomaly[]];
}

/** Several transactions wrote the value that a read returned, so its writer is not known. */
export interface AmbiguousRead {
  readonly code: 'ambiguous-read';
  readonly reader: number;
  readonly key: Json;
  readonly value: Json;
}
