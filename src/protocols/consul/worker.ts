/** A worker that locks a key in Consul: it renews its session, acquires, waits, and writes. */
import { operation, role } from '../../protocol/define.ts';
import type { Frozen, Node, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import { holderOperations, queueLook } from '../locks/queue.ts';
import {
  dropLock, heldLock, holderOptions, holding,
  noLocks, storageAnswers,
} from '../locks/worker.ts';
import { repeatRequests, sendRequest, serverOf } from '../shared/one-server.ts';
import { takePending } from '../shared/pending-requests.ts';
import {
  type Attempt, type ConsulCommand, type ConsulRequest, type ConsulResponse, sequencer,
  type Worker, type WorkerState,
} from './state.ts';

type Client = Node<Worker>;

const lockParameters = {
  key: 'string', ttl: 'duration?', lockDelay: 'duration?', behavior: 'string?',
} as const;

export const worker = role<Worker>({
  doc: 'A worker that takes locks in Consul, renews its session, and writes to storage.',
  joins: true,
  options: {
    ...holderOptions,
    retryAfter: {
      kind: 'duration',
      default: milliseconds(500),
      min: milliseconds(1),
      doc: 'How long it waits for an answer before it sends its request again.',
    },
    lockRetry: {
      kind: 'duration',
      default: seconds(5),
      min: milliseconds(1),
      doc: 'How soon it tries again for a lock that is free but refused for its lock-delay.',
    },
    waitTime: {
      kind: 'duration',
      default: seconds(15),
      min: milliseconds(1),
      doc: 'How long a blocking query waits for a lock to change before it is sent again.',
    },
  },
  durable: ['serial'],
  init: (): WorkerState => ({ ...noLocks(), pending: [], session: '', ttl: 0, attempts: [] }),

  messages: {
    ...storageAnswers,
    Reply(node, { serial, response }) {
      const request = takePending(node, serial);
      if (request !== undefined && response !== null) proceed(node, request, response);
    },
    Changed(node, { query }) {
      const attempt = node.state.attempts.find((one) => one.query === query);
      if (attempt !== undefined) tryToAcquire(node, attempt);
    },
  },

  timers: {
    retry: repeatRequests,
    renew(node) {
      const { session, pending, ttl } = node.state;
      const isRenewing = pending.some(({ purpose }) => purpose === 'renew');
      if (!isRenewing) sendRequest(node, 'renew', '', { op: 'session-renew', session });
      node.setTimer('renew', Math.floor(ttl / 2));
    },
    sessionEnd: (node) => endSession(node, 'no renewal was answered within the TTL'),
    tryAgain(node, id) {
      const attempt = attemptOf(node, id);
      if (attempt !== undefined) tryToAcquire(node, attempt);
    },
    wait(node, id) {
      const attempt = attemptOf(node, id);
      if (attempt !== undefined) waitForChange(node, attempt, attempt.index);
    },
  },
  background: ['renew', 'sessionEnd', 'wait'],

  operations: {
    ...holderOperations,
    lock: operation<Worker>()({
      doc: 'Takes a lock, waiting for it if necessary; answers the fencing token, its LockIndex.',
      parameters: lockParameters,
      run: (node, args, id) => beginLock(node, id, args, true),
    }),
    tryLock: operation<Worker>()({
      doc: 'Takes a lock if it is free, and fails otherwise; answers its LockIndex.',
      parameters: lockParameters,
      run: (node, args, id) => beginLock(node, id, args, false),
    }),
    unlock: operation<Worker>()({
      doc: 'Releases its lock; the session continues. Answers whether it still had the lock.',
      parameters: { key: 'string' },
      run(node, { key }, id) {
        if (holding(node, key, id) === undefined) return;
        dropLock(node.state, key);
        sendRequest(node, 'release', id, { op: 'release', key, session: node.state.session });
      },
    }),
    close: operation<Worker>()({
      doc: 'Destroys its session, which invalidates it: a lock-delay follows. Answers OK.',
      parameters: {},
      run(node, _none, id) {
        const { session } = node.state;
        if (session === '') node.fail(id, `${node.id} has no session`);
        else sendRequest(node, 'close', id, { op: 'session-destroy', session });
      },
    }),
  },

  look(state) {
    const waiting = state.attempts.map(({ key }) => [key, 'waits for it'] as const);
    return queueLook(state, waiting, { session: state.session || null });
  },
});

// The session

/** The session ends by the worker's own clock if it is not renewed within the TTL. */
function prolong(node: Client): void {
  const { state } = node;
  node.setTimer('sessionEnd', state.ttl);
  const validUntil = node.now() + state.ttl;
  state.held = state.held.map((held) => ({ ...held, validUntil }));
}

function endSession(node: Client, reason: string): void {
  const { state } = node;
  node.cancelTimer('renew');
  node.cancelTimer('sessionEnd');
  node.event('SessionEnded', { session: state.session, reason });
  state.session = '';
  for (const { key } of state.held) node.event('LossNoticed', { key });
  state.held = [];
  for (const attempt of state.attempts.slice()) giveUp(node, attempt, 'the session is over');
}

// The lock

interface Wanted {
  readonly key: string;
  readonly ttl?: number;
  readonly lockDelay?: number;
  readonly behavior?: string;
}

function beginLock(node: Client, id: OperationId, wanted: Wanted, patient: boolean): void {
  const { state } = node;
  const { key, ttl = seconds(15), lockDelay = seconds(15), behavior = 'release' } = wanted;
  if (behavior !== 'release' && behavior !== 'delete') {
    node.fail(id, `the behavior of a session must be release or delete, not ${behavior}`);
    return;
  }
  if (heldLock(state, key) || state.attempts.some((other) => other.key === key)) {
    node.fail(id, `${node.id} already has ${key} or waits for it`);
    return;
  }
  const attempt = { operation: id, key, ttl, lockDelay, behavior, patient } as const;
  state.attempts.push({ ...attempt, query: 0, index: 0 });
  if (state.session !== '') sendRequest(node, 'acquire', id, acquireOf(node, key));
  else sendRequest(node, 'session', id, { op: 'session-create', ttl, behavior, lockDelay });
}

function acquireOf({ state: { session } }: Client, key: string): ConsulCommand {
  return { op: 'acquire', key, session };
}

/** Continues what a request was for, now that it is answered. */
function proceed(
  node: Client,
  { purpose, operation: id, command }: ConsulRequest,
  response: Frozen<ConsulResponse>,
): void {
  const error = errorIn(response);
  switch (purpose) {
    case 'renew':
      if (error === undefined) prolong(node);
      else if ('session' in command && command.session === node.state.session) {
        endSession(node, error);
      }
      return;
    case 'release':
      if (response === true && command.op === 'release') {
        node.event('LockReleased', { key: command.key });
      }
      node.reply(id, response);
      return;
    case 'close':
      endSession(node, 'the worker destroyed it');
      node.reply(id, 'OK');
      return;
    default: {
      const attempt = attemptOf(node, id);
      if (attempt === undefined) return;
      if (error === undefined) advance(node, attempt, response);
      else giveUp(node, attempt, error);
    }
  }
}

function errorIn(response: Frozen<ConsulResponse>): string | undefined {
  return typeof response === 'object' && 'error' in response ? response.error : undefined;
}

/** Takes the next step towards the lock: the answer may be to any of three requests. */
function advance(node: Client, attempt: Attempt, answer: Frozen<ConsulResponse>): void {
  if (typeof answer !== 'object') return;
  const { operation: id } = attempt;
  if ('ttl' in answer) {
    const { session, ttl } = answer;
    Object.assign(node.state, { session, ttl });
    node.setTimer('renew', Math.floor(ttl / 2));
    prolong(node);
    tryToAcquire(node, attempt);
  } else if ('acquired' in answer) {
    if (answer.acquired) take(node, attempt, answer.lockIndex);
    else refused(node, attempt);
  } else if ('modifyIndex' in answer) {
    if (answer.session !== null) waitForChange(node, attempt, answer.modifyIndex);
    // The key is free, but was refused: it is in its lock-delay, whose end changes no key.
    else node.setTimer('tryAgain', node.options.lockRetry, id);
  }
}

function tryToAcquire(node: Client, attempt: Attempt): void {
  attempt.query = 0;
  node.cancelTimer('wait', attempt.operation);
  sendRequest(node, 'acquire', attempt.operation, acquireOf(node, attempt.key));
}

function refused(node: Client, attempt: Attempt): void {
  const { key, operation: id } = attempt;
  node.event('LockRefused', { key });
  if (attempt.patient) sendRequest(node, 'look', id, { op: 'get', key });
  else giveUp(node, attempt, `${key} is locked, or its lock-delay is not over`);
}

/** Sends a blocking query, which is answered when the key changes, and sent again after a while. */
function waitForChange(node: Client, attempt: Attempt, index: number): void {
  attempt.query = ++node.state.serial;
  attempt.index = index;
  const { query, key, operation: id } = attempt;
  node.send(serverOf(node), { type: 'Watch', query, key, index });
  node.setTimer('wait', node.options.waitTime, id);
}

function take(node: Client, attempt: Attempt, lockIndex: number): void {
  const { state } = node;
  const { key, operation: id } = attempt;
  const grant = sequencer(key, lockIndex, state.session);
  leave(node, attempt);
  state.held.push({ key, grant, token: lockIndex, validUntil: node.now() + state.ttl });
  node.event('LockAcquired', { key, token: lockIndex });
  node.reply(id, lockIndex);
}

function giveUp(node: Client, attempt: Attempt, reason: string): void {
  leave(node, attempt);
  node.fail(attempt.operation, reason);
}

function leave(node: Client, { operation: id }: Attempt): void {
  node.cancelTimer('wait', id);
  node.cancelTimer('tryAgain', id);
  node.state.attempts = node.state.attempts.filter((other) => other.operation !== id);
}

function attemptOf({ state }: Client, id: OperationId): Attempt | undefined {
  return state.attempts.find(({ operation: other }) => other === id);
}
