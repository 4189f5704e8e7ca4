/** Resolving the intents of a transaction that has ended, one request for each key. */
import { send } from '../calls.ts';
import type { Key, TransactionId } from '../data.ts';
import type { Timestamp } from '../../shared/hybrid-clock.ts';
import type { Store } from '../node-types.ts';

/** Those in the range of the record are resolved already, by the command that ended it. */
export function resolveIntents(
  store: Store,
  keys: readonly Key[],
  transaction: TransactionId,
  status: 'COMMITTED' | 'ABORTED',
  timestamp: Timestamp,
): void {
  for (const key of keys) {
    const request = { op: 'resolve', key, transaction, status, timestamp } as const;
    send(store, request, { for: 'clean-up', keys: [] });
  }
}
