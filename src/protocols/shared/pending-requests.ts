/** The client's side of a request: it is repeated until it is answered, and answered once. */
import type { Frozen, Micros, Node, OperationId } from '../../protocol/types.ts';
import { takeOne } from './take-one.ts';

/** A request without an answer. */
export interface PendingRequest<Command> {
  readonly serial: number;
  readonly command: Frozen<Command>;
  /** The client operation that it serves. */
  readonly operation: OperationId;
}

/** What a role needs to have pending requests. */
export interface Requester<Pending> {
  state: {
    /** The serial number of the last request. */
    serial: number;
    /** Requests without an answer, the oldest first. */
    pending: Pending[];
  };
  receives: object;
  sends: object;
  /** Runs while a request is pending; its handler repeats all of them. */
  timers: { retry: void };
  events: object;
  options: { retryAfter: Micros };
}

export function addPending<Pending>(node: Node<Requester<Pending>>, request: Pending): void {
  const { pending } = node.state;
  pending.push(request);
  if (pending.length === 1) node.setTimer('retry', node.options.retryAfter);
}

/**
 * Removes the request that an answer is for, and returns it. Returns undefined if it was answered
 * before, or if it was sent before a crash.
 */
export function takePending<Pending extends { readonly serial: number }>(
  node: Node<Requester<Pending>>,
  serial: number,
): Pending | undefined {
  const { pending } = node.state;
  const request = takeOne(pending, (one) => one.serial === serial);
  if (request === undefined) return undefined;
  if (pending.length > 0) node.setTimer('retry', node.options.retryAfter);
  else node.cancelTimer('retry');
  return request;
}
