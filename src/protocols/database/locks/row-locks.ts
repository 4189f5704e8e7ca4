/** Row locks: which transactions have a row, how strongly, and how a statement gets it. */
// As in PostgreSQL (heapam.c): a row lock is stored in the row. A statement that finds a row locked
// takes the place at the head of the row's queue, or waits for it, and waits there for the end of
// the transaction that has the row. It gives the place up when it has the row, or when the row has
// a newer version, for which it competes anew.
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { Blocked, Strength } from '../sql/syntax.ts';
import type { Context, DatabaseState, LockedObject, Transaction, Version } from '../state.ts';
import { assignXid, isOwn, isVisible, rowName, statusOf, successorOf } from '../versions.ts';
import { isAtLeast, modeOf, strengthsConflict } from './modes.ts';
import { giveBack, holds, keyOf } from './lock-table.ts';
import { type LockWait, setWait, waitForLock } from './waits.ts';

/** A row that a statement wants: the version that its snapshot shows, and the strength. */
interface Target {
  readonly table: string;
  readonly seen: Version;
  readonly strength: Strength;
  readonly blocked: Blocked;
  /** Whether the statement writes the row; if not, it only locks it. */
  readonly changes: boolean;
}

/** The result of an attempt to get a row. */
type Claim =
  /** The row can be changed or locked; `moved` if it has a newer version than the snapshot's. */
  | { readonly type: 'free'; readonly version: Version; readonly moved: boolean }
  /** The row was deleted, or this transaction has changed it already. */
  | { readonly type: 'gone' }
  /** Another transaction has the row, which SKIP LOCKED leaves out. */
  | { readonly type: 'skipped' }
  | 'waits'
  | SqlError;

/**
 * Follows a row from the version that the snapshot shows to its last version. Read committed
 * continues with the last version. The other levels have one snapshot for the whole transaction, so
 * a row that has changed since is an error. A statement that only locks has the error of an update
 * even for a deleted row.
 */
export function claim(context: Context, target: Target): Claim {
  const { node, transaction } = context;
  const { state } = node;
  const { seen, strength } = target;
  const table = state.tables[target.table];
  if (target.changes) assignXid(state, transaction);
  let version = seen;
  for (;;) {
    if (isOwn(transaction, version.xmax)) return { type: 'gone' };
    const rivals = rivalsFor(state, transaction, version, strength);
    if (rivals.length > 0) return contend(context, target, version, rivals);
    const isOver = leavePlace(context, target, version);
    if (!isReplacedFor(state, target, version)) {
      const held = waitForNewer(context, target, version);
      return held ?? { type: 'free', version, moved: version !== seen };
    }
    const next = successorOf(table, version);
    if (transaction.level !== 'read committed') {
      const what = next === undefined && target.changes ? 'delete' : 'update';
      return changedSince(what);
    }
    if (next === undefined) return { type: 'gone' };
    if (isOver === 'overtaken') return 'waits';
    version = next;
  }
}

export function changedSince(what: 'update' | 'delete'): SqlError {
  return sqlError('40001', `could not serialize access due to concurrent ${what}`);
}

/** Repeatable read and serializable cannot ignore or change a row that they do not see. */
export function isInSnapshot({ node, transaction }: Context, version: Version): boolean {
  if (transaction.level === 'read committed' || isOwn(transaction, version.xmin)) return true;
  return isVisible(node.state, version, transaction.snapshot!, transaction);
}

/**
 * FOR KEY SHARE stays at a version whose key has not changed, but locks the newer ones. For one
 * that another transaction is deleting it waits, even with NOWAIT and SKIP LOCKED.
 */
function waitForNewer(
  context: Context,
  target: Target,
  version: Version,
): 'waits' | SqlError | undefined {
  const { node, transaction } = context;
  const { state } = node;
  for (const one of newerVersions(state, target.table, version)) {
    const [xid] = rivalsFor(state, transaction, one, target.strength);
    if (xid === undefined) continue;
    const wait: LockWait = { on: 'row', table: target.table, row: version.row, writes: false };
    const result = waitForLock(context, { type: 'transactionid', xid }, 'share', wait);
    return result === 'taken' ? 'waits' : result;
  }
  return undefined;
}

/** The versions of a row that have replaced this one, unless that was undone. */
function newerVersions(state: DatabaseState, name: string, version: Version): Version[] {
  const { xmax } = version;
  if (xmax === 0 || statusOf(state, xmax) === 'aborted') return [];
  const next = successorOf(state.tables[name], version);
  return next === undefined ? [] : [next, ...newerVersions(state, name, next)];
}

/** Whether a statement that wants this strength must go on to the next version. */
function isReplacedFor(
  state: DatabaseState,
  { table, strength }: Pick<Target, 'table' | 'strength'>,
  version: Version,
): boolean {
  if (!isReplaced(state, version)) return false;
  if (strength !== 'key share') return true;
  // FOR KEY SHARE stays here as long as the newer versions have the same key.
  const versions = [version, ...newerVersions(state, table, version)];
  return versions.some((one) => one.keyChanged && isReplaced(state, one));
}

function isReplaced(state: DatabaseState, { xmax }: Version): boolean {
  return xmax !== 0 && statusOf(state, xmax) === 'committed';
}

