/** The queue of a lock or an election: its transactions, which clients and members share. */
// As in etcd's client library (clientv3/concurrency): a key is named after the lease of its
// session, so that it is deleted with it; the owner is the one with the lowest create revision.
import type { Json } from '../../protocol/types.ts';
import { always, get, ifCreated, put, read, type Read, type Txn } from './api.ts';

/** In one transaction: creates its own key, unless it exists already, and reads the first key. */
export function enqueueTxn(name: string, lease: string, value: Json): Txn {
  const key = placeOf(name, lease);
  const first = { op: 'first', prefix: `${name}/` } as const;
  return ifCreated(key, 0, [put(key, value, lease), first], [get(key), first]);
}

export function placeOf(name: string, lease: string): string {
  return `${name}/${lease}`;
}

/**
 * Reads the last of the keys that were created before its own. Each waiter watches only one other,
 * so a deletion notifies one waiter instead of all.
 */
export function predecessorRead(name: string, createRevision: number): Read {
  return read({ op: 'last', prefix: `${name}/`, createdUpTo: createRevision - 1 });
}

export function leaveTxn(key: string): Txn {
  return always({ op: 'delete', key, prefix: false });
}

/** Leaves an election, if the key is still the one that won it. */
export function resignTxn(key: string, createRevision: number): Txn {
  return ifCreated(key, createRevision, [{ op: 'delete', key, prefix: false }]);
}

/** Changes what the leader of an election proclaims, if it is still the leader. */
export function proclaimTxn(key: string, createRevision: number, lease: string, value: Json): Txn {
  return ifCreated(key, createRevision, [put(key, value, lease)]);
}

/** Reads the key of the leader of an election. */
export function leaderRead(name: string): Read {
  return read({ op: 'first', prefix: `${name}/` });
}
