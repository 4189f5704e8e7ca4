/** A lock in Consul: a session holds it, with a TTL that is a lower bound, and a lock-delay. */
import { defineProtocol } from '../../protocol/define.ts';
import type { Frozen, Invariant, Observed } from '../../protocol/types.ts';
import {
  olderTokenNeverOverwrites, refusesWrite, storage, storageEvents,
} from '../locks/fenced-storage.ts';
import { storageForgetsNoToken } from '../locks/server-invariants.ts';
import { storageInvariants } from '../locks/storage-invariants.ts';
import {
  earlierHolderNeverOverwrites, type Held, lockEvents, lockLost, twoHolders,
} from '../locks/worker.ts';
import { catalogInvariants, isServer } from './catalog-invariants.ts';
import { lockInvariants } from './invariants.ts';
import { workerEvents } from './lock-state.ts';
import { operator } from './operator.ts';
import { server } from './server.ts';
import { type ConsulResponse, serverEvents, sessionOf } from './state.ts';
import { worker } from './worker.ts';

const invariants: Record<string, Invariant> = {
  'an older token never overwrites a newer one': olderTokenNeverOverwrites,
  'an earlier holder never overwrites a later one': earlierHolderNeverOverwrites,
  'storage forgets no token': storageForgetsNoToken,
  ...storageInvariants,
  ...lockInvariants,
  ...catalogInvariants,
};

/** Whether the session of a grant still holds the key. */
function keeps(nodes: readonly Observed[], held: Held): boolean {
  const session = sessionOf(held);
  return nodes.some((node) => isServer(node) && node.state.keys[held.key]?.session === session);
}

/** Whether a response refuses: the lock is taken, or the request failed. */
function refuses(response: Frozen<ConsulResponse>): boolean {
  if (typeof response !== 'object') return false;
  return 'error' in response || ('acquired' in response && !response.acquired);
}

export const consulLock = defineProtocol({
  name: 'consul-lock',
  doc: 'An advisory lock, held by a session with a TTL; one server represents the cluster.',
  source: 'Consul documentation: Sessions and Distributed Locks; its Go client, api/lock.go',
  events: { ...workerEvents, ...serverEvents, ...storageEvents, ...lockEvents },
  roles: { server, worker, storage, operator },
  connections: [['worker', 'server'], ['operator', 'server']],
  defaultRole: 'worker',
  derivedEvents: { LockLost: lockLost(keeps), TwoHolders: twoHolders },
  invariants,
  refuses: (message) =>
    refusesWrite(message) || (message.type === 'Reply' && refuses(message.response)),
  units: {
    delay: 'microseconds', validUntil: 'microseconds', renewedAt: 'microseconds',
    renewed: 'microseconds', began: 'microseconds', wait: 'microseconds',
    waitTime: 'microseconds', retries: 'none', monitorRetries: 'none',
  },
});