/** The running transactions that have the row in a way that conflicts. */
function rivalsFor(
  state: DatabaseState,
  transaction: Transaction,
  { xmax, keyChanged, lockers }: Version,
  strength: Strength,
): number[] {
  const have = lockers.slice();
  if (xmax !== 0) have.push({ xid: xmax, strength: writeStrength(keyChanged) });
  return have
    .filter((one) => strengthsConflict(one.strength, strength))
    .map(({ xid }) => xid)
    .filter((xid) => !isOwn(transaction, xid) && statusOf(state, xid) === 'running');
}

/** How strongly a write locks its row: only DELETE and a change of a key exclude FOR KEY SHARE. */
export function writeStrength(keyChanged: boolean): Strength {
  return keyChanged ? 'update' : 'no key update';
}

/** The row is taken: gives up, or waits for it. */
function contend(
  context: Context,
  target: Target,
  version: Version,
  [rival]: readonly number[],
): Claim {
  const { node, session, transaction } = context;
  if (target.blocked === 'skip locked') return { type: 'skipped' };
  if (target.blocked === 'nowait') {
    return sqlError('55P03', `could not obtain lock on row in relation "${target.table}"`);
  }
  const wait: LockWait = {
    on: 'row', table: target.table, row: version.row, writes: target.changes,
  };
  const place = placeOf(target.table, version);
  const isMember = version.lockers.some(({ xid }) => isOwn(transaction, xid));
  // A transaction that has the row already would wait for the queue, which waits for it.
  if (!isMember && !holds(node.state, session, place)) {
    const result = waitForLock(context, place, modeOf[target.strength], wait);
    if (result !== 'taken') return result;
  }
  waitForLock(context, { type: 'transactionid', xid: rival }, 'share', wait);
  return 'waits';
}

function placeOf(table: string, { position }: Version): LockedObject {
  return { type: 'tuple', table, position };
}

/**
 * Gives up the place at the head of the row's queue. If the row has a newer version, the next in
 * the queue may be faster there, as processes are: only writers, and each only once.
 */
function leavePlace(context: Context, target: Target, version: Version): 'left' | 'overtaken' {
  const { node, session, transaction } = context;
  const { sessions, locks } = node.state;
  const place = placeOf(target.table, version);
  const lock = locks[keyOf(place)];
  const held = lock?.holders.find((one) => one.session === session);
  if (held === undefined) return 'left';
  const next = lock.queue[0]?.session;
  giveBack(node, session, place, held.mode, held.scope);
  if (next === undefined || !target.changes) return 'left';
  if (transaction.level !== 'read committed') return 'left';
  if (!isReplacedFor(node.state, target, version)) return 'left';
  const [one, other] = [sessions[session], sessions[next]];
  if (other.waits?.type !== 'lock' || !other.waits.writes) return 'left';
  if (one.raced || other.raced) return 'left';
  // A queue races once: those further behind keep their order.
  one.raced = true;
  for (const waiting of [next, ...lock.queue.map((request) => request.session)]) {
    sessions[waiting].raced = true;
  }
  if (node.random(1_000) >= node.options.overtaking * 1_000) return 'left';
  const row = rowName(node.state.tables[target.table], version);
  node.event('Overtaken', { session: one.client, table: target.table, row });
  setWait(context, { type: 'overtaken' });
  node.state.ready.push(session);
  return 'overtaken';
}

/** Locks a row that `claim` has found free. */
export function lockRow(
  context: Context,
  name: string,
  version: Version,
  strength: Strength,
): void {
  const { node, transaction } = context;
  const { state } = node;
  const xid = assignXid(state, transaction);
  const table = state.tables[name];
  const versions = [version, ...newerVersions(state, name, version)];
  const added = versions.map((one) => addLocker(one, xid, strength));
  if (!added.includes(true)) return;
  const { client } = state.sessions[context.session];
  node.event('RowLocked', { session: client, table: name, row: rowName(table, version), strength });
}

function addLocker(version: Version, xid: number, strength: Strength): boolean {
  const own = version.lockers.find((one) => one.xid === xid);
  if (own !== undefined && isAtLeast(own.strength, strength)) return false;
  const others = version.lockers.filter((one) => one !== own);
  version.lockers = [...others, { xid, strength }];
  return true;
}

/** Locks that others have on a row stay when it gets a new version. */
export function inheritLockers(state: DatabaseState, from: Version, to: Version): void {
  to.lockers = from.lockers.filter(({ xid }) => statusOf(state, xid) === 'running');
}

/**
 * Marks a version as replaced or deleted by the current subtransaction. One that had the row FOR
 * UPDATE keeps that strength: its change counts as a change of the key (GetMultiXactIdHintBits).
 */
export function replaceVersion(context: Context, version: Version, keyChanged: boolean): void {
  const { node, transaction } = context;
  const xid = assignXid(node.state, transaction);
  const wasForUpdate = version.lockers.some(
    (one) => one.strength === 'update' && statusOf(node.state, one.xid) === 'running',
  );
  version.xmax = xid;
  version.cmax = transaction.command;
  version.keyChanged = keyChanged || wasForUpdate;
}

/** Waits for a running transaction that may keep a key which the statement inserts. */
export function waitForKey(
  context: Context,
  table: string,
  version: Version,
  xid: number,
): 'waits' {
  const wait: LockWait = { on: 'key', table, row: version.row, writes: true };
  waitForLock(context, { type: 'transactionid', xid }, 'share', wait);
  return 'waits';
}
