/** A worker with a lock in Consul: a session that it renews, acquire, wait, and write. */
import { operation, role } from '../../protocol/define.ts';
import type { Json, Node, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import {
  type Attempt, type ConsulCommand, errorIn, type Purpose, sequencer, type Worker,
  type WorkerState,
} from './state.ts';
import { answeredRequest, ask, type Asked, askAgain, serverOf } from '../locks/requests.ts';
import { holderOperations, holding, lineLook } from '../locks/line.ts';
import { dropLock, heldLock, noLocks, storageAnswers } from '../locks/worker.ts';

type Client = Node<Worker>;
type Request = Asked<ConsulCommand, Purpose>;

const lockParameters = {
  key: 'string', ttl: 'duration?', lockDelay: 'duration?', behavior: 'string?',
} as const;

export const worker = role<Worker>({
  doc: 'A worker that takes locks in Consul, renews its session, and writes to storage.',
  options: {
    retryAfter: {
      kind: 'duration',
      default: milliseconds(500),
      doc: 'How long it waits for an answer before it sends its request again.',
    },
    lockRetry: {
      kind: 'duration',
      default: seconds(5),
      doc: 'How soon it tries again for a lock that nobody holds and that is refused all the same.',
    },
    waitTime: {
      kind: 'duration',
      default: seconds(15),
      doc: 'How long a query waits for a lock to change before it is asked again.',
    },
  },
  durable: ['serial'],
  init: (): WorkerState => ({ ...noLocks(), pending: [], session: '', ttl: 0, attempts: [] }),

  messages: {
    ...storageAnswers,
    Reply(node, { serial, response }) {
      const one = answeredRequest<ConsulCommand, Purpose>(node, serial);
      if (one !== undefined) proceed(node, one, response as Json);
    },
    Changed(node, { query }) {
      const attempt = node.state.attempts.find((one) => one.query === query);
      if (attempt !== undefined) tryIt(node, attempt);
    },
  },

  timers: {
    retry: askAgain,
    renew(node) {
      const { session, pending, ttl } = node.state;
      const isAsking = pending.some(({ purpose }) => purpose === 'renew');
      if (!isAsking) ask(node, 'renew', '', { op: 'session-renew', session });
      node.setTimer('renew', Math.floor(ttl / 2));
    },
    sessionEnd: (node) => endSession(node, 'no renewal was answered within the TTL'),
    tryAgain(node, id) {
      const attempt = attemptOf(node, id);
      if (attempt !== undefined) tryIt(node, attempt);
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
      doc: 'Takes a lock, waiting for it if need be; answers its fencing token, the LockIndex.',
      parameters: lockParameters,
      run: (node, args, id) => beginLock(node, id, args, true),
    }),
    tryLock: operation<Worker>()({
      doc: 'Takes a lock if it can be had at once, and fails otherwise; answers its LockIndex.',
      parameters: lockParameters,
      run: (node, args, id) => beginLock(node, id, args, false),
    }),
    unlock: operation<Worker>()({
      doc: 'Gives its lock back; the session goes on. Answers whether it was still its own.',
      parameters: { key: 'string' },
      run(node, { key }, id) {
        if (holding(node, key, id) === undefined) return;
        dropLock(node.state, key);
        ask(node, 'release', id, { op: 'release', key, session: node.state.session });
      },
    }),
    close: operation<Worker>()({
      doc: 'Destroys its session, which invalidates it: its locks are delayed. Answers OK.',
      parameters: {},
      run(node, _none, id) {
        const { session } = node.state;
        if (session === '') node.fail(id, 'it has no session');
        else ask(node, 'close', id, { op: 'session-destroy', session });
      },
    }),
  },

  look(state) {
    const waiting = state.attempts.map(({ key }) => [key, 'waits for it'] as const);
    return lineLook(state, waiting, { session: state.session || null });
  },
});

// The session

