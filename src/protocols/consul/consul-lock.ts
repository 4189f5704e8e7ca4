/** A lock in Consul: a session holds it, with a TTL that is a lower bound, and a lock-delay. */
import { defineProtocol, invariant } from '../../protocol/define.ts';
import type { Frozen, Invariant, Observed } from '../../protocol/types.ts';
import {
  olderTokenNeverOverwrites, refusesWrite, storage, storageEvents,
} from '../locks/fenced-storage.ts';
import { noLockWithoutSession, storageForgetsNoToken } from '../locks/server-invariants.ts';
import { storageInvariants } from '../locks/storage-invariants.ts';
import {
  earlierHolderNeverOverwrites, type Held, lockEvents, lockLost, twoHolders,
} from '../locks/worker.ts';
import { catalogInvariants, isServer } from './catalog-invariants.ts';
import { server } from './server.ts';
import { type ConsulResponse, serverEvents, sessionOf, workerEvents } from './state.ts';
import { worker } from './worker.ts';

interface Indexes {
  /** The server's index when it was last checked. */
  index: number;
  /** The session that held each key at that index, and the key's LockIndex. */
  keys: Record<string, { session: string | null; lockIndex: number }>;
}

const lockIndexCountsHolders = invariant<Indexes>({
  doc: 'The LockIndex of a key grows by one when another session acquires it, and only then.',
  remember: () => ({ index: 0, keys: {} }),
  check({ acted, memory }) {
    if (!isServer(acted) || acted.state.index === memory.index) return undefined;
    memory.index = acted.state.index;
    const before = memory.keys;
    memory.keys = {};
    for (const [key, { session, lockIndex }] of Object.entries(acted.state.keys)) {
      const last = before[key] ?? { session: null, lockIndex: 0 };
      memory.keys[key] = { session, lockIndex };
      const taken = session !== null && session !== last.session;
      if (lockIndex === last.lockIndex + Number(taken)) continue;
      const how = taken ? `was acquired by ${session}` : 'was not acquired by another session';
      return `${key} ${how}, but its LockIndex went from ${last.lockIndex} to ${lockIndex}.`;
    }
    return undefined;
  },
});

const noDeadHolder = invariant({
  doc: 'A key is held only by a session that is valid.',
  check({ acted }) {
    if (!isServer(acted)) return undefined;
    const { keys, sessions } = acted.state;
    for (const key in keys) {
      const { session } = keys[key];
      if (session === null || session in sessions) continue;
      return `${key} is held by ${session}, a session that is over: it will never be released.`;
    }
    return undefined;
  },
});

const delayIsKept = invariant<Record<string, string | null>>({
  doc: 'No session acquires a key during its lock-delay.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { keys, delayed } = acted.state;
    for (const key in keys) {
      const before = memory[key] ?? null;
      const { session } = keys[key];
      memory[key] = session;
      if (session === before || session === null || !delayed.includes(key)) continue;
      return `${session} acquired ${key} in its lock-delay: the last holder may still be at work.`;
    }
    return undefined;
  },
});

const invariants: Record<string, Invariant> = {
  'an older token never overwrites a newer one': olderTokenNeverOverwrites,
  'an earlier holder never overwrites a later one': earlierHolderNeverOverwrites,
  'storage forgets no token': storageForgetsNoToken,
  ...storageInvariants,
  'no lock without a session': noLockWithoutSession,
  'the LockIndex counts holders': lockIndexCountsHolders,
  'a holder has a valid session': noDeadHolder,
  'the lock-delay is kept': delayIsKept,
  ...catalogInvariants,
};

/** Whether the session of a grant still holds the key. */
function keeps(nodes: readonly Observed[], held: Held): boolean {
  const session = sessionOf(held);
  return nodes.some((node) => isServer(node) && node.state.keys[held.key]?.session === session);
}

/** Whether a response refuses: the lock is taken, or the session is over. */
function refuses(response: Frozen<ConsulResponse> | null): boolean {
  if (typeof response !== 'object' || response === null) return false;
  return 'error' in response || ('acquired' in response && !response.acquired);
}

export const consulLock = defineProtocol({
  name: 'consul-lock',
  doc: 'An advisory lock, held by a session with a TTL; one server represents the cluster.',
  source: 'Consul documentation: Sessions and Distributed Locks; its Go client, api/lock.go',
  events: { ...workerEvents, ...serverEvents, ...storageEvents, ...lockEvents },
  roles: { server, worker, storage },
  defaultRole: 'worker',
  derivedEvents: { LockLost: lockLost(keeps), TwoHolders: twoHolders },
  invariants,
  refuses: (message) =>
    refusesWrite(message) || (message.type === 'Reply' && refuses(message.response)),
  units: { delay: 'microseconds', validUntil: 'microseconds' },
});
