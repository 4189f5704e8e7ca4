/** What the panel Locks and Leases draws. All times are virtual; steps are places to go to. */
import type { Micros } from '../../protocol/types.ts';

export interface LocksView {
  /** The cursor. */
  now: Micros;
  /** The time up to which this branch is known; later than `now` after going back. */
  known: Micros;
  /** The first step that is shown; 0 unless the run is so long that its beginning is left out. */
  since: number;
  locks: LockView[];
  /** What storage accepted and refused, per node that decided. */
  stores: StoreView[];
  /** How many intervals were left out, because they are too many to draw. */
  left: number;
}

/** By which words tell a leadership from a lock. */
export type Held = Pick<LockView, 'name' | 'elected'>;

/** A lock, a lease or a leadership. */
export interface LockView {
  name: string;
  /**
   * Set if nodes elect among themselves who is this, such as `leader`: what they call the epoch in
   * which it is, such as `term`. The token of an interval is then its epoch, and the authority are
   * all that elect.
   */
  elected?: string;
  /** Absent if no node decides: then only the beliefs count. */
  authority?: AuthorityRow;
  /** Per node that has believed it holds the lock. */
  believers: BelieverRow[];
  /** When more than one node believed it, or when one did that does not hold it. */
  conflicts: ConflictView[];
}

export interface AuthorityRow {
  /** The nodes that decide. */
  nodes: string[];
  spans: SpanView[];
}

export interface BelieverRow {
  node: string;
  spans: SpanView[];
  /** When it was paused or off, as far as that meets the intervals. */
  outages: OutageView[];
}

export interface SpanView {
  /** The node, or what the authority calls the holder. */
  holder: string;
  token: number | string | null;
  from: Micros;
  fromStep: number;
  /** Null while it goes on. */
  to: Micros | null;
  toStep: number | null;
  /** When it was extended. */
  renewals: { at: Micros; step: number }[];
  /** When its time ends: as the clock of its node shows it, and in virtual time; if it has one. */
  end: { own: Micros; at: Micros } | null;
}

export interface OutageView {
  type: 'paused' | 'off';
  from: Micros;
  step: number;
  to: Micros | null;
}

export interface ConflictView {
  /** `two`: these believe it at once. `lost`: one believes it, and the authority disagrees. */
  type: 'two' | 'lost';
  nodes: string[];
  from: Micros;
  step: number;
  to: Micros | null;
}

export interface StoreView {
  node: string;
  writes: WriteView[];
}

export interface WriteView {
  at: Micros;
  step: number;
  accepted: boolean;
  from: string;
  what: string;
  /** Absent if the protocol says nothing of tokens, null if the write had none. */
  token?: number | null;
  reason?: string;
  /** The highest token that was accepted before, if that of this accepted write is lower. */
  older?: number;
}

/** The part of the run that is shown; all of it if null. */
export type LocksSelection = { from: Micros; to: Micros } | null;
