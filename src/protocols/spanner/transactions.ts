/** Read-write transactions at the leader of a group (§4.2.1): their locks, reads and ends. */
import type { Frozen, NodeId } from '../../protocol/types.ts';
import type { Read } from './messages.ts';
import { byAge, conflicting, holds, isOlder, releaseAll, take } from './locks.ts';
import { holdsLease } from './leases.ts';
import { groupOf } from './placement.ts';
import type { Age, CommitRequest, ReadValues, Timestamp, TransactionId } from './records.ts';
import type { ActiveTransaction, LockMode, Server } from './state.ts';
import { latestVersion, versionAt } from './store.ts';

/** What happens to a transaction that an older one wounds depends on how far its commit is. */
export type WoundedBy = (node: Server, holder: ActiveTransaction, by: ActiveTransaction) => void;

/** Whether this replica serves clients: it leads, and knows what earlier leaders logged. */
export function serves(node: Server): boolean {
  const { isReady, abdication } = node.state;
  return isReady && abdication === null && holdsLease(node);
}

export function redirect(node: Server, to: NodeId): void {
  const { leaderId } = node.state;
  const leaderHint = leaderId === node.id ? null : leaderId;
  node.send(to, { type: 'NotLeader', group: groupOf(node.id), leaderHint });
}

export function open(
  node: Server,
  id: TransactionId,
  age: Age,
  client: NodeId | null,
): ActiveTransaction {
  const { transactions } = node.state;
  const known = transactions[id];
  if (known !== undefined) return known;
  node.setTimer('transaction', node.options.transactionTimeout, id);
  transactions[id] = {
    id, age, client, stage: 'reading', reading: [], commit: null, locked: false, waitsFor: null,
    woundedBy: null, receivedLatest: 0, prepares: {},
  };
  return transactions[id];
}

/** The transaction has nothing more to do here: others may have its locks. */
export function close(node: Server, id: TransactionId, reason: string): void {
  const { state } = node;
  if (state.transactions[id] === undefined) return;
  releaseAll(state, id);
  delete state.transactions[id];
  node.cancelTimer('transaction', id);
  node.event('LocksReleased', { transaction: id, reason });
}

/** It loses its locks before its client tried to commit it. */
export function loseLocks(node: Server, { id, client }: ActiveTransaction, reason: string): void {
  close(node, id, reason);
  if (client !== null) node.send(client, { type: 'LocksLost', transaction: id, reason });
}

// Reads with shared locks: "the leader acquires read locks and then reads the most recent data".

export function hearRead(node: Server, message: Frozen<Read>, client: NodeId): void {
  const { transaction: id, age, keys } = message;
  if (!serves(node)) return redirect(node, client);
  if (node.state.outcomes[id] !== undefined) return;
  const active = open(node, id, age, client);
  // A late copy of a read, whose transaction goes on.
  if (active.stage === 'reading') active.reading = keys;
}

/** Returns whether the read that the transaction waits for is answered. */
function tryRead(node: Server, active: ActiveTransaction, wounded: WoundedBy): boolean {
  const keys = [...active.reading];
  if (keys.length === 0 || !lockAll(node, active, keys, 'shared', wounded)) return false;
  active.reading = [];
  const values: ReadValues = {};
  for (const key of keys) values[key] = versionAt(node.state, key, Infinity);
  const { id: transaction, client } = active;
  if (client !== null) node.send(client, { type: 'ReadResult', transaction, values });
  return true;
}

// Locks

/** Takes the locks that are free, wounds younger holders, and returns whether it has them all. */
export function lockAll(
  node: Server,
  active: ActiveTransaction,
  keys: readonly string[],
  mode: LockMode,
  wounded: WoundedBy,
): boolean {
  for (const key of keys) {
    if (!clearWay(node, active, key, mode, wounded)) return false;
    take(node.state, key, active.id, mode);
  }
  active.waitsFor = null;
  if (keys.length > 0) node.event('LockGranted', { transaction: active.id, keys: [...keys], mode });
  return true;
}

/** Wound-wait: "wounds" a younger holder, and waits for an older one, or one in the log. */
function clearWay(
  node: Server,
  active: ActiveTransaction,
  key: string,
  mode: LockMode,
  wounded: WoundedBy,
): boolean {
  const { state } = node;
  for (const id of conflicting(state, key, active.id, mode)) {
    const holder = state.transactions[id];
    if (!isOlder(active, holder) || holder.stage === 'deciding') continue;
    if (holder.woundedBy !== null) continue;
    node.event('Wounded', { transaction: id, by: active.id, key });
    wounded(node, holder, active);
  }
  const [blocker] = conflicting(state, key, active.id, mode);
  if (blocker === undefined) return true;
  if (active.waitsFor !== blocker) {
    node.event('LockWaited', { transaction: active.id, key, for: blocker });
    active.waitsFor = blocker;
  }
  return false;
}

/** Why a commit cannot rely on what its transaction read here; empty if it can. */
export function whyReadsLost(node: Server, { transaction, reads }: Frozen<CommitRequest>): string {
  for (const [key, timestamp] of Object.entries(reads)) {
    if (!holds(node.state, key, transaction)) return `its lock on ${key} is lost`;
    if (latestVersion(node.state, key) !== timestamp) return `${key} changed after it was read`;
  }
  return '';
}

/** Lets the transactions that wait go on, the oldest first. */
export function resume(
  node: Server,
  wounded: WoundedBy,
  tryCommit: (node: Server, active: ActiveTransaction) => boolean,
): void {
  for (let goesOn = true; goesOn && serves(node); ) {
    goesOn = false;
    for (const { id } of byAge(node.state)) {
      const active = node.state.transactions[id];
      if (active === undefined) continue;
      if (tryRead(node, active, wounded) || tryCommit(node, active)) goesOn = true;
    }
  }
}

/** The highest timestamp of the prepares that a coordinator has, or 0. */
export function highestPrepare({ prepares }: ActiveTransaction): Timestamp {
  return Math.max(0, ...Object.values(prepares).map(({ timestamp }) => timestamp));
}
