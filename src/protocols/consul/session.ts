/** The session of a lock, as the Go library keeps it: renewed at half its TTL, and destroyed. */
import type { Node, OperationId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { heldLock } from '../locks/worker.ts';
import { request } from './http.ts';
import type { Lock, LockExchange, Outcome, Worker } from './lock-state.ts';

type Client = Node<Worker>;

/** How soon the library tries again when a renewal failed. */
const retryAfter = seconds(1);

export function startRenewal(node: Client, lock: Lock, session: string, ttl: number): void {
  Object.assign(lock, { session, ttl, isRenewed: true, renewedAt: node.now() });
  node.setTimer('renew', Math.floor(ttl / 2), session);
}

export function renewSession(node: Client, session: string): void {
  const lock = lockWith(node, session);
  if (lock === undefined) return;
  const command = { op: 'session renew', session } as const;
  request<LockExchange>(node, { purpose: 'renew', lock: lock.id, operation: '', command });
}

function lockWith({ state }: Client, session: string): Lock | undefined {
  return state.locks.find((lock) => lock.session === session && lock.isRenewed);
}

/** A failed renewal is repeated until the TTL is over. The application learns nothing of it. */
export function renewed(node: Client, lock: Lock, { response, error }: Outcome): void {
  const { session } = lock;
  if (!lock.isRenewed) return;
  if (error !== undefined) {
    const isOver = node.now() - lock.renewedAt > lock.ttl;
    if (isOver) endRenewal(node, lock, `no renewal succeeded within its TTL: ${error}`);
    else node.setTimer('renew', retryAfter, session);
    return;
  }
  if (typeof response !== 'object' || !('renewed' in response)) return;
  if (response.renewed === null) return endRenewal(node, lock, 'session expired');
  lock.ttl = response.renewed;
  lock.renewedAt = node.now();
  const held = heldLock(node.state, lock.key);
  if (held !== undefined && held.grant.endsWith(`:${session}`)) {
    const validUntil = lock.renewedAt + lock.ttl;
    const { held: all } = node.state;
    all[all.indexOf(held)] = { ...held, validUntil };
  }
  node.setTimer('renew', Math.floor(lock.ttl / 2), session);
}

function endRenewal(node: Client, lock: Lock, reason: string): void {
  lock.isRenewed = false;
  node.cancelTimer('renew', lock.session);
  node.event('SessionEnded', { session: lock.session, reason });
}

/** Destroys the session of a lock, if the library still renews it. */
export function destroySession(node: Client, lock: Lock, operation: OperationId): void {
  if (!lock.isRenewed) return;
  const { session } = lock;
  endRenewal(node, lock, 'the worker destroyed it');
  const command = { op: 'session destroy', session } as const;
  request<LockExchange>(node, { purpose: 'destroy', lock: 0, operation, command });
}
