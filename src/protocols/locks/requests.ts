/** Requests to the one server of a lock service: repeated until answered, executed once. */
import type { Json, Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';

/** `purpose` says how a worker goes on when the answer comes. */
export interface Asked<Command, Purpose> {
  readonly serial: number;
  readonly command: Command;
  readonly purpose: Purpose;
  readonly operation: OperationId;
}

export interface RequestOf<Command> {
  serial: number;
  /** The worker has an answer to every serial number below this one. */
  oldestPending: number;
  command: Command;
}

export interface Reply {
  serial: number;
  response: Json;
}

/** A worker that asks; its requests without an answer are in `pending`, the oldest first. */
interface Asking<Command, Purpose> {
  state: { serial: number; pending: Asked<Command, Purpose>[] };
  receives: object;
  sends: { Request: RequestOf<Command> };
  timers: { retry: void };
  events: object;
  options: { retryAfter: Micros };
}

type Asker<Command, Purpose> = Node<Asking<Command, Purpose>>;

export function ask<Command, Purpose>(
  node: Asker<Command, Purpose>,
  purpose: Purpose,
  operation: OperationId,
  command: Command,
): void {
  const { state } = node;
  const one: Asked<Command, Purpose> = { serial: ++state.serial, command, purpose, operation };
  state.pending.push(one);
  if (state.pending.length === 1) node.setTimer('retry', node.options.retryAfter);
  send(node, one);
}

function send<Command, Purpose>(
  node: Asker<Command, Purpose>,
  { serial, command }: Asked<Command, Purpose>,
): void {
  const oldestPending = node.state.pending[0].serial;
  const message = { type: 'Request' as const, serial, oldestPending, command };
  node.send(serverOf(node), message as never);
}

export function serverOf(node: { nodes(role: string): readonly NodeId[] }): NodeId {
  return node.nodes('server')[0];
}

/** The request that is answered now; none where it was before, or asked before a crash. */
export function answeredRequest<Command, Purpose>(
  node: Asker<Command, Purpose>,
  serial: number,
): Asked<Command, Purpose> | undefined {
  const { pending } = node.state;
  const at = pending.findIndex((one) => one.serial === serial);
  if (at < 0) return undefined;
  const [one] = pending.splice(at, 1);
  if (pending.length > 0) node.setTimer('retry', node.options.retryAfter);
  else node.cancelTimer('retry');
  return one;
}

/** As a connection does for what was lost: the server knows by the number what it did already. */
export function askAgain<Command, Purpose>(node: Asker<Command, Purpose>): void {
  for (const one of node.state.pending) send(node, one);
  node.setTimer('retry', node.options.retryAfter);
}
