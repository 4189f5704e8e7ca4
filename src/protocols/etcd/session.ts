/** How a worker speaks with etcd: it finds the leader, repeats requests, keeps its lease alive. */
import type { Json, Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import type {
  EtcdAnswers, EtcdCommand, EtcdRequests, LeaseKeepAliveResponse,
} from './state.ts';
import type { StorageAnswers, StorageRequests } from '../locks/fenced-storage.ts';
import { type WorkerState as Holder } from '../locks/worker.ts';
import type { ClientResponse } from '../raft/client.ts';

/** What a request was for; it says how the worker goes on when the answer comes. */
export type Purpose =
  | 'grant' | 'enqueue' | 'predecessor' | 'recheck' | 'withdraw'
  | 'unlock' | 'close' | 'put' | 'leader';

export interface PendingRequest {
  readonly serial: number;
  readonly command: EtcdCommand;
  readonly purpose: Purpose;
  /** The operation that it serves: for one on a lock, that names its place in line too. */
  readonly operation: OperationId;
}

/** A place in the line for a lock. */
export interface Place {
  readonly operation: OperationId;
  /** The lock: the prefix of all keys in its line. */
  readonly key: string;
  readonly ttl: Micros;
  /** What stands in its key: empty for a lock, what a candidate proclaims in an election. */
  readonly value: Json;
  /** Whether it waits its turn, or asks once. */
  readonly patient: boolean;
  /** Its own key, and the create revision of it: the fencing token. */
  own: string;
  token: number;
  /** The predecessor whose deletion it waits for. */
  watching: { watch: number; key: string; fromRevision: number } | null;
}

export interface WorkerState extends Holder {
  /** The server that it takes for the leader. */
  leaderId: NodeId | null;
  /** Requests without an answer, the oldest first. */
  pending: PendingRequest[];
  /** Its session is a lease that it keeps alive; empty for none. In seconds. */
  lease: string;
  ttl: number;
  /** Where it waits. */
  places: Place[];
}

export interface WorkerEvents {
  LockAcquired: { key: string; token: number };
  LockRefused: { key: string };
  LockReleased: { key: string };
  LossNoticed: { key: string };
  SessionEnded: { lease: string; reason: string };
  ClientRetried: { to: NodeId; pending: number };
}

export interface Worker {
  state: WorkerState;
  receives: EtcdAnswers & StorageAnswers;
  sends: EtcdRequests & StorageRequests;
  timers: { retry: void; keepAlive: { missed: boolean }; sessionEnd: void };
  events: WorkerEvents;
  options: { retryAfter: Micros; recheck: boolean };
}

type Client = Node<Worker>;

// Requests

export function ask(
  node: Client,
  purpose: Purpose,
  operation: OperationId,
  command: EtcdCommand,
): void {
  const { state } = node;
  const one: PendingRequest = { serial: ++state.serial, command, purpose, operation };
  state.pending.push(one);
  if (state.pending.length === 1) node.setTimer('retry', node.options.retryAfter);
  sendRequest(node, (state.leaderId ??= anyServer(node)), one);
}

function sendRequest(node: Client, to: NodeId, { serial, command }: PendingRequest): void {
  const oldestPending = node.state.pending[0].serial;
  node.send(to, { type: 'ClientRequest', serial, oldestPending, command });
}

/** The request that is answered now; none where the server does not lead, or said so before. */
export function answeredRequest(
  node: Client,
  { serial, status, leaderHint }: Readonly<ClientResponse>,
): PendingRequest | undefined {
  const { state } = node;
  const at = state.pending.findIndex((one) => one.serial === serial);
  if (at < 0) return undefined;
  if (status === 'NOT_LEADER') {
    state.leaderId = leaderHint;
    if (leaderHint !== null) sendRequest(node, leaderHint, state.pending[at]);
    return undefined;
  }
  const [one] = state.pending.splice(at, 1);
  if (state.pending.length > 0) node.setTimer('retry', node.options.retryAfter);
  else node.cancelTimer('retry');
  return one;
}

/** Nobody answered in time: the same again, to a server chosen at random. */
export function askAgain(node: Client): void {
  const { state } = node;
  const to = (state.leaderId = anyServer(node));
  node.event('ClientRetried', { to, pending: state.pending.length });
  for (const one of state.pending) sendRequest(node, to, one);
  node.setTimer('retry', node.options.retryAfter);
}

function anyServer(node: Client): NodeId {
  const servers = node.nodes('replica');
  return servers[node.random(servers.length)];
}

// The session

export function beginSession(node: Client, lease: string, ttl: number): void {
  Object.assign(node.state, { lease, ttl });
  prolong(node);
}

/** A third of the TTL to the next keep-alive; and by its own clock it ends when none succeeds. */
function prolong(node: Client): void {
  const ttl = seconds(node.state.ttl);
  node.setTimer('keepAlive', Math.floor(ttl / 3), { missed: false });
  node.setTimer('sessionEnd', ttl);
  const validUntil = node.now() + ttl;
  node.state.held = node.state.held.map((one) => ({ ...one, validUntil }));
}

export function keepAlive(node: Client, { missed }: { missed: boolean }): void {
  const { state } = node;
  const to = (state.leaderId = missed ? anyServer(node) : (state.leaderId ?? anyServer(node)));
  node.send(to, { type: 'LeaseKeepAlive', lease: state.lease });
  // Unless an answer comes first, once more, to whoever may lead now.
  node.setTimer('keepAlive', node.options.retryAfter, { missed: true });
}

export function keptAlive(
  node: Client,
  { lease, status, ttl, leaderHint }: Readonly<LeaseKeepAliveResponse>,
  from: NodeId,
): void {
  const { state } = node;
  if (lease !== state.lease) return;
  state.leaderId = status === 'OK' ? from : leaderHint;
  if (status === 'NOT_LEADER') {
    if (leaderHint !== null) node.send(leaderHint, { type: 'LeaseKeepAlive', lease });
    return;
  }
  if (ttl === 0) {
    endSession(node, 'etcd knows no such lease');
    return;
  }
  prolong(node);
  // The server may be another than before, which knows nothing of the watch.
  for (const { watching } of state.places) {
    if (watching !== null) node.send(from, { type: 'WatchCreate', ...watching });
  }
}

/** Its keys are gone or will be: it knows now that it holds nothing. */
export function endSession(node: Client, reason: string): void {
  const { state } = node;
  node.cancelTimer('keepAlive');
  node.cancelTimer('sessionEnd');
  node.event('SessionEnded', { lease: state.lease, reason });
  state.lease = '';
  for (const { key } of state.held) node.event('LossNoticed', { key });
  state.held = [];
}

/** Waits for the deletion of one key, from a revision on. */
export function watchFor(node: Client, place: Place, key: string, fromRevision: number): void {
  const { state } = node;
  place.watching = { watch: ++state.serial, key, fromRevision };
  const to = (state.leaderId ??= anyServer(node));
  node.send(to, { type: 'WatchCreate', ...place.watching });
}

/** What a transaction answered, or why it did nothing. */
export function errorIn(response: Json): string | undefined {
  return (response as { error?: string } | null)?.error;
}
