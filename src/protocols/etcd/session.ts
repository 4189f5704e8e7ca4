/** How a worker uses etcd: its member, its requests, its session, and what it watches. */
// As etcd's client library (clientv3) does. A request that may change something is never sent
// twice: when its member fails it, or is lost, its outcome is unknown. Reads, and the requests for
// leases, go to the next member instead.
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Frozen, Json, Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import { asDuration, milliseconds, seconds } from '../../protocol/units.ts';
import type { StorageAnswers, StorageRequests } from '../locks/fenced-storage.ts';
import type { Held, HolderOptions, WorkerState as LockState } from '../locks/worker.ts';
import { takeOne } from '../shared/take-one.ts';
import {
  type Answer, type ClientReceives, type ClientSends, type EtcdRequest, type Failure, failure,
  sessionTtl,
} from './api.ts';

/** What a request is for. It says how the worker continues when the answer comes. */
export type Purpose =
  | 'grant' | 'enqueue' | 'predecessor' | 'recheck' | 'withdraw'
  | 'unlock' | 'close' | 'put' | 'leader';

export interface EtcdPending {
  readonly request: number;
  readonly purpose: Purpose;
  readonly operation: OperationId;
  readonly command: Frozen<EtcdRequest>;
  /** The connection on which it was sent. */
  readonly connection: ConnectionId;
}

/** A place in the queue for a lock, or for the leadership in an election. */
export interface Place {
  /** The operation that waits for the lock. */
  readonly operation: OperationId;
  /** The lock: the prefix of all keys in its queue. */
  readonly key: string;
  /** The value of its key: empty for a lock, what the candidate proclaims in an election. */
  readonly value: Json;
  /** Whether it waits for its turn, or gives up if the lock is taken. */
  readonly patient: boolean;
  /** Its own key, and the create revision of that key: the fencing token. */
  own: string;
  token: number;
  /** The predecessor whose deletion it waits for. */
  watching: { watch: number; key: string; fromRevision: number } | null;
}

export interface WorkerState extends LockState {
  /** The member that it uses. */
  endpoint: NodeId | null;
  /** Requests without an answer, the oldest first. */
  pending: EtcdPending[];
  /** The lease of its session; empty for none. */
  lease: string;
  /** The TTL that it requested for its session, in seconds; 0 if it requested none. */
  requested: number;
  /** The TTL of the lease, in seconds. */
  ttl: number;
  /** The keep-alive that is not answered yet: its number, 0 for none, and its connection. */
  keepAlive: { request: number; connection: ConnectionId };
  /** How many members refused a connection since one was open. */
  refusals: number;
  /** The queues that it waits in. */
  places: Place[];
  /** Locks that it gave up or lost, and whose keys may still exist: it can unlock them again. */
  leaving: Held[];
}

export interface WorkerEvents {
  LockAcquired: { key: string; token: number };
  LockRefused: { key: string };
  LockReleased: { key: string };
  NothingReleased: { key: string };
  LossNoticed: { key: string };
  SessionEnded: { lease: string; reason: string };
  OutcomeUnknown: { purpose: string; error: string };
  EndpointChanged: { from: NodeId; to: NodeId };
}

export interface Worker {
  state: WorkerState;
  receives: ClientReceives & StorageAnswers;
  sends: ClientSends & StorageRequests;
  timers: { deadline: number; keepAlive: void; sessionEnd: void; redial: void; dial: ConnectionId };
  events: WorkerEvents;
  options: HolderOptions & { endpoint: NodeId | null; timeout: Micros; recheck: boolean };
}

type Client = Node<Worker>;

/** How long the library waits before it opens the stream of its keep-alives again. */
const streamRetry = milliseconds(500);
/** How long a member may take to accept a connection before the next one is tried. */
const dialTimeout = seconds(1);
/** How long it waits, when all members refuse, before it tries them again (gRPC's BaseDelay). */
const redialAfter = seconds(1);

