/** The HTTP client of Go: a pool of connections, and how a request fails with its connection. */
import type { ConnectionId, Ending, SocketOptions } from '../../protocol/connection.ts';
import type { Frozen, Node, OperationId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import type { ConsulCommand, ConsulResponse, ServerAnswers, ServerRequests } from './state.ts';

/** A request without an answer. */
export interface Exchange {
  readonly serial: number;
  readonly command: Frozen<ConsulCommand>;
  /** The client operation that it serves; empty if none. */
  readonly operation: OperationId;
  /** One request at a time is on a connection, a blocking query for as long as it blocks. */
  readonly connection: ConnectionId;
  /** Whether the connection has carried another request before. */
  readonly isReused: boolean;
}

export interface HttpState<Kept extends Exchange> {
  /** The number of the last request. */
  serial: number;
  exchanges: Kept[];
  /** Open connections without a request, the one used last at the end. */
  idle: ConnectionId[];
}

/** What a role needs to send requests to Consul. */
interface HttpRole<Kept extends Exchange> {
  state: HttpState<Kept>;
  receives: ServerAnswers;
  sends: ServerRequests;
  timers: { dial: ConnectionId };
  events: object;
  options: object;
}

type HttpNode<Kept extends Exchange> = Node<HttpRole<Kept>>;

/** What a request has before it is sent. */
type Unsent<Kept extends Exchange> = Omit<Kept, 'serial' | 'connection' | 'isReused'>;

/** Go's dialer gives up after this; the system would try for two minutes. */
const dialTimeout = seconds(30);

/** The keep-alive of Go's dialer, with the count of Linux. */
export const clientSocket = (): SocketOptions => ({
  keepAlive: { idle: seconds(30), interval: seconds(30), count: 9 },
});

export function request<Kept extends Exchange>(node: HttpNode<Kept>, unsent: Unsent<Kept>): void {
  const reused = node.state.idle.pop();
  const connection = reused ?? dial(node);
  const serial = ++node.state.serial;
  const { command } = unsent;
  const isReused = reused !== undefined;
  node.state.exchanges.push({ ...unsent, serial, connection, isReused } as Kept);
  node.send(connection, { type: 'Request', serial, command });
}

function dial<Kept extends Exchange>(node: HttpNode<Kept>): ConnectionId {
  const connection = node.connect(node.nodes('server')[0]);
  node.setTimer('dial', dialTimeout, connection);
  return connection;
}

/** For the `opened` of a role. */
export function dialled<Kept extends Exchange>(node: HttpNode<Kept>, connection: string): void {
  node.cancelTimer('dial', connection);
}

/** Removes the request that an answer is for, and returns it; its connection becomes idle. */
export function takeExchange<Kept extends Exchange>(
  node: HttpNode<Kept>,
  serial: number,
): Kept | undefined {
  const { exchanges, idle } = node.state;
  const index = exchanges.findIndex((one) => one.serial === serial);
  if (index < 0) return undefined;
  const [exchange] = exchanges.splice(index, 1);
  idle.push(exchange.connection);
  return exchange;
}

/** A connection was not opened within the time of the dialer. */
export function dialTimedOut<Kept extends Exchange>(
  node: HttpNode<Kept>,
  connection: ConnectionId,
): Failed<Kept> | undefined {
  node.disconnect(connection);
  return connectionEnded(node, connection, 'timed out');
}

/** A request that failed. Whether the server has executed it is unknown. */
export interface Failed<Kept extends Exchange> {
  readonly exchange: Kept;
  readonly error: string;
}

/**
 * Returns the request that fails with its connection. A query on a connection that has carried
 * another request is sent again instead: the server may have closed the idle connection before.
 */
export function connectionEnded<Kept extends Exchange>(
  node: HttpNode<Kept>,
  connection: ConnectionId,
  how: Ending,
): Failed<Kept> | undefined {
  const { state } = node;
  node.cancelTimer('dial', connection);
  state.idle = state.idle.filter((other) => other !== connection);
  const exchange = state.exchanges.find((one) => one.connection === connection);
  if (exchange === undefined) return undefined;
  state.exchanges = state.exchanges.filter((one) => one !== exchange);
  const isReplayed = exchange.isReused && exchange.command.op === 'get' && how !== 'timed out';
  if (!isReplayed) return { exchange, error: errors[how] };
  request(node, exchange);
  return undefined;
}

const errors: Readonly<Record<Ending, string>> = {
  closed: 'EOF',
  reset: 'connection reset by peer',
  refused: 'connection refused',
  'timed out': 'i/o timeout',
};

/** The error of an answer, in the words of the Go client. */
export function errorIn(response: Frozen<ConsulResponse>): string | undefined {
  if (typeof response !== 'object' || !('error' in response)) return undefined;
  return `unexpected response code: ${response.status} (${response.error})`;
}
