/** A worker that uses etcd's mutex: its key in the queue, the wait for its turn, its writes. */
// As in etcd's client library (clientv3/concurrency); see queue.ts.
import type { ConnectionId } from '../../protocol/connection.ts';
import { operation, role } from '../../protocol/define.ts';
import type { Frozen, Json, Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import { linkedHolderOperations, queueDocs, queueLook, queueStandings } from '../locks/queue.ts';
import {
  dropLock, type Held, heldLock, holderOptions, holding, noLocks, storageAnswers,
  storageLost,
} from '../locks/worker.ts';
import { openLinks } from '../shared/links.ts';
import {
  always, type Answer, type Failure, failure, get, ifCreated, isFailure, isUnknown, put, read,
  type Txn, type TxnAnswer,
} from './api.ts';
import {
  enqueueTxn, leaderRead, leaveTxn, placeOf, predecessorRead, proclaimTxn,
} from './queue.ts';
import {
  beginSession, changeEndpoint, connectionOf, deadlineExceeded, endSession, type EtcdPending,
  isMember, isRepeatable, keptAlive, type Place, reconnect, redial, requestSession, resend,
  sendAgain, sendKeepAlive, sendRequest, sentOn, takePending, watchFor, whyNotTtl, type Worker,
  type WorkerEvents, type WorkerState,
} from './session.ts';
import { grantOf, keyOf, lockOf } from './state.ts';
import { requestSummary } from './summary.ts';
import { isRefusedLock } from '../locks/lock-objects.ts';

type Client = Node<Worker>;

export const worker = role<Worker>({
  doc: 'A worker that takes locks in etcd, keeps its lease alive, and writes to storage.',
  joins: true,
  options: {
    ...holderOptions,
    endpoint: {
      kind: 'node',
      default: null,
      role: 'replica',
      doc: 'The member that it uses at first; a random one if none is named.',
    },
    timeout: {
      kind: 'duration',
      default: seconds(10),
      min: milliseconds(1),
      doc: 'How long it waits for the answer to a request; then the outcome is unknown.',
    },
    recheck: {
      kind: 'boolean',
      default: true,
      doc: 'Whether it checks, after waiting, that its own key still exists; etcd 3.4 does not.',
    },
  },
  durable: ['serial'],
  init: (): WorkerState => ({
    ...noLocks(), endpoint: null, pending: [], lease: '', requested: 0, ttl: 0,
    keepAlive: { request: 0, connection: '' }, refusals: 0, places: [], leaving: [],
  }),

  start: (node) => openLinks(node, 'storage'),
  connection: {
    // Go's net.Dialer
    socket: () => ({ keepAlive: { idle: seconds(15), interval: seconds(15), count: 9 } }),
    opened(node, peer, connection) {
      if (isMember(node, peer)) node.state.refusals = 0;
      node.cancelTimer('dial', connection);
    },
    ended(node, peer, connection, how) {
      if (!isMember(node, peer)) return storageLost(node, peer, connection, how);
      node.cancelTimer('dial', connection);
      moveOn(node, peer, connection, how === 'refused');
    },
  },

  messages: {
    ...storageAnswers,
    Response(node, { request, answer }) {
      if (request === node.state.keepAlive.request) return keptAlive(node, answer);
      const pending = node.state.pending.find((one) => one.request === request);
      if (pending === undefined) return;
      if (isFailure(answer) && isRepeatable(pending) && isUnknown(answer)) {
        changeEndpoint(node);
        return sendAgain(node, request);
      }
      takePending(node, request);
      if (isFailure(answer)) failed(node, pending, answer);
      else proceed(node, pending, answer);
    },
    WatchEvents(node, { watch, events }) {
      const place = node.state.places.find(({ watching }) => watching?.watch === watch);
      if (place === undefined || !events.some(({ type }) => type === 'delete')) return;
      place.watching = null;
      node.send(connectionOf(node), { type: 'WatchCancel', watch });
      // If the predecessor gave up before its turn, another worker is still before this one.
      findPredecessor(node, place);
    },
  },

  timers: {
    deadline(node, request) {
      const pending = takePending(node, request);
      if (pending !== undefined) failed(node, pending, deadlineExceeded);
    },
    keepAlive: sendKeepAlive,
    redial,
    dial(node, connection) {
      node.disconnect(connection);
      moveOn(node, node.state.endpoint!, connection, true);
    },
    sessionEnd: (node) => endSession(node, 'no keep-alive was answered within the TTL'),
  },
  background: ['keepAlive', 'sessionEnd'],

  operations: {
    ...linkedHolderOperations,
    lock: operation<Worker>()({
      doc: 'Takes a lock, waiting in its queue if necessary; answers the fencing token.',
      noEffect: isRefusedLock, parameters: { key: 'string', ttl: 'duration?' },
      run: (node, { key, ttl }, id) => beginLock(node, placeFor(id, key, true), ttl),
    }),
    tryLock: operation<Worker>()({
      doc: 'Takes a lock if it is free, and fails otherwise; answers the fencing token.',
      noEffect: isRefusedLock, parameters: { key: 'string', ttl: 'duration?' },
      run: (node, { key, ttl }, id) => beginLock(node, placeFor(id, key, false), ttl),
    }),
    unlock: operation<Worker>()({
      doc: 'Deletes its own key, which notifies the next worker in the queue. Answers OK.',
      noEffect: isRefusedLock, parameters: { key: 'string' },
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
        const write = put(name, value);
        if (held) sendRequest(node, 'put', id, guarded ? ifStillHeld(held, write) : always(write));
      },
    }),
    campaign: operation<Worker>()({
      doc: 'Runs for leader of an election, in a queue as for a lock; answers when it is elected.',
      parameters: { key: 'string', value: 'value', ttl: 'duration?' },
      run: (node, { key, value, ttl }, id) => beginLock(node, placeFor(id, key, true, value), ttl),
    }),
    proclaim: operation<Worker>()({
      doc: 'Changes what it proclaims as the leader, if it is still the leader. Answers OK.',
      parameters: { key: 'string', value: 'value' },
      run(node, { key, value }, id) {
        const held = holding(node, key, id);
        if (held === undefined) return;
        const { lease } = node.state;
        sendRequest(node, 'put', id, proclaimTxn(keyOf(held), held.token!, lease, value));
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
      run: (node, { key }, id) => sendRequest(node, 'leader', id, leaderRead(key)),
    }),
  },

  standings: queueStandings,
  lookDocs: queueDocs({ lease: 'Its lease: unless it is kept alive, the keys of it are deleted.' }),
  look(state, node) {
    const waiting = state.places.map(({ key, watching }) =>
      [key, `waits for ${watching?.key ?? key}`] as const);
    return queueLook(state, node, waiting, state.lease ? { lease: state.lease } : {});
  },
  summary: { messages: requestSummary },
});

/** A connection has ended, or was never open: then nothing was sent on it. */
function moveOn(node: Client, peer: NodeId, connection: ConnectionId, wasNeverOpen: boolean): void {
  const sent = sentOn(node, connection);
  if (peer === node.state.endpoint) reconnect(node, wasNeverOpen);
  for (const pending of sent) {
    const { request } = pending;
    if (wasNeverOpen || isRepeatable(pending)) resend(node, request);
    else failed(node, takePending(node, request)!, failure('transport is closing'));
  }
}

// Lock

function placeFor(
  operation: OperationId, key: string, patient: boolean, value: Json = '',
): Place {
  return { operation, key, value, patient, own: '', token: 0, watching: null };
}

function beginLock(node: Client, place: Place, ttl: Micros | undefined): void {
  const { state } = node;
  const { key, operation: id } = place;
  if (heldLock(state, key) || state.places.some((other) => other.key === key)) {
    node.fail(id, `${node.id} already has ${key} or waits for it`);
    return;
  }
  const refusal = whyNotTtl(node, ttl);
  if (refusal !== undefined) return node.fail(id, refusal);
  state.places.push(place);
  if (state.lease !== '') enqueue(node, place);
  // A lock that begins while the session is being created waits for the same session.
  else if (state.requested === 0) requestSession(node, id, ttl);
}

/** Continues what a request was for, now that it is answered. */
function proceed(node: Client, pending: EtcdPending, answer: Frozen<Answer>): void {
  const { purpose, operation: id } = pending;
  switch (purpose) {
    case 'unlock':
      node.state.leaving = node.state.leaving.filter((one) => keyOf(one) !== deletedBy(pending));
      reportRelease(node, lockOf(deletedBy(pending)), answer);
      node.reply(id, 'OK');
      return;
    case 'close':
      endSession(node, 'the worker closed it');
      for (const place of node.state.places.slice()) giveUp(node, place, 'the session is over');
      node.reply(id, 'OK');
      return;
    case 'put':
      if (isTxn(answer) && answer.succeeded) node.reply(id, 'OK');
      else node.fail(id, 'its key was deleted, and the lock is lost');
      return;
    case 'leader':
      node.reply(id, (isTxn(answer) ? answer.responses[0][0]?.value : null) ?? null);
      return;
    default: {
      const place = placeOfOperation(node, id);
      if (place !== undefined) advance(node, place, purpose, answer);
    }
  }
}

/** Mutex.Unlock succeeds even if its key was deleted before, as with a session that is over. */
function reportRelease(node: Client, key: string, answer: Frozen<Answer>): void {
  const hasDeleted = isTxn(answer) && answer.responses[0].length > 0;
  node.event(hasDeleted ? 'LockReleased' : 'NothingReleased', { key });
}

function placeOfOperation(node: Client, id: OperationId): Place | undefined {
  return node.state.places.find((one) => one.operation === id);
}

/** A write that fails in this way may have been executed, or will be: the worker cannot know. */
function failed(node: Client, pending: EtcdPending, why: Failure): void {
  const { purpose, operation: id } = pending;
  const place = placeOfOperation(node, id);
  if (purpose === 'grant') return noSession(node, why);
  if (place !== undefined) {
    leave(node, place);
    // The library removes its key if its wait fails, but not if it does not know of the key.
    if (place.token > 0) withdraw(node, place.own);
  }
  if (isRepeatable(pending) || !isUnknown(why)) return node.fail(id, why.error);
  node.event('OutcomeUnknown', { purpose, error: why.error });
  node.reply(id, { error: why.error, outcome: 'unknown' });
}

/** Its session could not be created: that fails all locks that wait for it. */
function noSession(node: Client, why: Failure): void {
  node.state.requested = 0;
  for (const place of waitingForSession(node)) giveUp(node, place, why.error);
}

function waitingForSession({ state }: Client): Place[] {
  return state.places.filter(({ own }) => own === '');
}

function withdraw(node: Client, key: string): void {
  const request = ++node.state.serial;
  node.send(connectionOf(node), { type: 'Request', request, command: leaveTxn(key) });
}

function isTxn(answer: Frozen<Answer>): answer is TxnAnswer {
  return 'responses' in answer;
}

function deletedBy({ command }: EtcdPending): string {
  return command.op === 'txn' && command.then[0].op === 'delete' ? command.then[0].key : '';
}

type Step = Exclude<EtcdPending['purpose'], 'unlock' | 'close' | 'put' | 'leader'>;

/** Takes the next step towards the lock. */
function advance(node: Client, place: Place, step: Step, answer: Frozen<Answer>): void {
  if ('lease' in answer) {
    beginSession(node, answer.lease, answer.ttl);
    for (const waiting of waitingForSession(node)) enqueue(node, waiting);
    return;
  }
  if (!isTxn(answer)) return;
  switch (step) {
    case 'grant':
      return;
    case 'enqueue':
      enqueued(node, place, answer);
      return;
    case 'predecessor':
      waitFor(node, place, answer);
      return;
    case 'recheck':
      if (answer.responses[0].length > 0) acquire(node, place);
      else giveUp(node, place, 'session expired');
      return;
    case 'withdraw':
      giveUp(node, place, `${place.key} is locked`);
  }
}

function enqueue(node: Client, place: Place): void {
  const { lease } = node.state;
  place.own = placeOf(place.key, lease);
  sendRequest(node, 'enqueue', place.operation, enqueueTxn(place.key, lease, place.value));
}

function enqueued(node: Client, place: Place, { revision, succeeded, responses }: TxnAnswer): void {
  const [[own], [first]] = responses;
  place.token = succeeded ? revision : own.createRevision;
  if (first.createRevision === place.token) {
    acquire(node, place);
    return;
  }
  node.event('LockRefused', { key: place.key });
  if (place.patient) findPredecessor(node, place);
  else sendRequest(node, 'withdraw', place.operation, leaveTxn(place.own));
}

function findPredecessor(node: Client, { operation: id, key, token }: Place): void {
  sendRequest(node, 'predecessor', id, predecessorRead(key, token));
}

function waitFor(node: Client, place: Place, { responses, revision }: TxnAnswer): void {
  const [[predecessor]] = responses;
  if (predecessor !== undefined) watchFor(node, place, predecessor.key, revision);
  else if (node.options.recheck) {
    sendRequest(node, 'recheck', place.operation, read(get(place.own)));
  } else acquire(node, place);
}

function acquire(node: Client, place: Place): void {
  const { state } = node;
  const { key, own, token, operation: id } = place;
  const validUntil: Micros = node.now() + seconds(state.ttl);
  leave(node, place);
  state.leaving = state.leaving.filter((one) => one.key !== key);
  state.held.push({ key, grant: grantOf(own, token), token, validUntil });
  node.event('LockAcquired', { key, token });
  node.reply(id, token);
}

function unlock(node: Client, { key }: { readonly key: string }, id: OperationId): void {
  const { state } = node;
  // Mutex.Unlock keeps the key: it deletes it again if the outcome is unknown or its session over.
  const held = state.leaving.find((one) => one.key === key) ?? holding(node, key, id);
  if (held === undefined) return;
  dropLock(state, key);
  if (!state.leaving.includes(held)) state.leaving.push(held);
  sendRequest(node, 'unlock', id, leaveTxn(keyOf(held)));
}

function giveUp(node: Client, place: Place, reason: string): void {
  leave(node, place);
  node.fail(place.operation, reason);
}

function leave({ state }: Client, place: Place): void {
  state.places = state.places.filter((other) => other !== place);
}

/** An operation that is executed only if the own key is the one that won the lock. */
function ifStillHeld(held: Held, operation: ReturnType<typeof put>): Txn {
  return ifCreated(keyOf(held), held.token!, [operation]);
}

export const workerEvents: Record<keyof WorkerEvents, string> = {
  LockAcquired: 'A worker has the lock, as far as it knows.',
  LockRefused: 'Another worker has the lock: this one waits in the queue, or gives up.',
  LockReleased: 'A holder released its lock: its key is deleted.',
  NothingReleased: 'A worker released a lock that it no longer had: its key was already deleted.',
  LossNoticed: 'A worker learned that it no longer has the lock.',
  SessionEnded: 'A worker learned, for the given reason, that its session is over.',
  OutcomeUnknown: 'A write failed, and the worker cannot know whether it was executed.',
  EndpointChanged: 'A worker goes on with another member.',
};
