/** The multi-version store of a group (§2.1), which the applied records make. */
import { frozen } from '../../protocol/define.ts';
import type { Frozen } from '../../protocol/types.ts';
import type { LogRecord, Timestamp, TransactionId, Value, WritesOf } from './records.ts';
import type { ReplicaState } from './state.ts';

type Store = Pick<
  ReplicaState,
  'versions' | 'prepared' | 'outcomes' | 'lastCommit' | 'paxosSafeTime'
>;

/** The version of a key that a read at a timestamp sees. */
export function versionAt(
  { versions }: Readonly<Pick<Store, 'versions'>>,
  key: string,
  at: Timestamp,
): { value: Value | null; timestamp: Timestamp } {
  const all = versions[key] ?? [];
  for (let i = all.length - 1; i >= 0; i--) {
    const { value, timestamp } = all[i];
    if (timestamp <= at) return { value, timestamp };
  }
  return { value: null, timestamp: 0 };
}

export function latestVersion(store: Readonly<Pick<Store, 'versions'>>, key: string): Timestamp {
  return versionAt(store, key, Infinity).timestamp;
}

/** Executes a record. All replicas of a group execute the same, in the order of the slots. */
export function execute(store: Store, record: Frozen<LogRecord>): void {
  const { transaction } = record;
  switch (record.kind) {
    case 'commit':
      write(store, transaction, record.timestamp, record.writes);
      store.paxosSafeTime = Math.max(store.paxosSafeTime, record.timestamp);
      store.outcomes[transaction] = record.timestamp;
      break;
    case 'abort':
      // A commit that was logged before is final: the abort came too late.
      store.outcomes[transaction] ??= null;
      break;
    case 'prepare':
      store.paxosSafeTime = Math.max(store.paxosSafeTime, record.timestamp);
      store.prepared[transaction] = record;
      break;
    case 'outcome': {
      const prepared = store.prepared[transaction];
      if (prepared === undefined) break;
      if (record.timestamp !== null) {
        write(store, transaction, record.timestamp, prepared.writes);
      }
      store.outcomes[transaction] = record.timestamp;
      delete store.prepared[transaction];
      break;
    }
    case 'no-op':
  }
}

function write(
  store: Store,
  transaction: TransactionId,
  timestamp: Timestamp,
  writes: Frozen<WritesOf>,
): void {
  for (const [key, value] of Object.entries(writes)) {
    const all = (store.versions[key] ??= []);
    all.push(frozen({ timestamp, value, transaction }));
    all.sort((a, b) => a.timestamp - b.timestamp);
  }
  store.lastCommit = Math.max(store.lastCommit, timestamp);
}