export function sendRequest(
  node: Client,
  purpose: Purpose,
  operation: OperationId,
  command: EtcdRequest,
): void {
  const request = ++node.state.serial;
  const connection = connectionOf(node);
  node.state.pending.push({ request, purpose, operation, command, connection });
  node.setTimer('deadline', node.options.timeout, request, String(request));
  node.send(connection, { type: 'Request', request, command });
}

function endpointOf(node: Client): NodeId {
  const members = node.nodes('replica');
  return (node.state.endpoint ??= node.options.endpoint ?? members[node.random(members.length)]);
}

/** Whether it is a member at the other end of a connection; else it is storage. */
export function isMember(node: Client, peer: NodeId): boolean {
  return node.nodes('replica').includes(peer);
}

/** The connection to its member, which it opens if there is none. */
export function connectionOf(node: Client): ConnectionId {
  const endpoint = endpointOf(node);
  const connection = node.connections(endpoint).at(-1);
  if (connection !== undefined) return connection;
  const dialed = node.connect(endpoint);
  node.setTimer('dial', dialTimeout, dialed);
  return dialed;
}

/** Goes on with the next member; what it watched, it watches there. */
export function changeEndpoint(node: Client): void {
  const { state } = node;
  const from = endpointOf(node);
  const members = node.nodes('replica');
  const to = members[(members.indexOf(from) + 1) % members.length];
  state.endpoint = to;
  node.event('EndpointChanged', { from, to });
  for (const { watching } of state.places) if (watching !== null) sendWatch(node, watching);
}

/**
 * Returns the requests that were sent on a connection, which has ended. The stream of keep-alives
 * is opened again a little later.
 */
export function sentOn(node: Client, connection: ConnectionId): EtcdPending[] {
  const { state } = node;
  const sent = state.pending.filter((one) => one.connection === connection);
  if (state.keepAlive.request > 0 && state.keepAlive.connection === connection) {
    noKeepAlive(node);
    node.setTimer('keepAlive', streamRetry);
  }
  return sent;
}

/** The connection to its member has ended: it goes on with another, at once if it can. */
export function reconnect(node: Client, wasRefused: boolean): void {
  const { state } = node;
  state.refusals = wasRefused ? state.refusals + 1 : 0;
  if (state.refusals < node.nodes('replica').length) changeEndpoint(node);
  else node.setTimer('redial', redialAfter);
}

export function redial(node: Client): void {
  const { state } = node;
  state.refusals = 0;
  changeEndpoint(node);
  for (const { request, connection } of state.pending) {
    if (connection === '') sendAgain(node, request);
  }
}

/** The request was never sent, or may be sent twice: it goes to the next member that accepts. */
export function resend(node: Client, request: number): void {
  if (node.state.refusals < node.nodes('replica').length) sendAgain(node, request);
  else move(node, request, '');
}

/** Sends a request again. The time that the application gave it goes on. */
export function sendAgain(node: Client, request: number): void {
  const connection = connectionOf(node);
  const { command } = move(node, request, connection);
  node.send(connection, { type: 'Request', request, command: command as EtcdRequest });
}

function move({ state }: Client, request: number, connection: ConnectionId): EtcdPending {
  const at = state.pending.findIndex((one) => one.request === request);
  return (state.pending[at] = { ...state.pending[at], connection });
}

/** Removes and returns the request that an answer is for; undefined if it is no longer pending. */
export function takePending(node: Client, request: number): EtcdPending | undefined {
  const pending = takeOne(node.state.pending, (one) => one.request === request);
  if (pending !== undefined) node.cancelTimer('deadline', String(request));
  return pending;
}

/** Whether the library sends it again: it changes nothing, or is about a lease. */
export function isRepeatable({ command }: EtcdPending): boolean {
  return command.op === 'read' || command.op === 'lease-grant' || command.op === 'lease-revoke';
}

