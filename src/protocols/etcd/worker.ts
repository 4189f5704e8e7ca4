/** A worker with etcd's mutex: its key in the line, the wait for its predecessor, its writes. */
// As etcd's own client library does it: the key is named after the session's lease, so that it
// goes with the session; the owner is who came first, by the create revision of its key.
import { operation, role } from '../../protocol/define.ts';
import type { Json, Micros, Node, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import {
  answeredRequest, ask, askAgain, beginSession, endSession, errorIn, keepAlive, keptAlive,
  type PendingRequest, type Place, watchFor, type Worker, type WorkerEvents, type WorkerState,
} from './session.ts';
import {
  type Compare, type Found, grantOf, keyOf, lockOf, type Request, type Txn, type TxnResponse,
} from './state.ts';
import { holderOperations, holding, lineLook } from '../locks/line.ts';
import { dropLock, type Held, heldLock, noLocks, storageAnswers } from '../locks/worker.ts';

type Client = Node<Worker>;

export const worker = role<Worker>({
  doc: 'A worker that takes locks in etcd, keeps its lease alive, and writes to storage.',
  options: {
    retryAfter: {
      kind: 'duration',
      default: milliseconds(500),
      doc: 'How long it waits for an answer before it asks a server chosen at random.',
    },
    recheck: {
      kind: 'boolean',
      default: true,
      doc: 'Whether it looks, after waiting, if its own key is still there; etcd 3.4 does not.',
    },
  },
  durable: ['serial'],
  init: (): WorkerState => ({
    ...noLocks(), leaderId: null, pending: [], lease: '', ttl: 0, places: [],
  }),

  messages: {
    ...storageAnswers,
    ClientResponse(node, message) {
      const one = answeredRequest(node, message);
      if (one !== undefined) proceed(node, one, message.response as Json);
    },
    LeaseKeepAliveResponse: keptAlive,
    WatchResponse(node, message) {
      const place = node.state.places.find(({ watching }) => watching?.watch === message.watch);
      if (place === undefined) return;
      place.watching = null;
      // Its predecessor may have given up before its turn: then somebody else is before it still.
      findPredecessor(node, place);
    },
  },

  timers: {
    retry: askAgain,
    keepAlive,
    sessionEnd: (node) => endSession(node, 'no keep-alive was answered within the TTL'),
  },
  background: ['keepAlive', 'sessionEnd'],

  operations: {
    ...holderOperations,
    lock: operation<Worker>()({
      doc: 'Takes a lock, waiting in line if need be; answers its fencing token.',
      parameters: { key: 'string', ttl: 'duration?' },
      run: (node, { key, ttl }, id) => beginLock(node, placeOf(id, key, ttl, true)),
    }),
    tryLock: operation<Worker>()({
      doc: 'Takes a lock if nobody has it, and fails otherwise; answers its fencing token.',
      parameters: { key: 'string', ttl: 'duration?' },
      run: (node, { key, ttl }, id) => beginLock(node, placeOf(id, key, ttl, false)),
    }),
    unlock: operation<Worker>()({
      doc: 'Deletes its own key and no other; the next in line is told. Answers OK.',
      parameters: { key: 'string' },
      run: unlock,
    }),
    close: operation<Worker>()({
      doc: 'Ends its session: the lease is revoked, and its keys go with it. Answers OK.',
      parameters: {},
      run(node, _none, id) {
        const { lease } = node.state;
        if (lease === '') node.fail(id, 'it has no session');
        else ask(node, 'close', id, { op: 'lease-revoke', lease });
      },
    }),
    put: operation<Worker>()({
      doc: 'Writes to etcd itself, if its own key is still the one it made. Answers OK.',
      parameters: { name: 'string', value: 'value', guarded: 'boolean?' },
      run(node, { name, value, guarded = true }, id) {
        const held = holding(node, undefined, id);
        const write: Request = { op: 'put', key: name, value, lease: '' };
        if (held) ask(node, 'put', id, guarded ? ifStillHeld(held, write) : always(write));
      },
    }),
    campaign: operation<Worker>()({
      doc: 'Stands for election, which is a line as that for a lock; answers when it leads.',
      parameters: { key: 'string', value: 'value', ttl: 'duration?' },
      run: (node, { key, value, ttl }, id) => beginLock(node, placeOf(id, key, ttl, true, value)),
    }),
    proclaim: operation<Worker>()({
      doc: 'Says something new as the leader, if it still is the one that was elected. Answers OK.',
      parameters: { key: 'string', value: 'value' },
      run(node, { key, value }, id) {
        const held = holding(node, key, id);
        if (held === undefined) return;
        const { lease } = node.state;
        ask(node, 'put', id, ifStillHeld(held, { op: 'put', key: keyOf(held), value, lease }));
      },
    }),
    resign: operation<Worker>()({
      doc: 'Gives up being the leader; the next in line is told. Answers OK.',
      parameters: { key: 'string' },
      run: unlock,
    }),
    leader: operation<Worker>()({
      doc: 'Answers what the leader of an election proclaims, or null.',
      parameters: { key: 'string' },
      run(node, { key }, id) {
        ask(node, 'leader', id, always({ op: 'first', prefix: `${key}/` }));
      },
    }),
  },

  look(state) {
    const { places, lease } = state;
    const waiting = places.map(
      ({ key, watching }) => [key, `waits for ${watching?.key ?? key}`] as const,
    );
    return lineLook(state, waiting, { lease: lease || null });
  },
});

// Lock

const defaultTtl = seconds(60);

function placeOf(
  operation: OperationId, key: string, ttl = defaultTtl, patient: boolean, value: Json = '',
): Place {
  return { operation, key, ttl, value, patient, own: '', token: 0, watching: null };
}

function beginLock(node: Client, place: Place): void {
  const { state } = node;
  const { key, operation: id, ttl } = place;
  if (heldLock(state, key) || state.places.some((one) => one.key === key)) {
    node.fail(id, `${node.id} has or wants ${key} already`);
    return;
  }
  state.places.push(place);
  if (state.lease !== '') enqueue(node, place);
  else ask(node, 'grant', id, { op: 'lease-grant', ttl: Math.ceil(ttl / seconds(1)) });
}

/** Goes on where the answer to a request leads. */
function proceed(node: Client, request: PendingRequest, response: Json): void {
  const { purpose, operation: id } = request;
  const txn = response as unknown as TxnResponse;
  switch (purpose) {
    case 'unlock':
      node.event('LockReleased', { key: lockOf(deletedBy(request)) });
      node.reply(id, 'OK');
      return;
    case 'close':
      endSession(node, 'it closed it');
      for (const place of node.state.places.slice()) giveUp(node, place, 'its session is over');
      node.reply(id, 'OK');
      return;
    case 'put':
      if (txn.succeeded) node.reply(id, 'OK');
      else node.fail(id, 'its key is gone, and the lock with it');
      return;
    case 'leader':
      node.reply(id, txn.responses[0]?.value ?? null);
      return;
    default: {
      const place = node.state.places.find((one) => one.operation === id);
      if (place !== undefined) advance(node, place, purpose, response);
    }
  }
}

function deletedBy({ command }: PendingRequest): string {
  return command.op === 'txn' && command.then[0].op === 'delete' ? command.then[0].key : '';
}

type Advance = 'grant' | 'enqueue' | 'predecessor' | 'recheck' | 'withdraw';

function advance(node: Client, place: Place, purpose: Advance, response: Json): void {
  const txn = response as unknown as TxnResponse;
  const error = errorIn(response);
  if (error !== undefined) return giveUp(node, place, error);
  switch (purpose) {
    case 'grant': {
      const { lease, ttl } = response as { lease: string; ttl: number };
      beginSession(node, lease, ttl);
      return enqueue(node, place);
    }
    case 'enqueue':
      return enqueued(node, place, txn);
    case 'predecessor':
      return waitFor(node, place, txn);
    case 'recheck':
      return txn.responses[0] ? acquire(node, place) : giveUp(node, place, 'session expired');
    case 'withdraw':
      return giveUp(node, place, `${place.key} is locked`);
  }
}

/** Its own key, unless it is there already, and who is first in line: in one transaction. */
function enqueue(node: Client, place: Place): void {
  const { lease } = node.state;
  const key = (place.own = `${place.key}/${lease}`);
  const first: Request = { op: 'first', prefix: `${place.key}/` };
  const absent: Compare = { key, createRevision: 0 };
  ask(node, 'enqueue', place.operation, {
    op: 'txn',
    if: [absent],
    then: [{ op: 'put', key, value: place.value, lease }, first],
    else: [{ op: 'get', key }, first],
  });
}

function enqueued(node: Client, place: Place, { responses }: TxnResponse): void {
  const [own, first] = responses as [Found, Found];
  place.token = own.createRevision;
  if (first.createRevision === own.createRevision) {
    acquire(node, place);
    return;
  }
  node.event('LockRefused', { key: place.key });
  if (place.patient) findPredecessor(node, place);
  else ask(node, 'withdraw', place.operation, always({ op: 'delete', key: place.own }));
}

/** Of those that came before it the last one: each waits for one, and one is told when one goes. */
function findPredecessor(node: Client, { operation: id, key, token }: Place): void {
  const createdUpTo = token - 1;
  ask(node, 'predecessor', id, always({ op: 'last', prefix: `${key}/`, createdUpTo }));
}

function waitFor(node: Client, place: Place, { responses, revision }: TxnResponse): void {
  const [predecessor] = responses;
  const look: Request = { op: 'get', key: place.own };
  if (predecessor !== null) watchFor(node, place, predecessor.key, revision);
  else if (node.options.recheck) ask(node, 'recheck', place.operation, always(look));
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
  ask(node, 'unlock', id, always({ op: 'delete', key: keyOf(held) }));
}

function giveUp(node: Client, place: Place, reason: string): void {
  leave(node, place);
  node.fail(place.operation, reason);
}

function leave({ state }: Client, place: Place): void {
  state.places = state.places.filter((one) => one !== place);
}

/** Done only if its own key is the one that it made: nobody else can have had the lock since. */
function ifStillHeld(held: Held, request: Request): Txn {
  const guard: Compare = { key: keyOf(held), createRevision: held.token! };
  return { op: 'txn', if: [guard], then: [request], else: [] };
}

/** A transaction without a condition. */
function always(request: Request): Txn {
  return { op: 'txn', if: [], then: [request], else: [] };
}

/** What its events mean. */
export const workerEvents: Record<keyof WorkerEvents, string> = {
  LockAcquired: 'A worker has the lock, as far as it knows.',
  LockRefused: 'Somebody else has the lock: the worker waits in line, or gives up.',
  LockReleased: 'A holder gave its lock back: its key is deleted.',
  LossNoticed: 'A worker learned that the lock was no longer its own.',
  SessionEnded: 'A worker knows that its lease is over, and why.',
  ClientRetried: 'A worker heard no answer in time and asks a server chosen at random.',
};
