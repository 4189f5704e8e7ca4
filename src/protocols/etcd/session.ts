/** How a worker uses etcd: it sends requests, keeps the lease of its session alive, and watches. */
import type { Frozen, Json, Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import type { StorageAnswers, StorageRequests } from '../locks/fenced-storage.ts';
import type { HolderOptions, WorkerState as LockState } from '../locks/worker.ts';
import { anyServer, submit } from '../raft/requests.ts';
import type { PendingRequest } from '../shared/pending-requests.ts';
import type { EtcdAnswers, EtcdCommand, EtcdRequests, LeaseKeepAliveResponse } from './state.ts';

/** What a request is for. It says how the worker continues when the answer comes. */
export type Purpose =
  | 'grant' | 'enqueue' | 'predecessor' | 'recheck' | 'withdraw'
  | 'unlock' | 'close' | 'put' | 'leader';

export interface EtcdRequest extends PendingRequest<EtcdCommand> {
  readonly purpose: Purpose;
}

/** A place in the queue for a lock, or for the leadership in an election. */
export interface Place {
  /** The operation that waits for the lock. */
  readonly operation: OperationId;
  /** The lock: the prefix of all keys in its queue. */
  readonly key: string;
  /** The TTL of the lease that it requests, in seconds. */
  readonly ttl: number;
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
  /** The server that the worker believes to be the leader. */
  leaderId: NodeId | null;
  /** Requests without an answer, the oldest first. */
  pending: EtcdRequest[];
  /** The lease of its session; empty for none. */
  lease: string;
  /** The TTL of the lease, in seconds. */
  ttl: number;
  /** The queues that it waits in. */
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
  options: HolderOptions & { retryAfter: Micros; recheck: boolean };
}

type Client = Node<Worker>;

export function sendRequest(
  node: Client,
  purpose: Purpose,
  operation: OperationId,
  command: EtcdCommand,
): void {
  submit(node, { serial: ++node.state.serial, command, purpose, operation });
}

// The session

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
  node.setTimer('keepAlive', Math.floor(ttl / 3), { missed: false });
  node.setTimer('sessionEnd', ttl);
  const validUntil = node.now() + ttl;
  node.state.held = node.state.held.map((held) => ({ ...held, validUntil }));
}

export function keepAlive(node: Client, { missed }: { missed: boolean }): void {
  const { state } = node;
  const to = (state.leaderId = missed ? anyServer(node) : (state.leaderId ?? anyServer(node)));
  node.send(to, { type: 'LeaseKeepAlive', lease: state.lease });
  // If no answer comes, there may be another leader: the next attempt goes to a random server.
  node.setTimer('keepAlive', node.options.retryAfter, { missed: true });
}

export function keptAlive(
  node: Client,
  { lease, status, ttl, leaderHint }: Frozen<LeaseKeepAliveResponse>,
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
    endSession(node, 'the lease does not exist');
    return;
  }
  prolong(node);
  // The answer may come from a different server, which does not know the watches.
  for (const { watching } of state.places) {
    if (watching !== null) node.send(from, { type: 'WatchCreate', ...watching });
  }
}

/** The session's keys are deleted, or soon will be: the worker knows that it holds nothing. */
export function endSession(node: Client, reason: string): void {
  const { state } = node;
  node.cancelTimer('keepAlive');
  node.cancelTimer('sessionEnd');
  node.event('SessionEnded', { lease: state.lease, reason });
  state.lease = '';
  for (const { key } of state.held) node.event('LossNoticed', { key });
  state.held = [];
}

/** Waits for the deletion of a key, from a revision on. */
export function watchFor(node: Client, place: Place, key: string, fromRevision: number): void {
  const { state } = node;
  place.watching = { watch: ++state.serial, key, fromRevision };
  const to = (state.leaderId ??= anyServer(node));
  node.send(to, { type: 'WatchCreate', ...place.watching });
}
