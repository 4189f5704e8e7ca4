/** Requests to a service that one server represents: sent again until they are answered. */
import type { Frozen, Json, Node, NodeId, OperationId } from '../../protocol/types.ts';
import type { Numbered } from './execute-once.ts';
import { addPending, type PendingRequest, type Requester } from './pending-requests.ts';

/** A request, and what the client sent it for: that says how to continue when the answer comes. */
export interface PurposefulRequest<Command, Purpose> extends PendingRequest<Command> {
  readonly purpose: Purpose;
}

export interface Reply<Response = Json> {
  serial: number;
  response: Response | null;
}

/** What a role needs to send requests to the server. */
interface ServiceClient<Command, Purpose> extends Requester<PurposefulRequest<Command, Purpose>> {
  sends: { Request: Numbered<Command> };
}

type Client<Command, Purpose> = Node<ServiceClient<Command, Purpose>>;

export function sendRequest<Command, Purpose>(
  node: Client<Command, Purpose>,
  purpose: Purpose,
  operation: OperationId,
  command: Frozen<Command>,
): void {
  const pending = { serial: ++node.state.serial, command, purpose, operation };
  addPending(node, pending);
  send(node, pending);
}

function send<Command, Purpose>(
  node: Client<Command, Purpose>,
  { serial, command }: PurposefulRequest<Command, Purpose>,
): void {
  const oldestPending = node.state.pending[0].serial;
  node.send(serverOf(node), { type: 'Request', serial, oldestPending, command });
}

/**
 * Sends all pending requests again, as a connection does for what was lost. The server recognizes
 * by the serial number what it has executed before.
 */
export function repeatRequests<Command, Purpose>(node: Client<Command, Purpose>): void {
  for (const pending of node.state.pending) send(node, pending);
  node.setTimer('retry', node.options.retryAfter);
}

export function serverOf(node: { nodes(role: string): readonly NodeId[] }): NodeId {
  return node.nodes('server')[0];
}
