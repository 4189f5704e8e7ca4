/** The lock table: the sessions that hold each lock, and those that wait for it, in their order. */
// As in PostgreSQL (lock.c, proc.c): a request queues behind the waiting requests that it conflicts
// with, although no holder hinders it; its own locks never hinder a session.
import type { Node } from '../../../protocol/types.ts';
import type { TableMode } from '../sql/syntax.ts';
import type { Database, DatabaseState, Lock, LockedObject, SessionId } from '../state.ts';
import { conflict } from './modes.ts';

type State = DatabaseState;

/** A holder or a request. */
interface Claimant {
  readonly session: SessionId;
  readonly mode: TableMode;
}

/** The scope of a lock that the session keeps when its transaction ends. */
export const sessionScope = -1;

export function keyOf(of: LockedObject): string {
  switch (of.type) {
    case 'relation':
      return `table ${of.table}`;
    case 'tuple':
      return `row ${of.table}/${of.position}`;
    case 'transactionid':
      return `transaction ${of.xid}`;
    case 'advisory':
      return `advisory ${of.keys.join(',')}`;
  }
}

/** The key of an advisory lock as events show it: `7`, `7,8`. */
export function advisoryKey(lock: string): string {
  return lock.slice('advisory '.length);
}

function lockOf(state: State, of: LockedObject): Lock {
  return (state.locks[keyOf(of)] ??= { of, holders: [], queue: [] });
}

/** Whether another session's lock or request conflicts with what this session wants. */
function hindering(session: SessionId, mode: TableMode): (one: Claimant) => boolean {
  return (one) => one.session !== session && conflict(one.mode, mode);
}

function heldBy(
  { holders }: Pick<Lock, 'holders'>,
  session: SessionId,
  mode: TableMode,
  scope: number,
): Lock['holders'][number] | undefined {
  return holders.find(
    (one) => one.session === session && one.mode === mode && one.scope === scope,
  );
}

/**
 * Takes a lock if nothing hinders it; the same session may take it again, which is counted. Returns
 * false if the session must wait for it.
 */
export function take(
  state: State,
  session: SessionId,
  of: LockedObject,
  mode: TableMode,
  scope: number,
): boolean {
  const lock = lockOf(state, of);
  if (isHindered(lock, session, mode)) {
    tidy(state, lock);
    return false;
  }
  hold(lock, session, mode, scope);
  return true;
}

/** Whether the session has to wait: for a holder, or behind a request that is waiting. */
function isHindered({ holders, queue }: Lock, session: SessionId, mode: TableMode): boolean {
  const hinders = hindering(session, mode);
  if (holders.some(hinders)) return true;
  if (holders.some((one) => one.session === session && one.mode === mode)) return false;
  return queue.some(hinders);
}

function hold(lock: Lock, session: SessionId, mode: TableMode, scope: number): void {
  const held = heldBy(lock, session, mode, scope);
  if (held !== undefined) held.count++;
  else lock.holders.push({ session, mode, scope, count: 1 });
}

/**
 * Adds a request to the queue: at the end, or before the first that waits for this session, because
 * behind it the two would wait for each other. There it may get the lock at once after all. If it
 * would have to wait for that one too, the two are in a deadlock already.
 */
export function join(
  state: State,
  session: SessionId,
  of: LockedObject,
  mode: TableMode,
  scope: number,
): 'taken' | 'queued' | 'deadlock' {
  const lock = lockOf(state, of);
  const { holders, queue } = lock;
  const own = holders.filter((one) => one.session === session);
  const first = queue.findIndex((one) => own.some((held) => conflict(held.mode, one.mode)));
  if (first >= 0) {
    const has = holders.filter((one) => one.session === queue[first].session);
    if (has.some((held) => conflict(held.mode, mode))) return 'deadlock';
    if (![...holders, ...queue.slice(0, first)].some(hindering(session, mode))) {
      hold(lock, session, mode, scope);
      return 'taken';
    }
  }
  queue.splice(first < 0 ? queue.length : first, 0, { session, mode, scope });
  return 'queued';
}

