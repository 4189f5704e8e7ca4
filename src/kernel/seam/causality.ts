/**
 * The logical clocks of a run, read-only: which event happened before which, whatever supplies the
 * run. An event in Lamport's sense is what one node does, or what happens to it, in one step: a
 * handler is atomic, so what it reports and sends has the time of its step.
 */
import type { MessageMoment } from './moment.ts';

export interface LogicalTime {
  /** One more than the largest Lamport time that its node knew. */
  readonly lamport: number;
  /**
   * By the index of each node, how many of its events had happened as far as this one knows. A node
   * beyond the end has 0.
   */
  readonly vector: readonly number[];
}

/** An event: `step` and `node` (an index) name it. In step 0, each node that boots has one. */
export interface Occurrence extends LogicalTime {
  readonly node: number;
  readonly step: number;
}

/** A message that arrived: what its sender knew when it left, and the event of its arrival. */
export interface Hop {
  readonly sent: Occurrence;
  /** The step in which it left. */
  readonly sentIn: number;
  readonly received: Occurrence;
}

export type Order =
  | { readonly type: 'same' }
  /** `chain`: the messages that carried it from the earlier to the later; empty at one node. */
  | { readonly type: 'before' | 'after'; readonly chain: readonly Hop[] }
  | { readonly type: 'concurrent' };

export interface Causality {
  /** What happened at a node in a step; undefined if that step is not an event of a node. */
  at(step: number): Occurrence | undefined;
  /** The last event of a node up to a step; undefined if there is none. */
  latest(node: number, step: number): Occurrence | undefined;
  /** What the sender of a message knew when it left; undefined if no node sent it. */
  sending(message: MessageMoment): Occurrence | undefined;
  /** The time of what a node would do right after `step`, receiving `message` if it is not null. */
  next(node: number, step: number, message: MessageMoment | null): LogicalTime;
  order(one: Occurrence, other: Occurrence): Order;
  /**
   * By the index of each node, its first event that knows `first`, which may be that one itself;
   * undefined if it has none up to the last recorded step. They bound the future of `first`.
   */
  firstKnowing(first: Occurrence): readonly (Occurrence | undefined)[];
}
