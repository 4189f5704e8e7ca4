/** The HTTP client of Go: a pool of connections, and how a request fails with its connection. */
import type { ConnectionId, Ending, SocketOptions } from '../../protocol/connection.ts';
import { pick } from '../../protocol/patterns.ts';
import type { OptionSpec } from '../../protocol/values.ts';
import type { Frozen, Node, NodeId, OperationId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import type { ConsulCommand, ConsulResponse } from './api.ts';
import type { ServerAnswers, ServerRequests } from './state.ts';

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
  /** The server that it uses: the agent next to it. Null before its first request. */
  server: NodeId | null;
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
  timers: { dial: ConnectionId; idle: ConnectionId };
  events: { ServerChanged: { from: NodeId; to: NodeId } };
  options: { endpoint: NodeId | null };
}

type HttpNode<Kept extends Exchange> = Node<HttpRole<Kept>>;

/** What a request has before it is sent. */
type Unsent<Kept extends Exchange> = Omit<Kept, 'serial' | 'connection' | 'isReused'>;

/** Go's dialer gives up after this; the system would try for two minutes. */
const dialTimeout = seconds(30);

/** `IdleConnTimeout`: a connection without a request is closed after this. */
const idleTimeout = seconds(90);

/** The keep-alive of Go's dialer, with the count of Linux. */
export const clientSocket = (): SocketOptions => ({
  keepAlive: { idle: seconds(30), interval: seconds(30), count: 9 },
});

export function request<Kept extends Exchange>(node: HttpNode<Kept>, unsent: Unsent<Kept>): void {
  const reused = node.state.idle.pop();
  if (reused !== undefined) node.cancelTimer('idle', reused);
  const connection = reused ?? dial(node);
  const serial = ++node.state.serial;
  const { command } = unsent;
  const isReused = reused !== undefined;
  node.state.exchanges.push({ ...unsent, serial, connection, isReused } as Kept);
  node.send(connection, { type: 'Request', serial, command });
}

export const httpOptions: { readonly endpoint: OptionSpecOf } = {
  endpoint: {
    kind: 'node',
    default: null,
    role: 'server',
    doc: 'The server that it uses first; null for any. If that fails, it uses the next one.',
  },
};

type OptionSpecOf = Extract<OptionSpec, { kind: 'node' }>;

export const httpEvents = {
  ServerChanged: 'A client uses another server, because its connection to the last one failed.',
};

function dial<Kept extends Exchange>(node: HttpNode<Kept>): ConnectionId {
  const { state, options } = node;
  state.server ??= options.endpoint ?? anyOf(node, node.nodes('server'));
  const connection = node.connect(state.server);
  node.setTimer('dial', dialTimeout, connection);
  return connection;
}

function anyOf<Kept extends Exchange>(node: HttpNode<Kept>, servers: readonly NodeId[]): NodeId {
  return servers.length === 1 ? servers[0] : pick(node, servers);
}

/** The connection to a server failed: the requests that follow go to the next one. */
function moveOn<Kept extends Exchange>(node: HttpNode<Kept>, from: NodeId): void {
  const { state } = node;
  const servers = node.nodes('server');
  if (servers.length === 1 || from !== state.server) return;
  const to = (state.server = servers[(servers.indexOf(from) + 1) % servers.length]);
  node.event('ServerChanged', { from, to });
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
  node.setTimer('idle', idleTimeout, exchange.connection);
  return exchange;
}

/** A connection was not opened within the time of the dialer. */
export function dialTimedOut<Kept extends Exchange>(
  node: HttpNode<Kept>,
  connection: ConnectionId,
): Failed<Kept> | undefined {
  const isDialled = (server: NodeId) => node.connections(server).includes(connection);
  const server = node.nodes('server').find(isDialled);
  if (server === undefined) return undefined;
  node.disconnect(connection);
  return connectionEnded(node, server, connection, 'timed out');
}

export function idleTimedOut<Kept extends Exchange>(
  node: HttpNode<Kept>,
  connection: ConnectionId,
): void {
  const { state } = node;
  state.idle = state.idle.filter((other) => other !== connection);
  node.disconnect(connection);
}

/** A request that failed. Whether the server has executed it is unknown. */
export interface Failed<Kept extends Exchange> {
  readonly exchange: Kept;
  readonly error: string;
  /** Whether it may have been executed: it was sent on a connection that was open. */
  readonly isUnknown: boolean;
}

/**
 * Returns the request that fails with its connection. A query on a connection that has carried
 * another request is sent again instead: the server may have closed the idle connection before.
 */
export function connectionEnded<Kept extends Exchange>(
  node: HttpNode<Kept>,
  server: NodeId,
  connection: ConnectionId,
  how: Ending,
): Failed<Kept> | undefined {
  const { state } = node;
  node.cancelTimer('dial', connection);
  node.cancelTimer('idle', connection);
  moveOn(node, server);
  state.idle = state.idle.filter((other) => other !== connection);
  const exchange = state.exchanges.find((one) => one.connection === connection);
  if (exchange === undefined) return undefined;
  state.exchanges = state.exchanges.filter((one) => one !== exchange);
  const isReplayed = exchange.isReused && exchange.command.op === 'get' && how !== 'timed out';
  if (!isReplayed) return { exchange, error: errors[how], isUnknown: how !== 'refused' };
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
