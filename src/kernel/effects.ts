/** What a step caused. One object is reused from step to step: keep copies of what you need. */
import type { Json, Micros, NodeId, OperationId } from '../protocol/types.ts';
import type { Message } from './pending.ts';
import type { Refusal } from './refusals/refusal.ts';
import type { StepEffects } from './seam/moment.ts';

export interface EventRecord {
  readonly node: NodeId;
  readonly name: string;
  readonly fields: Readonly<Record<string, Json>>;
}

export interface Reply extends Invocation {
  readonly ok: boolean;
  readonly result: Json;
  readonly invokedAt: Micros;
}

export interface TimerChange {
  readonly node: NodeId;
  readonly timer: string;
  readonly key: string;
  /** When it will fire; −1 if it was cancelled. */
  readonly at: Micros;
}

/** What a handler threw. */
export interface Failure {
  readonly node: NodeId;
  readonly message: string;
  readonly stack: string;
  /** Why its node refused a call of the handler; undefined if the handler's own code threw. */
  readonly refusal?: Refusal;
}

/** Why a monitor's property is violated. Its code belongs to the layer that made the monitor. */
export interface ViolationReason {
  readonly code: string;
}

/** A property that a monitor found violated. */
export interface Violation {
  readonly monitor: string;
  readonly reason: ViolationReason;
  /** The call stack, if the monitor's own code threw. */
  readonly stack?: string;
}

export interface Invocation {
  readonly operation: OperationId;
  readonly node: NodeId;
  readonly name: string;
  readonly args: Readonly<Record<string, Json>>;
}

export class Effects implements StepEffects {
  /** The node that acted, by index; −1 if none did. */
  acted = -1;
  /**
   * The step that caused this one (sent the message, set the timer); 0 for the start, −1 for none.
   */
  cause = -1;
  /** The message that was delivered, lost, dropped, duplicated or delayed. */
  message: Message | null = null;
  /** True if the message did not reach its receiver. */
  lost = false;
  /** When a lost message of a connection is sent again; −1 if it is not. */
  again = -1;
  /** True if the receiver's host refused it with an RST: it does not know the connection. */
  refused = false;
  /** The keep-alive probe that a host sent, and what came of it. */
  probe: StepEffects['probe'] = null;
  sent: Message[] = [];
  events: EventRecord[] = [];
  /** How many of the `events`, at their end, are derived from several nodes. */
  derived = 0;
  replies: Reply[] = [];
  timers: TimerChange[] = [];
  invoked: Invocation | null = null;
  failure: Failure | null = null;
  violations: Violation[] = [];
  /** The bound of each number that a handler drew, in their order. */
  bounds: number[] = [];
  /** Whether a handler read the clock of its node. */
  readsClock = false;
  /** True to record the call stack of each effect. */
  locate = false;
  /** The call stacks of `events`, `sent`, `replies`, by the same index, if `locate` is set. */
  eventStacks: string[] = [];
  sentStacks: string[] = [];
  replyStacks: string[] = [];
  /** Called when a handler has reported an event: the world is in the middle of the action. */
  reported: (() => void) | null = null;

  reset(): void {
    this.acted = -1;
    this.cause = -1;
    this.message = null;
    this.lost = false;
    this.again = -1;
    this.refused = false;
    this.probe = null;
    this.invoked = null;
    this.failure = null;
    this.derived = 0;
    this.readsClock = false;
    empty(this.bounds);
    empty(this.sent);
    empty(this.events);
    empty(this.replies);
    empty(this.timers);
    empty(this.violations);
    if (this.locate) {
      empty(this.eventStacks);
      empty(this.sentStacks);
      empty(this.replyStacks);
    }
  }
}

/** These lists have few items, so that this is faster than to set their lengths. */
function empty(list: unknown[]): void {
  while (list.length > 0) list.pop();
}

/** The current call stack, including the kernel's own frames. */
export function callStack(): string {
  return new Error().stack ?? '';
}
