/** The HTTP client of a worker: requests that are in flight, and how each of them ends. */
import type { Frozen, Node, NodeId, OperationId } from '../../protocol/types.ts';
import type { ConsulCommand, ConsulResponse, ServerAnswers, ServerRequests } from './state.ts';

/** A request without an answer. */
export interface Exchange {
  readonly serial: number;
  readonly command: Frozen<ConsulCommand>;
  /** The client operation that it serves; empty if none. */
  readonly operation: OperationId;
}

export interface HttpState<Kept extends Exchange> {
  /** The number of the last request. */
  serial: number;
  exchanges: Kept[];
}

/** What a role needs to send requests to Consul. */
interface HttpRole<Kept extends Exchange> {
  state: HttpState<Kept>;
  receives: ServerAnswers;
  sends: ServerRequests;
  timers: object;
  events: object;
  options: object;
}

/** What a request has, besides its number. */
type Unsent<Kept extends Exchange> = Omit<Kept, 'serial'>;

export function request<Kept extends Exchange>(
  node: Node<HttpRole<Kept>>,
  unsent: Unsent<Kept>,
): void {
  const { state } = node;
  const serial = ++state.serial;
  const { command } = unsent;
  state.exchanges.push({ ...unsent, serial } as Kept);
  node.send(serverOf(node), { type: 'Request', serial, command });
}

/** Removes the request that an answer is for, and returns it; undefined if it has ended. */
export function takeExchange<Kept extends Exchange>(
  node: Node<HttpRole<Kept>>,
  serial: number,
): Kept | undefined {
  const { exchanges } = node.state;
  const index = exchanges.findIndex((one) => one.serial === serial);
  return index < 0 ? undefined : exchanges.splice(index, 1)[0];
}

/** The error of an answer, in the words of the Go client. */
export function errorIn(response: Frozen<ConsulResponse>): string | undefined {
  if (typeof response !== 'object' || !('error' in response)) return undefined;
  return `unexpected response code: ${response.status} (${response.error})`;
}

export function serverOf(node: { nodes(role: string): readonly NodeId[] }): NodeId {
  return node.nodes('server')[0];
}
