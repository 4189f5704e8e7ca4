/** The messages between clients, caches and edges, and the events of all three. */
import type { Micros, NodeId } from '../../protocol/types.ts';

/** An item of the shop; its quantity is the value that is cached. */
export type Key = string;

/** What a client asks a cache; `request` is unique among the requests of its client. */
export interface CacheRequests {
  Get: { key: Key; request: number };
  /** `token` is that of the lease which the miss gave; 0 without leases. */
  Set: { key: Key; value: number; token: number };
  Delete: { key: Key; request: number };
}

export interface CacheAnswers {
  Found: { key: Key; value: number; request: number };
  /** `wait`: another client has the lease and is filling; ask again later. */
  Missed: { key: Key; request: number; token: number; wait: boolean };
  Deleted: { key: Key; request: number };
  /** An edge lost its connection to the origin. */
  Failed: { key: Key; request: number };
}

export interface CacheEvents {
  /** `left` is how long the entry still lives, by the clock of the cache; null without a TTL. */
  Hit: { key: Key; value: number; left: Micros | null };
  Missed: { key: Key };
  /** An edge fills itself. Without a lease, there is no token. */
  Filled: { key: Key; value: number; leased: boolean; from: NodeId; token: number };
  FillRefused: { key: Key; value: number; from: NodeId; token: number };
  LeaseGranted: { key: Key; token: number };
  Invalidated: { key: Key };
  Expired: { key: Key; value: number };
  Fetched: { key: Key };
  Joined: { key: Key };
}

export interface ClientEvents {
  ReadFromCache: { key: Key; value: number };
  ReadFromDatabase: { key: Key; value: number };
  Updated: { key: Key; value: number };
  AskedAgain: { key: Key };
  CacheSilent: { key: Key };
}

export const events: Record<keyof (CacheEvents & ClientEvents), string> = {
  Hit: 'A cache has the key, and answers with its value.',
  Missed: 'A cache does not have the key.',
  Filled: 'A cache has the value of a key now.',
  FillRefused: 'A value came too late: the key was deleted since its lease was granted.',
  LeaseGranted: 'A client that missed may fill the key, unless the key is deleted first.',
  Invalidated: 'A cache deleted the key because its value was changed.',
  Expired: 'An entry had expired when its key was requested.',
  Fetched: 'An edge asks the database for the value of a key.',
  Joined: 'A request waits for a fetch of its key that another request began.',
  ReadFromCache: 'A client has the value from a cache.',
  ReadFromDatabase: 'A client has the value from the database.',
  Updated: 'A client has changed the value in the database.',
  AskedAgain: 'A client asks again, because another client is filling the key.',
  CacheSilent: 'A cache did not answer in time.',
};