/** Renewed after half of its TTL; by its own clock it is over when that did not succeed in time. */
function prolong(node: Client): void {
  const { state } = node;
  node.setTimer('sessionEnd', state.ttl);
  const validUntil = node.now() + state.ttl;
  state.held = state.held.map((one) => ({ ...one, validUntil }));
}

function endSession(node: Client, reason: string): void {
  const { state } = node;
  node.cancelTimer('renew');
  node.cancelTimer('sessionEnd');
  node.event('SessionEnded', { session: state.session, reason });
  state.session = '';
  for (const { key } of state.held) node.event('LossNoticed', { key });
  state.held = [];
  for (const attempt of state.attempts.slice()) giveUp(node, attempt, 'its session is over');
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
    node.fail(id, `the behavior of a session is release or delete, not ${behavior}`);
    return;
  }
  if (heldLock(state, key) || state.attempts.some((one) => one.key === key)) {
    node.fail(id, `${node.id} has or wants ${key} already`);
    return;
  }
  const attempt = { operation: id, key, ttl, lockDelay, behavior, patient } as const;
  state.attempts.push({ ...attempt, query: 0, index: 0 });
  if (state.session !== '') ask(node, 'acquire', id, acquireOf(node, key));
  else ask(node, 'session', id, { op: 'session-create', ttl, behavior, lockDelay });
}

function acquireOf({ state: { session } }: Client, key: string): ConsulCommand {
  return { op: 'acquire', key, session };
}

function proceed(node: Client, request: Request, response: Json): void {
  const { purpose, operation: id, command } = request;
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
      endSession(node, 'it destroyed it');
      node.reply(id, 'OK');
      return;
    default: {
      const attempt = attemptOf(node, id);
      if (attempt === undefined) return;
      if (error === undefined) advance(node, attempt, purpose, response);
      else giveUp(node, attempt, error);
    }
  }
}

function advance(
  node: Client,
  attempt: Attempt,
  purpose: 'session' | 'acquire' | 'look',
  response: Json,
): void {
  const { state } = node;
  switch (purpose) {
    case 'session': {
      const { session, ttl } = response as { session: string; ttl: number };
      Object.assign(state, { session, ttl });
      node.setTimer('renew', Math.floor(ttl / 2));
      prolong(node);
      tryIt(node, attempt);
      return;
    }
    case 'acquire': {
      const { acquired, lockIndex } = response as { acquired: boolean; lockIndex: number };
      if (acquired) take(node, attempt, lockIndex);
      else refused(node, attempt);
      return;
    }
    case 'look': {
      const { session, modifyIndex } = response as { session: string | null; modifyIndex: number };
      if (session !== null) waitForChange(node, attempt, modifyIndex);
      // Nobody holds it, and yet it was refused: a lock-delay, of which no change will tell.
      else node.setTimer('tryAgain', node.options.lockRetry, attempt.operation, attempt.operation);
    }
  }
}

function tryIt(node: Client, attempt: Attempt): void {
  attempt.query = 0;
  node.cancelTimer('wait', attempt.operation);
  ask(node, 'acquire', attempt.operation, acquireOf(node, attempt.key));
}

function refused(node: Client, attempt: Attempt): void {
  const { key, operation: id } = attempt;
  node.event('LockRefused', { key });
  if (attempt.patient) ask(node, 'look', id, { op: 'get', key });
  else giveUp(node, attempt, `${key} is locked, or its lock-delay is not over`);
}

/** A query that is answered when the key changes; asked again where that takes too long. */
function waitForChange(node: Client, attempt: Attempt, index: number): void {
  attempt.query = ++node.state.serial;
  attempt.index = index;
  const { query, key, operation: id } = attempt;
  node.send(serverOf(node), { type: 'Watch', query, key, index });
  node.setTimer('wait', node.options.waitTime, id, id);
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
  node.state.attempts = node.state.attempts.filter((one) => one.operation !== id);
}

function attemptOf({ state }: Client, id: OperationId): Attempt | undefined {
  return state.attempts.find((one) => one.operation === id);
}
