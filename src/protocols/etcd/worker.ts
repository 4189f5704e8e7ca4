/** A worker that uses etcd's mutex: its key in the queue, the wait for its turn, its writes. */
// As in etcd's client library (clientv3/concurrency): the key is named after the lease of the
// session, so that it is deleted with the session; the owner of the lock is the worker whose key
// has the lowest create revision.
import { operation, role } from '../../protocol/define.ts';
import type { Frozen, Json, Micros, Node, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import { holderOperations, queueLook } from '../locks/queue.ts';
import {
  dropLock, type Held, heldLock, holderOptions, holding, noLocks, storageAnswers,
} from '../locks/worker.ts';
import { handleResponse, repeatRequests } from '../raft/requests.ts';
import {
  beginSession, endSession, type EtcdRequest, keepAlive, keptAlive, type Place, sendRequest,
  watchFor, type Worker, type WorkerEvents, type WorkerState,
} from './session.ts';
import {
  type Compare, type EtcdResponse, grantOf, keyOf, lockOf, type Request, type Txn,
  type TxnResponse,
} from './state.ts';

type Client = Node<Worker>;

export const worker = role<Worker>({
  doc: 'A worker that takes locks in etcd, keeps its lease alive, and writes to storage.',
  joins: true,
  options: {
    ...holderOptions,
    retryAfter: {
      kind: 'duration',
      default: milliseconds(500),
      min: milliseconds(1),
      doc: 'How long it waits for an answer before it asks a randomly chosen server.',
    },
    recheck: {
      kind: 'boolean',
      default: true,
      doc: 'Whether it checks, after waiting, that its own key still exists; etcd 3.4 does not.',
    },
  },
  durable: ['serial'],
  init: (): WorkerState => ({
    ...noLocks(), leaderId: null, pending: [], lease: '', ttl: 0, places: [],
  }),

  messages: {
    ...storageAnswers,
    ClientResponse(node, message) {
      const request = handleResponse(node, message);
      if (request !== undefined) proceed(node, request, message.response);
    },
    LeaseKeepAliveResponse: keptAlive,
    WatchResponse(node, message) {
      const place = node.state.places.find(({ watching }) => watching?.watch === message.watch);
      if (place === undefined) return;
      place.watching = null;
      // If the predecessor gave up before its turn, another worker is still before this one.
      findPredecessor(node, place);
    },
  },

  timers: {
    retry: repeatRequests,
    keepAlive,
    sessionEnd: (node) => endSession(node, 'no keep-alive was answered within the TTL'),
  },
  background: ['keepAlive', 'sessionEnd'],

  operations: {
    ...holderOperations,
    lock: operation<Worker>()({
      doc: 'Takes a lock, waiting in its queue if necessary; answers the fencing token.',
      parameters: { key: 'string', ttl: 'duration?' },
      run: (node, { key, ttl }, id) => beginLock(node, placeOf(id, key, ttl, true)),
    }),
    tryLock: operation<Worker>()({
      doc: 'Takes a lock if it is free, and fails otherwise; answers the fencing token.',
      parameters: { key: 'string', ttl: 'duration?' },
      run: (node, { key, ttl }, id) => beginLock(node, placeOf(id, key, ttl, false)),
    }),
    unlock: operation<Worker>()({
      doc: 'Deletes its own key, which notifies the next worker in the queue. Answers OK.',
      parameters: { key: 'string' },
      run: unlock,
    }),
    close: operation<Worker>()({
      doc: 'Ends its session: the lease is revoked, and its keys are deleted. Answers OK.',
      parameters: {},
      run(node, _none, id) {
        const { lease } = node.state;
        if (lease === '') node.fail(id, `${node.id} has no session`);
        else sendRequest(node, 'close', id, { op: 'lease-revoke', lease });
      },
    }),
    put: operation<Worker>()({
      doc: 'Writes to etcd itself, if its own key is still the one that it created. Answers OK.',
      parameters: { name: 'string', value: 'value', guarded: 'boolean?' },
      run(node, { name, value, guarded = true }, id) {
        const held = holding(node, undefined, id);
        const write: Request = { op: 'put', key: name, value, lease: '' };
        if (held) sendRequest(node, 'put', id, guarded ? ifStillHeld(held, write) : always(write));
      },
    }),
    campaign: operation<Worker>()({
      doc: 'Runs for leader of an election, in a queue as for a lock; answers when it is elected.',
      parameters: { key: 'string', value: 'value', ttl: 'duration?' },
      run: (node, { key, value, ttl }, id) => beginLock(node, placeOf(id, key, ttl, true, value)),
    }),
    proclaim: operation<Worker>()({
      doc: 'Changes what it proclaims as the leader, if it is still the leader. Answers OK.',
      parameters: { key: 'string', value: 'value' },
      run(node, { key, value }, id) {
        const held = holding(node, key, id);
        if (held === undefined) return;
        const { lease } = node.state;
        const write: Request = { op: 'put', key: keyOf(held), value, lease };
        sendRequest(node, 'put', id, ifStillHeld(held, write));
      },
    }),
    resign: operation<Worker>()({
      doc: 'Gives up the leadership, which notifies the next candidate. Answers OK.',
      parameters: { key: 'string' },
      run: unlock,
    }),
    leader: operation<Worker>()({
      doc: 'Answers what the leader of an election proclaims, or null if there is no leader.',
      parameters: { key: 'string' },
      run(node, { key }, id) {
        sendRequest(node, 'leader', id, always({ op: 'first', prefix: `${key}/` }));
      },
    }),
  },

  look(state) {
    const { places, lease } = state;
    const waiting = places.map(
      ({ key, watching }) => [key, `waits for ${watching?.key ?? key}`] as const,
    );
    return queueLook(state, waiting, { lease: lease || null });
  },
});

// Lock

const defaultTtl = seconds(60);

function placeOf(
  operation: OperationId, key: string, ttl = defaultTtl, patient: boolean, value: Json = '',
): Place {
  const inSeconds = Math.ceil(ttl / seconds(1));
  return { operation, key, ttl: inSeconds, value, patient, own: '', token: 0, watching: null };
}

function beginLock(node: Client, place: Place): void {
  const { state } = node;
  const { key, operation: id, ttl } = place;
  if (heldLock(state, key) || state.places.some((other) => other.key === key)) {
    node.fail(id, `${node.id} already has ${key} or waits for it`);
    return;
  }
  state.places.push(place);
  if (state.lease !== '') enqueue(node, place);
  else sendRequest(node, 'grant', id, { op: 'lease-grant', ttl });
}

/** Continues what a request was for, now that it is answered. */
function proceed(node: Client, request: EtcdRequest, response: Frozen<EtcdResponse>): void {
  const { purpose, operation: id } = request;
  switch (purpose) {
    case 'unlock':
      node.event('LockReleased', { key: lockOf(deletedBy(request)) });
      node.reply(id, 'OK');
      return;
    case 'close':
      endSession(node, 'the worker closed it');
      for (const place of node.state.places.slice()) giveUp(node, place, 'the session is over');
      node.reply(id, 'OK');
      return;
    case 'put':
      if (isTxn(response) && response.succeeded) node.reply(id, 'OK');
      else node.fail(id, 'its key was deleted, and the lock is lost');
      return;
    case 'leader':
      node.reply(id, (isTxn(response) ? response.responses[0]?.value : null) ?? null);
      return;
    default: {
      const place = node.state.places.find((one) => one.operation === id);
      if (place !== undefined) advance(node, place, purpose, response);
    }
  }
}

function isTxn(response: Frozen<EtcdResponse>): response is TxnResponse {
  return response !== null && 'succeeded' in response;
}

function deletedBy({ command }: EtcdRequest): string {
  return command.op === 'txn' && command.then[0].op === 'delete' ? command.then[0].key : '';
}

type Step = Exclude<EtcdRequest['purpose'], 'unlock' | 'close' | 'put' | 'leader'>;

/** Takes the next step towards the lock. */
function advance(node: Client, place: Place, step: Step, response: Frozen<EtcdResponse>): void {
  if (response === null) return;
  if ('error' in response) {
    giveUp(node, place, response.error);
    return;
  }
  if ('lease' in response) {
    beginSession(node, response.lease, response.ttl);
    enqueue(node, place);
    return;
  }
  switch (step) {
    case 'grant':
      return;
    case 'enqueue':
      enqueued(node, place, response);
      return;
    case 'predecessor':
      waitFor(node, place, response);
      return;
    case 'recheck':
      if (response.responses[0] !== null) acquire(node, place);
      else giveUp(node, place, 'session expired');
      return;
    case 'withdraw':
      giveUp(node, place, `${place.key} is locked`);
  }
}

/** In one transaction: creates its own key, unless it exists already, and reads the first key. */
function enqueue(node: Client, place: Place): void {
  const { lease } = node.state;
  const key = (place.own = `${place.key}/${lease}`);
  const first: Request = { op: 'first', prefix: `${place.key}/` };
  const absent: Compare = { key, createRevision: 0 };
  sendRequest(node, 'enqueue', place.operation, {
    op: 'txn',
    if: [absent],
    then: [{ op: 'put', key, value: place.value, lease }, first],
    else: [{ op: 'get', key }, first],
  });
}

function enqueued(node: Client, place: Place, { responses: [own, first] }: TxnResponse): void {
  place.token = own!.createRevision;
  if (first!.createRevision === own!.createRevision) {
    acquire(node, place);
    return;
  }
  node.event('LockRefused', { key: place.key });
  if (place.patient) findPredecessor(node, place);
  else sendRequest(node, 'withdraw', place.operation, always({ op: 'delete', key: place.own }));
}

/**
 * Reads the last of the keys that were created before its own. Each worker waits for only one
 * other, so a deletion notifies one worker instead of all.
 */
function findPredecessor(node: Client, { operation: id, key, token }: Place): void {
  const createdUpTo = token - 1;
  sendRequest(node, 'predecessor', id, always({ op: 'last', prefix: `${key}/`, createdUpTo }));
}

function waitFor(node: Client, place: Place, { responses, revision }: TxnResponse): void {
  const [predecessor] = responses;
  const ownKey: Request = { op: 'get', key: place.own };
  if (predecessor !== null) watchFor(node, place, predecessor.key, revision);
  else if (node.options.recheck) sendRequest(node, 'recheck', place.operation, always(ownKey));
  else acquire(node, place);
}

function acquire(node: Client, place: Place): void {
  const { state } = node;
  const { key, own, token, operation: id } = place;
  const validUntil: Micros = node.now() + seconds(state.ttl);
  leave(node, place);
  state.held.push({ key, grant: grantOf(own, token), token, validUntil });
  node.event('LockAcquired', { key, token });
  node.reply(id, token);
}

function unlock(node: Client, { key }: { readonly key: string }, id: OperationId): void {
  const held = holding(node, key, id);
  if (held === undefined) return;
  dropLock(node.state, key);
  sendRequest(node, 'unlock', id, always({ op: 'delete', key: keyOf(held) }));
}

function giveUp(node: Client, place: Place, reason: string): void {
  leave(node, place);
  node.fail(place.operation, reason);
}

function leave({ state }: Client, place: Place): void {
  state.places = state.places.filter((other) => other !== place);
}

/** A request that is executed only if the own key is the one that won the lock. */
function ifStillHeld(held: Held, request: Request): Txn {
  const guard: Compare = { key: keyOf(held), createRevision: held.token! };
  return { op: 'txn', if: [guard], then: [request], else: [] };
}

/** A transaction without a condition. */
function always(request: Request): Txn {
  return { op: 'txn', if: [], then: [request], else: [] };
}

export const workerEvents: Record<keyof WorkerEvents, string> = {
  LockAcquired: 'A worker has the lock, as far as it knows.',
  LockRefused: 'Another worker has the lock: this one waits in the queue, or gives up.',
  LockReleased: 'A holder released its lock: its key is deleted.',
  LossNoticed: 'A worker learned that it no longer has the lock.',
  SessionEnded: 'A worker learned, for the given reason, that its session is over.',
  ClientRetried: 'A worker received no answer in time and asks a randomly chosen server.',
};
