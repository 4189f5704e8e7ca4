/** A worker that uses ZooKeeper's lock recipe: its node in the queue, a watch on the one before. */
import { operation, role } from '../../protocol/define.ts';
import type { Frozen, Json, Micros, Node, OperationId } from '../../protocol/types.ts';
import { asDuration, milliseconds, seconds } from '../../protocol/units.ts';
import { holderOperations, queueLook } from '../locks/queue.ts';
import {
  dropLock, heldLock, holderOptions, holding, noLocks, storageAnswers,
} from '../locks/worker.ts';
import { repeatRequests, sendRequest, serverOf } from '../shared/one-server.ts';
import { takePending } from '../shared/pending-requests.ts';
import {
  type Place, type Purpose, type Worker, type WorkerState, type ZooKeeperRequest,
  type ZooKeeperResponse,
} from './state.ts';

type Client = Node<Worker>;

const defaultTimeout = seconds(10);

export const worker = role<Worker>({
  doc: 'A worker that takes locks in ZooKeeper, sends pings, and writes to storage.',
  joins: true,
  options: {
    ...holderOptions,
    retryAfter: {
      kind: 'duration',
      default: milliseconds(500),
      min: milliseconds(1),
      doc: 'How long it waits for an answer before it sends its request again.',
    },
    token: {
      kind: 'choice',
      default: 'sequence',
      choices: ['sequence', 'zxid'],
      doc: 'The fencing token: the number in the name of its node, or the zxid that created it.',
    },
  },
  durable: ['serial'],
  init: (): WorkerState => ({
    ...noLocks(), pending: [], session: '', timeout: 0, connected: true, epoch: 0, places: [],
  }),

  messages: {
    ...storageAnswers,
    Reply(node, { serial, response }) {
      const request = takePending(node, serial);
      extendSession(node);
      if (request !== undefined && response !== null) proceed(node, request, response);
    },
    Pong(node, { session, alive, epoch }) {
      const { state } = node;
      if (session !== state.session) return;
      if (!alive) {
        loseSession(node);
        return;
      }
      const hasRestarted = epoch > state.epoch;
      state.epoch = epoch;
      if (hasRestarted) state.connected = false;
      extendSession(node);
    },
    NodeDeleted(node, { path }) {
      for (const place of node.state.places) if (place.watching === path) readQueue(node, place);
    },
  },

  timers: {
    retry: repeatRequests,
    ping(node) {
      const { session } = node.state;
      node.send(serverOf(node), { type: 'Ping', session });
      node.setTimer('ping', node.state.connected ? pingInterval(node) : node.options.retryAfter);
    },
    // After two thirds of the timeout without an answer, a client looks for another server.
    silence(node) {
      const { session } = node.state;
      node.state.connected = false;
      node.event('Disconnected', { session });
      node.setTimer('ping', 0);
    },
  },
  background: ['ping', 'silence'],

  operations: {
    ...holderOperations,
    lock: operation<Worker>()({
      doc: 'Takes a lock, waiting in its queue if necessary; answers the fencing token.',
      parameters: { key: 'string', timeout: 'duration?' },
      run: (node, { key, timeout }, id) => beginLock(node, placeOf(id, key, timeout, true)),
    }),
    tryLock: operation<Worker>()({
      doc: 'Takes a lock if it is free, and fails otherwise; answers the fencing token.',
      parameters: { key: 'string', timeout: 'duration?' },
      run: (node, { key, timeout }, id) => beginLock(node, placeOf(id, key, timeout, false)),
    }),
    unlock: operation<Worker>()({
      doc: 'Deletes its own node, which notifies the worker that watches it. Answers OK.',
      parameters: { key: 'string' },
      run(node, { key }, id) {
        const held = holding(node, key, id);
        if (held === undefined) return;
        dropLock(node.state, key);
        const { session } = node.state;
        sendRequest(node, 'unlock', id, { op: 'delete', path: held.grant, session });
      },
    }),
    close: operation<Worker>()({
      doc: 'Ends its session: its nodes are deleted at once. Answers OK.',
      parameters: {},
      run(node, _none, id) {
        const { session } = node.state;
        if (session === '') node.fail(id, `${node.id} has no session`);
        else sendRequest(node, 'close', id, { op: 'close-session', session });
      },
    }),
  },

  look(state) {
    const { places, session, connected } = state;
    const waiting = places.map(
      ({ key, watching }) => [key, `waits for ${watching || key}`] as const,
    );
    const lost: Record<string, Json> = connected ? {} : { connected };
    return queueLook(state, waiting, { session: session || null, ...lost });
  },
});

// The session

function pingInterval({ state }: Client): Micros {
  return Math.floor(state.timeout / 3);
}

/** Any answer of the server means that the session continues. */
function extendSession(node: Client): void {
  const { state } = node;
  if (state.session === '') return;
  if (!state.connected) reconnect(node);
  node.setTimer('ping', pingInterval(node));
  node.setTimer('silence', 2 * pingInterval(node));
  const validUntil = node.now() + state.timeout;
  state.held = state.held.map((held) => ({ ...held, validUntil }));
}

/** Watches that fired while it was disconnected did not reach it, so it sets them again. */
function reconnect(node: Client): void {
  const { state } = node;
  state.connected = true;
  node.event('Reconnected', { session: state.session });
  for (const place of state.places) if (place.watching !== '') readQueue(node, place);
}

