/** Actions that happen by themselves when their time comes, and the queue that orders them. */
import type { Json, Micros } from '../protocol/types.ts';
import type { Action } from './action.ts';

/** Why a message never arrives. */
export type Loss = '' | 'loss' | 'partition' | 'unplugged' | 'closed' | 'down' | 'dropped';

/**
 * A message in flight. It is also the action that delivers it, so that the simulator allocates
 * nothing to choose it. Immutable: worlds share it.
 */
export class Message {
  readonly type = 'deliver';
  constructor(
    /** The drawn time of its arrival, inside the window `[earliest, latest]`. */
    readonly at: Micros,
    /** Orders what happens at the same time. */
    readonly tie: number,
    readonly from: string,
    readonly to: string,
    readonly fromIndex: number,
    readonly toIndex: number,
    /** Counts the messages of this link from 1; a duplicate has its original's ordinal. */
    readonly ordinal: number,
    /** 0 for the original, 1 for its first duplicate, … */
    readonly copy: number,
    readonly body: { readonly type: string; readonly [field: string]: Json },
    readonly sentAt: Micros,
    readonly earliest: Micros,
    readonly latest: Micros,
    /** The number of the step that sent it. */
    readonly cause: number,
    readonly lost: Loss,
    /** The connection that it belongs to; empty for a datagram. */
    readonly connection: string = '',
    /** Whether it is a signal of the connection itself (SYN, FIN, …) instead of data. */
    readonly isSignal: boolean = false,
    /** Whether it has reached the host of its receiver, whose process is paused. */
    readonly hasArrived: boolean = false,
  ) {}
}

/** The same message at another time, or in another place. */
export function rescheduled(
  message: Message,
  { at, earliest, latest }: Pick<Message, 'at' | 'earliest' | 'latest'>,
  tie: number,
  hasArrived = message.hasArrived,
): Message {
  return new Message(
    at,
    tie,
    message.from,
    message.to,
    message.fromIndex,
    message.toIndex,
    message.ordinal,
    message.copy,
    message.body,
    message.sentAt,
    earliest,
    latest,
    message.cause,
    message.lost,
    message.connection,
    message.isSignal,
    hasArrived,
  );
}

/** Whether a node sent the message to itself: then it does not pass through the network. */
export function isOwn({ from, to }: { readonly from: string; readonly to: string }): boolean {
  return from === to;
}

/** A timer that will fire. The timer itself is kept in the slot of its node. */
export class Alarm {
  readonly type = 'fire';
  constructor(
    readonly at: Micros,
    readonly tie: number,
    readonly node: string,
    readonly nodeIndex: number,
    readonly timerIndex: number,
    readonly timer: string,
    readonly key: string,
  ) {}
}

/** An action for later: the end of a pause of 15 s, or an operation of a paused node. */
export class Postponed {
  readonly type = 'postponed';
  constructor(
    readonly at: Micros,
    readonly tie: number,
    readonly action: Action,
    readonly cause: number,
  ) {}
}

export type Pending = Message | Alarm | Postponed;

/** A binary heap, ordered by time and then by tie. */
export class Queue {
  constructor(readonly items: Pending[] = []) {}

  fork(): Queue {
    return new Queue(this.items.slice());
  }

  push(pending: Pending): void {
    this.rise(this.items.push(pending) - 1);
  }

  pop(): Pending | undefined {
    const items = this.items;
    const top = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) this.sink(0, last);
    return top;
  }

  remove(pending: Pending): boolean {
    const items = this.items;
    if (items[0] === pending) return this.pop() !== undefined;
    const at = items.indexOf(pending);
    if (at < 0) return false;
    const last = items.pop()!;
    if (last !== pending) {
      this.sink(at, last);
      this.rise(at);
    }
    return true;
  }

  /** Removes and returns everything for which `leaves` is true, in the order of the queue. */
  extract(leaves: (pending: Pending) => boolean): Pending[] {
    const out = this.items.filter(leaves);
    if (out.length > 0) {
      const stay = this.items.filter((pending) => !leaves(pending));
      this.items.length = 0;
      for (const pending of stay) this.push(pending);
    }
    return out.sort(order);
  }

  private sink(from: number, pending: Pending): void {
    const items = this.items;
    const length = items.length;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && before(items[child + 1], items[child])) child++;
      if (!before(items[child], pending)) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = pending;
  }

  private rise(from: number): void {
    const items = this.items;
    const pending = items[from];
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(pending, items[parent])) break;
      items[at] = items[parent];
      at = parent;
    }
    items[at] = pending;
  }
}

function before(a: Pending, b: Pending): boolean {
  return a.at < b.at || (a.at === b.at && a.tie < b.tie);
}

export function order(a: Pending, b: Pending): number {
  return a.at - b.at || a.tie - b.tie;
}