/** Removes a request that is no longer wanted; those behind it may get the lock now. */
export function dequeue(node: Node<Database>, session: SessionId, key: string): void {
  const lock = node.state.locks[key];
  if (lock === undefined) return;
  lock.queue = lock.queue.filter((one) => one.session !== session);
  grant(node, lock);
}

export function holds(
  state: State,
  session: SessionId,
  of: LockedObject,
  mode?: TableMode,
): boolean {
  const { holders = [] } = state.locks[keyOf(of)] ?? {};
  return holders.some(
    (one) => one.session === session && (mode === undefined || one.mode === mode),
  );
}

/** Gives a lock back once; returns false if the session does not hold it so. */
export function giveBack(
  node: Node<Database>,
  session: SessionId,
  of: LockedObject,
  mode: TableMode,
  scope: number,
): boolean {
  const lock = node.state.locks[keyOf(of)];
  const held = lock && heldBy(lock, session, mode, scope);
  if (held === undefined) return false;
  held.count--;
  if (held.count === 0) {
    lock.holders = lock.holders.filter((one) => one !== held);
    grant(node, lock);
  }
  return true;
}

/** Gives back all locks of a session that a test on the scope selects. */
export function giveBackAll(
  node: Node<Database>,
  session: SessionId,
  isEnded: (scope: number, of: LockedObject) => boolean,
): void {
  for (const lock of Object.values(node.state.locks)) {
    const left = lock.holders.filter(
      (one) => one.session !== session || !isEnded(one.scope, lock.of),
    );
    if (left.length === lock.holders.length) continue;
    lock.holders = left;
    grant(node, lock);
  }
}

/** Passes the locks of a released savepoint on to what surrounds it. */
export function passOn(state: State, session: SessionId, from: number, to: number): void {
  for (const lock of Object.values(state.locks)) {
    for (const held of lock.holders.slice()) {
      if (held.session !== session || held.scope < from) continue;
      const same = heldBy(lock, session, held.mode, to);
      if (same === undefined) held.scope = to;
      else {
        same.count += held.count;
        lock.holders = lock.holders.filter((one) => one !== held);
      }
    }
  }
}

/** Gives a lock to the requests in its queue that nothing hinders any longer, in their order. */
export function grant(node: Node<Database>, lock: Lock): void {
  const { state } = node;
  const ahead: TableMode[] = [];
  for (const request of lock.queue.slice()) {
    const { session, mode, scope } = request;
    if (lock.holders.some(hindering(session, mode)) || ahead.some((one) => conflict(one, mode))) {
      ahead.push(mode);
      continue;
    }
    lock.queue = lock.queue.filter((one) => one !== request);
    // A wait for the end of a transaction takes no lock.
    if (lock.of.type !== 'transactionid') hold(lock, session, mode, scope);
    if (lock.of.type === 'advisory') state.sessions[session].granted = keyOf(lock.of);
    state.ready.push(session);
  }
  tidy(state, lock);
}

function tidy(state: State, lock: Lock): void {
  if (lock.holders.length > 0 || lock.queue.length > 0) return;
  delete state.locks[keyOf(lock.of)];
}

/** The sessions that a waiting session waits for: holders, then those ahead of it in the queue. */
export function blockersOf(
  state: State,
  session: SessionId,
): { readonly holders: readonly SessionId[]; readonly ahead: readonly SessionId[] } {
  const { waits } = state.sessions[session];
  const lock = waits?.type === 'lock' ? state.locks[waits.lock] : undefined;
  if (lock === undefined || waits?.type !== 'lock') return { holders: [], ahead: [] };
  const hinders = hindering(session, waits.mode);
  const place = lock.queue.findIndex((one) => one.session === session);
  const names = (list: readonly Claimant[]) => [
    ...new Set(list.filter(hinders).map((one) => one.session)),
  ];
  const holders = names(lock.holders);
  const ahead = names(lock.queue.slice(0, Math.max(place, 0)));
  return { holders, ahead: ahead.filter((one) => !holders.includes(one)) };
}
