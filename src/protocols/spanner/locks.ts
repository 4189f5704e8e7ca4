/** The lock table of a leader (§4.2.1): two-phase locking, and wound-wait against deadlocks. */
// A transaction that needs a lock of a younger one wounds it, unless a record about that one is in
// the log; a transaction that needs a lock of an older one waits. So no cycle of waiting can arise.
import type { TransactionId } from './records.ts';
import type { LockMode, ReplicaState } from './state.ts';

type Table = Pick<ReplicaState, 'locks' | 'transactions'>;

/** The transactions whose locks on a key exclude this one. */
export function conflicting(
  { locks }: Readonly<Table>,
  key: string,
  id: TransactionId,
  mode: LockMode,
): TransactionId[] {
  const held = locks[key] ?? {};
  return Object.keys(held).filter(
    (other) => other !== id && (mode === 'exclusive' || held[other] === 'exclusive'),
  );
}

export function take({ locks }: Table, key: string, id: TransactionId, mode: LockMode): void {
  const held = (locks[key] ??= {});
  // A transaction that has read the key upgrades its lock.
  if (held[id] !== 'exclusive') held[id] = mode;
}

export function holds({ locks }: Readonly<Table>, key: string, id: TransactionId): boolean {
  return locks[key] !== undefined && Object.hasOwn(locks[key], id);
}

/** Releases all locks of a transaction. */
export function releaseAll({ locks }: Table, id: TransactionId): void {
  for (const key of Object.keys(locks)) {
    delete locks[key][id];
    if (Object.keys(locks[key]).length === 0) delete locks[key];
  }
}

/** The older of two transactions; of the same age, the one whose name comes first. */
export function isOlder(
  one: { readonly age: number; readonly id: TransactionId },
  other: { readonly age: number; readonly id: TransactionId },
): boolean {
  return one.age === other.age ? one.id < other.id : one.age < other.age;
}

/** Those that are open, the oldest first: it is the one that need not wait. */
export function byAge({ transactions }: Readonly<Table>): ReplicaState['transactions'][string][] {
  return Object.values(transactions).sort((a, b) => (isOlder(a, b) ? -1 : 1));
}
