/** The lock table: who holds each lock, who waits for it, and in which order they get it. */
// As in PostgreSQL (lock.c, proc.c): a request queues behind the waiting requests that it conflicts
// with, although no holder hinders it; its own locks never hinder a session.
import type { Node } from '../../../protocol/types.ts';
import type { TableMode } from '../sql/syntax.ts';
import type { Database, DatabaseState, Lock, LockedObject, SessionId } from '../state.ts';
import { conflict } from './modes.ts';

type State = DatabaseState;

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
  const lock = (state.locks[keyOf(of)] ??= { of, holders: [], queue: [] });
  if (isHindered(lock, session, mode)) {
    tidy(state, lock);
    return false;
  }
  hold(lock, session, mode, scope);
  return true;
}

/** Whether the session has to wait: for a holder, or behind a request that is waiting. */
function isHindered({ holders, queue }: Lock, session: SessionId, mode: TableMode): boolean {
  const hinders = (one: { session: SessionId; mode: TableMode }) =>
    one.session !== session && conflict(one.mode, mode);
  if (holders.some(hinders)) return true;
  if (holders.some((one) => one.session === session && one.mode === mode)) return false;
  return queue.some(hinders);
}

function hold(lock: Lock, session: SessionId, mode: TableMode, scope: number): void {
  const held = lock.holders.find(
    (one) => one.session === session && one.mode === mode && one.scope === scope,
  );
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
  const lock = (state.locks[keyOf(of)] ??= { of, holders: [], queue: [] });
  const { holders, queue } = lock;
  const own = holders.filter((one) => one.session === session);
  const first = queue.findIndex((one) => own.some((held) => conflict(held.mode, one.mode)));
  if (first >= 0) {
    const has = holders.filter((one) => one.session === queue[first].session);
    if (has.some((held) => conflict(held.mode, mode))) return 'deadlock';
    const hinders = (one: { session: SessionId; mode: TableMode }) =>
      one.session !== session && conflict(one.mode, mode);
    if (![...holders, ...queue.slice(0, first)].some(hinders)) {
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
  const held = lock?.holders.find(
    (one) => one.session === session && one.mode === mode && one.scope === scope,
  );
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
      const same = lock.holders.find(
        (one) => one.session === session && one.mode === held.mode && one.scope === to,
      );
      if (same === undefined) held.scope = to;
      else {
        same.count += held.count;
        lock.holders = lock.holders.filter((one) => one !== held);
      }
    }
  }
}

/** Gives a lock to those at the front of its queue who are hindered no longer, in their order. */
export function grant(node: Node<Database>, lock: Lock): void {
  const { state } = node;
  const ahead: TableMode[] = [];
  for (const request of lock.queue.slice()) {
    const { session, mode, scope } = request;
    const hinders = (one: { session: SessionId; mode: TableMode }) =>
      one.session !== session && conflict(one.mode, mode);
    if (lock.holders.some(hinders) || ahead.some((one) => conflict(one, mode))) {
      ahead.push(mode);
      continue;
    }
    lock.queue = lock.queue.filter((one) => one !== request);
    // Who waits for the end of a transaction wants to know of it, and nothing more.
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
  const hinders = (one: { session: SessionId; mode: TableMode }) =>
    one.session !== session && conflict(one.mode, waits.mode);
  const place = lock.queue.findIndex((one) => one.session === session);
  const names = (list: readonly { session: SessionId; mode: TableMode }[]) => [
    ...new Set(list.filter(hinders).map((one) => one.session)),
  ];
  const holders = names(lock.holders);
  const ahead = names(lock.queue.slice(0, Math.max(place, 0)));
  return { holders, ahead: ahead.filter((one) => !holders.includes(one)) };
}
