/**
 * Patterns that most protocols share, as plain code on top of `node`. They load from this source
 * with each protocol that imports one, so that a debugger steps into them. All that they draw comes
 * from `node.random`: the same seed gives the same run.
 */
import type { MessageOf, Micros, Node, NodeId, OperationId, RoleTypes } from './types.ts';

/** Sends a message to each of the nodes, in their order; to all peers if none are given. */
export function broadcast<R extends RoleTypes>(
  node: Node<R>,
  message: MessageOf<R['sends']>,
  to: readonly NodeId[] = node.peers,
): void {
  for (const receiver of to) {
    node.send(receiver, message);
  }
}

/**
 * How many of `count` nodes are a majority: the smallest number that is more than half of them. Two
 * majorities of the same nodes always have a node in common.
 */
export function majority(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** Returns one of the items, each with the same probability. The list must not be empty. */
export function pick<Item>(node: Pick<Node, 'random'>, items: readonly Item[]): Item {
  if (items.length === 0) throw new Error('pick: the list is empty, so nothing can be picked');
  return items[node.random(items.length)];
}

/** Returns the items in a random order, each order with the same probability. */
export function shuffle<Item>(node: Pick<Node, 'random'>, items: readonly Item[]): Item[] {
  const shuffled = [...items];
  // Fisher and Yates: each place, from the last, gets one of the items that are left.
  for (let place = shuffled.length - 1; place > 0; place--) {
    const chosen = node.random(place + 1);
    [shuffled[place], shuffled[chosen]] = [shuffled[chosen], shuffled[place]];
  }
  return shuffled;
}

// Requests with a timeout. The message of a request and that of its reply have a field `request`
// with the same number, by which the sender recognizes the reply. The sender's role has a field
// `requests` in its state and a timer `requestTimeout`, whose handler calls `retry`.

/** The requests of a node that have no reply yet: the field `requests` of its state. */
export interface Requests<Message> {
  /** The number of the last request; 0 before the first since the node booted. */
  last: number;
  /** The oldest first. */
  pending: PendingRequest<Message>[];
}

export interface PendingRequest<Message> {
  readonly request: number;
  readonly to: NodeId;
  readonly message: Message;
  readonly timeout: Micros;
  /** How often it may still be sent. */
  attemptsLeft: number;
  /** The client operation that it serves; null if it serves none. */
  readonly operation: OperationId | null;
}

/** How long a request waits for its reply, how often it is sent, and what it is for. */
export interface RequestPolicy {
  timeout: Micros;
  attempts: number;
  operation?: OperationId;
}

/** What a node needs to send requests. */
interface Requester<Message> {
  readonly state: { requests: Requests<Message> };
  random(bound: number): number;
  send(to: NodeId, message: NoInfer<Message>): void;
  setTimer(name: 'requestTimeout', after: Micros, request: string): void;
  cancelTimer(name: 'requestTimeout', request?: string): void;
}

/** A message as its sender writes it, without its number. */
export type Unnumbered<Message> = Message extends { readonly request: number }
  ? Omit<Message, 'request'>
  : never;

/** The first value of `state.requests`. */
export function noRequests<Message>(): Requests<Message> {
  return { last: 0, pending: [] };
}

/** Sends a request, and remembers it until its reply comes. Returns its number. */
export function request<Message extends { readonly request: number }>(
  node: Requester<Message>,
  to: NodeId,
  message: Unnumbered<Message>,
  { timeout, attempts, operation }: RequestPolicy,
): number {
  const { requests } = node.state;
  // A node that lost its state in a crash must not take an old reply for a new one. So its numbers
  // begin anywhere, as the sequence numbers of a TCP connection do.
  if (requests.last === 0) requests.last = node.random(1_000_000);
  const number = ++requests.last;
  const numbered = { ...message, request: number } as unknown as Message;
  const attemptsLeft = attempts - 1;
  requests.pending.push({
    request: number, to, message: numbered, timeout, attemptsLeft, operation: operation ?? null,
  });
  node.send(to, numbered);
  node.setTimer('requestTimeout', timeout, String(number));
  return number;
}

/** Replies to a request: the reply gets the request's number. */
export function reply<R extends RoleTypes>(
  node: Node<R>,
  to: NodeId,
  received: { readonly request: number },
  answer: Unnumbered<MessageOf<R['sends']>>,
): void {
  const numbered = { ...answer, request: received.request };
  node.send(to, numbered as unknown as MessageOf<R['sends']>);
}

/**
 * Returns the request that a reply is for, which is then no longer pending. Returns undefined if
 * there is none: a duplicate, or a reply to a request that was given up or forgotten in a crash.
 */
export function takeRequest<Message>(
  node: Requester<Message>,
  received: { readonly request: number },
): PendingRequest<Message> | undefined {
  const { pending } = node.state.requests;
  const index = pending.findIndex(({ request: number }) => number === received.request);
  if (index < 0) return undefined;
  node.cancelTimer('requestTimeout', String(received.request));
  return pending.splice(index, 1)[0];
}

/**
 * Sends the request whose timer fired again. After its last attempt the request is given up: it is
 * no longer pending, and returned. `key` is what the handler of the timer receives.
 */
export function retry<Message>(
  node: Requester<Message>,
  key: string,
): PendingRequest<Message> | undefined {
  const { pending } = node.state.requests;
  const index = pending.findIndex(({ request: number }) => String(number) === key);
  if (index < 0) return undefined;
  const again = pending[index];
  if (again.attemptsLeft === 0) return pending.splice(index, 1)[0];
  again.attemptsLeft--;
  node.send(again.to, again.message);
  node.setTimer('requestTimeout', again.timeout, key);
  return undefined;
}