// The session

/** The TTL in seconds that a session requests: as with WithTTL, 0 means the default. */
function inSeconds(ttl: Micros = 0): number {
  return ttl === 0 ? sessionTtl : ttl / seconds(1);
}

/** Why an operation cannot have this TTL; all locks of a worker belong to its one session. */
export function whyNotTtl({ id, state }: Client, ttl: Micros | undefined): string | undefined {
  if (ttl === undefined) return undefined;
  if (ttl % seconds(1) !== 0) {
    return `etcd counts a TTL in whole seconds, and ${asDuration(ttl)} is not: use ` +
      asDuration(Math.ceil(ttl / seconds(1)) * seconds(1));
  }
  const { requested, ttl: given, lease } = state;
  const wanted = inSeconds(ttl);
  if (requested === 0 || wanted === requested || (lease !== '' && wanted === given)) {
    return undefined;
  }
  const present = asDuration(seconds(lease === '' ? requested : given));
  return `${id} has a session with a TTL of ${present}, which holds all its locks: ` +
    'close it first, or leave the ttl out';
}

export function requestSession(
  node: Client,
  operation: OperationId,
  wanted: Micros | undefined,
): void {
  const ttl = inSeconds(wanted);
  node.state.requested = ttl;
  sendRequest(node, 'grant', operation, { op: 'lease-grant', lease: '', ttl });
}

export function beginSession(node: Client, lease: string, ttl: number): void {
  Object.assign(node.state, { lease, ttl });
  prolong(node);
}

/**
 * The next keep-alive is due after a third of the TTL. If none succeeds in time, the session ends
 * by the worker's own clock.
 */
function prolong(node: Client): void {
  const ttl = seconds(node.state.ttl);
  node.setTimer('keepAlive', Math.floor(ttl / 3));
  node.setTimer('sessionEnd', ttl);
  const validUntil = node.now() + ttl;
  node.state.held = node.state.held.map((held) => ({ ...held, validUntil }));
}

export function sendKeepAlive(node: Client): void {
  const request = ++node.state.serial;
  const connection = connectionOf(node);
  node.state.keepAlive = { request, connection };
  const command = { op: 'keep-alive', lease: node.state.lease } as const;
  node.send(connection, { type: 'Request', request, command });
}

function noKeepAlive({ state }: Client): void {
  state.keepAlive = { request: 0, connection: '' };
}

/** The stream of keep-alives ended with an error: it is opened again, at the next member. */
export function keptAlive(node: Client, answer: Frozen<Answer>): void {
  noKeepAlive(node);
  if ('error' in answer) {
    changeEndpoint(node);
    node.setTimer('keepAlive', streamRetry);
  } else if ('ttl' in answer && answer.ttl > 0) prolong(node);
  else endSession(node, 'the lease does not exist');
}

/** The session's keys are deleted, or soon will be: the worker knows that it holds nothing. */
export function endSession(node: Client, reason: string): void {
  const { state } = node;
  node.cancelTimer('keepAlive');
  node.cancelTimer('sessionEnd');
  node.event('SessionEnded', { lease: state.lease, reason });
  state.lease = '';
  state.requested = 0;
  noKeepAlive(node);
  for (const { key } of state.held) node.event('LossNoticed', { key });
  state.leaving.push(...state.held);
  state.held = [];
}

/** Waits for the deletion of a key, from a revision on. */
export function watchFor(node: Client, place: Place, key: string, fromRevision: number): void {
  place.watching = { watch: ++node.state.serial, key, fromRevision };
  sendWatch(node, place.watching);
}

function sendWatch(node: Client, watching: NonNullable<Place['watching']>): void {
  node.send(connectionOf(node), { type: 'WatchCreate', ...watching, prefix: false });
}

/** The time that the application gave a request is over: the library gives it up. */
export const deadlineExceeded: Failure = failure('context deadline exceeded');
