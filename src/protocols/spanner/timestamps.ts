/** Timestamps that a leader assigns (§4.1.2), and the safe time below which none will come. */
import type { MinNextTimestamp, PrepareRecord, Timestamp, TransactionId } from './records.ts';
import type { Server } from './state.ts';
import { now } from './true-time.ts';

/**
 * Returns a timestamp that is at least `least`, above all that the leader has used, and inside its
 * lease; undefined if the lease would have to be extended first.
 */
export function assign(
  node: Server,
  transaction: TransactionId,
  kind: string,
  least: Timestamp,
): Timestamp | undefined {
  const { state } = node;
  const { lease } = state;
  if (lease === null) return undefined;
  const timestamp = Math.max(least, state.maxTimestamp + 1, lease.start);
  if (timestamp > lease.end) return undefined;
  state.maxTimestamp = timestamp;
  const { earliest, latest } = now(node);
  node.event('TimestampAssigned', { transaction, kind, timestamp, earliest, latest });
  return timestamp;
}

/** A timestamp that the group uses, such as that of a transaction which another group decided. */
export function noteUsed({ state }: Server, timestamp: Timestamp): void {
  state.maxTimestamp = Math.max(state.maxTimestamp, timestamp);
}

// §4.1.3: t_safe = min(t_safe of Paxos, t_safe of the transaction manager)

type Applied = Pick<Server['state'], 'paxosSafeTime' | 'prepared'>;

/** A replica is sufficiently up to date for a read at a timestamp up to this one. */
export function safeTime(state: Readonly<Applied>): Timestamp {
  return Math.min(state.paxosSafeTime, preparedSafeTime(state));
}

/** A prepared transaction may commit at its prepare timestamp or later. */
function preparedSafeTime({ prepared }: Readonly<Pick<Applied, 'prepared'>>): Timestamp {
  const all: readonly Pick<PrepareRecord, 'timestamp'>[] = Object.values(prepared);
  return all.reduce((least, { timestamp }) => Math.min(least, timestamp - 1), Infinity);
}

/** §4.2.4: the promise holds on this replica once it has applied everything up to its slot. */
export function hearMinNext(node: Server, promise: MinNextTimestamp): void {
  const { state } = node;
  const known = state.promise;
  if (known === null || promise.timestamp > known.timestamp) state.promise = { ...promise };
  advanceByPromise(node);
}

export function advanceByPromise({ state }: Server): void {
  const { promise } = state;
  if (promise === null || promise.slot > state.applied) return;
  state.promise = null;
  state.paxosSafeTime = Math.max(state.paxosSafeTime, promise.timestamp - 1);
}

/**
 * The leader promises that its next timestamp is above this one, which counts as used from now on
 * (§4.2.4). It promises neither the future nor what is beyond its lease. Returns whether it did.
 */
export function promiseNext(node: Server, timestamp: Timestamp): boolean {
  const { state } = node;
  if (state.maxTimestamp >= timestamp) return true;
  if (state.lease === null || timestamp > state.lease.end) return false;
  if (timestamp > now(node).latest) return false;
  state.maxTimestamp = timestamp;
  node.event('SafeTimeAdvanced', { timestamp });
  return true;
}
