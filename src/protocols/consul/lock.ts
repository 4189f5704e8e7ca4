/** The Go library's lock (api/lock.go): how it is acquired, monitored, released and destroyed. */
import type { Frozen, Node, OperationId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { dropLock, heldLock } from '../locks/worker.ts';
import { request } from './http.ts';
import type {
  Lock, LockExchange, LockOptions, Outcome, Purpose, Worker,
} from './lock-state.ts';
import { destroySession, startRenewal } from './session.ts';
import type { ConsulCommand, KeyRead } from './api.ts';
import { sequencer } from './state.ts';

export type Client = Node<Worker>;

/** A query that names no wait blocks for five minutes. */
const defaultWait = seconds(300);

export function lockOf(node: Client, key: string): Lock | undefined {
  return node.state.locks.find((lock) => lock.key === key);
}

export function beginLock(node: Client, id: OperationId, key: string, options: LockOptions): void {
  const { state } = node;
  const lock: Lock = {
    id: ++state.lockCount, key, options, phase: 'waiting', operation: id, session: '',
    isRenewed: false, ttl: options.ttl, renewedAt: 0, began: node.now(), attempts: 0, index: 0,
    retries: 0,
  };
  state.locks.push(lock);
  const { ttl, behavior, lockDelay, checks } = options;
  ask(node, lock, 'create', { op: 'session create', ttl, behavior, lockDelay, checks });
}

function ask(node: Client, lock: Lock, purpose: Purpose, command: Frozen<ConsulCommand>): void {
  request<LockExchange>(node, { purpose, lock: lock.id, operation: lock.operation, command });
}

/** Takes the next step towards the lock, or gives up. */
export function advance(node: Client, lock: Lock, purpose: Purpose, outcome: Outcome): void {
  if (outcome.error !== undefined) {
    giveUp(node, lock, `${failures[purpose] ?? ''}${outcome.error}`);
    return;
  }
  const { response } = outcome;
  if (typeof response !== 'object') return;
  if ('ttl' in response) {
    startRenewal(node, lock, response.session, response.ttl);
    readKey(node, lock);
  } else if ('entry' in response) {
    if (purpose === 'explain') explained(node, lock, response);
    else wasRead(node, lock, response);
  } else if ('acquired' in response) {
    if (response.acquired) return take(node, lock, response.lockIndex);
    node.event('LockRefused', { key: lock.key });
    // It asks why: a key that no session holds is in its lock-delay, whose end changes no key.
    const { key, options: { waitTime: wait } } = lock;
    ask(node, lock, 'explain', { op: 'get', key, mode: 'default', index: 0, wait });
  }
}

const failures: { readonly [purpose in Purpose]?: string } = {
  create: 'failed to create session: ',
  read: 'failed to read lock: ',
  acquire: 'failed to acquire lock: ',
};

export function readKey(node: Client, lock: Lock): void {
  const { key, options, index } = lock;
  let wait = options.waitTime;
  if (options.tryOnce && lock.attempts > 0) {
    const elapsed = node.now() - lock.began;
    if (elapsed > wait) return giveUp(node, lock, `${key} was not free within the wait time`);
    wait -= elapsed;
  }
  lock.attempts++;
  ask(node, lock, 'read', { op: 'get', key, mode: 'default', index, wait });
}

function wasRead(node: Client, lock: Lock, { index, entry }: Frozen<KeyRead>): void {
  const { key, session } = lock;
  if (entry !== null && entry.flags !== 'lock') {
    giveUp(node, lock, 'existing key does not match lock use');
  } else if (entry !== null && entry.session === session) {
    // An earlier request to acquire it was executed, though its answer was lost.
    take(node, lock, entry.lockIndex);
  } else if (entry !== null && entry.session !== null) {
    if (lock.attempts === 1) node.event('LockRefused', { key });
    lock.index = index;
    readKey(node, lock);
  } else {
    ask(node, lock, 'acquire', { op: 'acquire', key, session });
  }
}

function explained(node: Client, lock: Lock, { index, entry }: Frozen<KeyRead>): void {
  if (entry !== null && entry.session !== null) {
    lock.index = index;
    readKey(node, lock);
  } else {
    lock.index = 0;
    node.setTimer('tryAgain', node.options.lockRetry, lock.id, String(lock.id));
  }
}

// The answer has the LockIndex; with the real API, an application reads the key again for it.
function take(node: Client, lock: Lock, lockIndex: number): void {
  const { key, operation: id, session } = lock;
  Object.assign(lock, { phase: 'held', operation: '', index: 0 });
  const grant = sequencer(key, lockIndex, session);
  const validUntil = lock.renewedAt + lock.ttl;
  dropLock(node.state, key);
  node.state.held.push({ key, grant, token: lockIndex, validUntil });
  node.event('LockAcquired', { key, token: lockIndex });
  node.reply(id, lockIndex);
  lock.retries = lock.options.monitorRetries;
  watch(node, lock);
}

/** A lock that was not acquired ends with its session, which it may hold without knowing it. */
function giveUp(node: Client, lock: Lock, reason: string): void {
  node.fail(lock.operation, reason);
  leave(node, lock);
}

function leave(node: Client, lock: Lock): void {
  const { state } = node;
  node.cancelTimer('tryAgain', String(lock.id));
  node.cancelTimer('monitor', String(lock.id));
  state.locks = state.locks.filter((other) => other.id !== lock.id);
  destroySession(node, lock, '');
}

// The monitor

export function watch(node: Client, lock: Lock): void {
  const { key, index } = lock;
  const mode = 'consistent';
  ask(node, lock, 'monitor', { op: 'get', key, mode, index, wait: defaultWait });
}

/** Closes the "lost" channel when the key has another holder, and when it cannot be read. */
export function monitored(node: Client, lock: Lock, { response, error }: Outcome): void {
  if (lock.phase !== 'held') return;
  if (error !== undefined) {
    const { key, retries } = lock;
    node.event('MonitorFailed', { key, error, retries });
    if (retries === 0) return lost(node, lock);
    lock.retries--;
    lock.index = 0;
    node.setTimer('monitor', lock.options.monitorRetryTime, lock.id, String(lock.id));
    return;
  }
  if (typeof response !== 'object' || !('entry' in response)) return;
  if (response.entry?.session !== lock.session) return lost(node, lock);
  lock.index = response.index;
  lock.retries = lock.options.monitorRetries;
  watch(node, lock);
}

/** The application learns of it. The session is still renewed, until it unlocks. */
function lost(node: Client, lock: Lock): void {
  const { state } = node;
  const { key, session } = lock;
  const held = heldLock(state, key);
  if (held === undefined || !held.grant.endsWith(`:${session}`)) return;
  dropLock(state, key);
  node.event('LossNoticed', { key });
}

// Unlock and destroy

export function unlock(node: Client, lock: Lock, id: OperationId): void {
  const { key, session } = lock;
  dropLock(node.state, key);
  lock.phase = 'releasing';
  lock.operation = id;
  ask(node, lock, 'release', { op: 'release', key, session });
}

/** The session is destroyed after the release, so that no lock-delay follows. */
export function released(node: Client, lock: Lock, { response, error }: Outcome): void {
  const { key, operation: id } = lock;
  leave(node, lock);
  if (error !== undefined) return node.fail(id, `failed to release lock: ${error}`);
  if (response === true) node.event('LockReleased', { key });
  node.reply(id, response);
}

export function destroy(node: Client, key: string, operation: OperationId): void {
  const command = { op: 'get', key, mode: 'default', index: 0, wait: 0 } as const;
  request<LockExchange>(node, { purpose: 'check use', lock: 0, operation, command });
}

/** Continues `Destroy`: the key is deleted if it is a lock that no session holds. */
export function destroyed(node: Client, exchange: LockExchange, outcome: Outcome): void {
  const { operation: id, command } = exchange;
  const { response, error } = outcome;
  if (error !== undefined) return node.fail(id, `failed to remove lock: ${error}`);
  if (response === false) return node.fail(id, 'lock in use');
  if (typeof response !== 'object') return node.reply(id, 'OK');
  if (!('entry' in response) || !('key' in command)) return;
  const { entry } = response;
  if (entry === null) return node.reply(id, 'OK');
  if (entry.flags !== 'lock') return node.fail(id, 'existing key does not match lock use');
  if (entry.session !== null) return node.fail(id, 'lock in use');
  request<LockExchange>(node, {
    purpose: 'delete', lock: 0, operation: id,
    command: { op: 'delete', key: command.key, modifyIndex: entry.modifyIndex },
  });
}