/** Only the server can say that a session is over: a disconnected worker does not know. */
function loseSession(node: Client): void {
  const { state } = node;
  node.cancelTimer('ping');
  node.cancelTimer('silence');
  state.session = '';
  state.connected = true;
  for (const { key } of state.held) node.event('LossNoticed', { key });
  state.held = [];
  for (const place of state.places.slice()) giveUp(node, place, 'session expired');
}

// The recipe

function placeOf(
  operation: OperationId, key: string, timeout: Micros | undefined, patient: boolean,
): Place {
  return { operation, key, timeout, patient, own: '', token: 0, watching: '' };
}

function beginLock(node: Client, place: Place): void {
  const { state } = node;
  const { key, operation: id, timeout = defaultTimeout } = place;
  if (heldLock(state, key) || state.places.some((other) => other.key === key)) {
    node.fail(id, `${node.id} already has ${key} or waits for it`);
    return;
  }
  if (state.session !== '' && place.timeout !== undefined && timeout !== state.timeout) {
    const both = `${node.id} has a session with a timeout of ${asDuration(state.timeout)}`;
    node.fail(id, `${both}, which holds all its locks: close it first, or leave the timeout out`);
    return;
  }
  state.places.push(place);
  if (state.session !== '') enqueue(node, place);
  else sendRequest(node, 'session', id, { op: 'create-session', timeout });
}

/** Continues what a request was for, now that it is answered. */
function proceed(
  node: Client,
  { purpose, operation: id, command }: ZooKeeperRequest,
  response: Frozen<ZooKeeperResponse>,
): void {
  if (typeof response === 'object' && 'error' in response) {
    if ('session' in command && command.session === node.state.session) loseSession(node);
    node.fail(id, response.error);
    return;
  }
  switch (purpose) {
    case 'unlock':
      if (command.op === 'delete') node.event('LockReleased', { key: lockOf(command.path) });
      node.reply(id, 'OK');
      return;
    case 'close':
      loseSession(node);
      node.reply(id, 'OK');
      return;
    default: {
      const place = node.state.places.find((one) => one.operation === id);
      if (place !== undefined) advance(node, place, purpose, response);
    }
  }
}

type Step = Exclude<Purpose, 'unlock' | 'close'>;
type Answer = Exclude<Frozen<ZooKeeperResponse>, { readonly error: string }>;

/** Takes the next step towards the lock. */
function advance(node: Client, place: Place, step: Step, answer: Answer): void {
  if (typeof answer === 'object' && 'timeout' in answer) {
    const { session, timeout, epoch } = answer;
    Object.assign(node.state, { session, timeout, epoch });
    extendSession(node);
    enqueue(node, place);
  } else if (typeof answer === 'object' && 'path' in answer) {
    place.own = answer.path;
    place.token = node.options.token === 'zxid' ? answer.czxid : answer.sequence;
    readQueue(node, place);
  } else if (Array.isArray(answer)) {
    findPredecessor(node, place, answer);
  } else if (step === 'exists' && answer === false) {
    // Step 5: the predecessor was deleted after its name was read.
    readQueue(node, place);
  } else if (step === 'withdraw') {
    giveUp(node, place, `${place.key} is locked`);
  }
}

/** Step 1 of the recipe: creates its own node, ephemeral and sequential. */
function enqueue(node: Client, { operation: id, key }: Place): void {
  sendRequest(node, 'enqueue', id, {
    op: 'create', parent: `/${key}`, name: 'lock-', session: node.state.session,
  });
}

/**
 * Step 2: lists the nodes in the queue. It is repeated when a watch fires, because the predecessor
 * may have given up before its turn.
 */
function readQueue(node: Client, place: Place): void {
  const { session } = node.state;
  const { key, operation: id } = place;
  place.watching = '';
  sendRequest(node, 'children', id, { op: 'children', parent: `/${key}`, session });
}

/** Steps 3 and 4: the lowest number has the lock; any other watches only the next lower node. */
function findPredecessor(node: Client, place: Place, children: readonly string[]): void {
  const { session } = node.state;
  const { own, key, operation: id } = place;
  const before = children.filter((path) => path < own).at(-1);
  if (before === undefined) {
    acquire(node, place);
    return;
  }
  node.event('LockRefused', { key });
  if (!place.patient) {
    sendRequest(node, 'withdraw', id, { op: 'delete', path: own, session });
    return;
  }
  place.watching = before;
  sendRequest(node, 'exists', id, { op: 'exists', path: before, session });
}

function acquire(node: Client, place: Place): void {
  const { state } = node;
  const { key, own: grant, token, operation: id } = place;
  const validUntil = node.now() + state.timeout;
  leave(node, place);
  state.held.push({ key, grant, token, validUntil });
  node.event('LockAcquired', { key, token });
  node.reply(id, token);
}

function giveUp(node: Client, place: Place, reason: string): void {
  leave(node, place);
  node.fail(place.operation, reason);
}

function leave({ state }: Client, place: Place): void {
  state.places = state.places.filter((other) => other !== place);
}

function lockOf(path: string): string {
  return path.slice(1, path.lastIndexOf('/'));
}
