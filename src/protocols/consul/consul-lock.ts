/** A lock in Consul: a session holds it, with a TTL that is a lower bound, and a lock-delay. */
import { defineProtocol } from '../../protocol/define.ts';
import type { DerivedEvent, Frozen, Invariant, Json, Observed } from '../../protocol/types.ts';
import {
  admitsWrite, olderTokenNeverOverwrites, refusesWrite, storage, storageEvents,
} from '../locks/fenced-storage.ts';
import { storageForgetsNoToken } from '../locks/server-invariants.ts';
import { storageInvariants } from '../locks/storage-invariants.ts';
import {
  earlierHolderNeverOverwrites, type Held, lockEvents, lockLost, twoHolders,
} from '../locks/worker.ts';
import { isServer } from './invariants/applied.ts';
import { catalogInvariants } from './invariants/catalog.ts';
import { lockInvariants } from './invariants/lock.ts';
import { workerEvents } from './lock-state.ts';
import { acquiredInLockDelay, leaderInvariants, oldRead, type Reads } from './invariants/leader.ts';
import { operator, operatorEvents } from './operator.ts';
import { server } from './server.ts';
import type { ConsulResponse } from './api.ts';
import { serverEvents, type ServerState, sessionOf } from './state.ts';
import { worker } from './worker.ts';
import { invariants as raftInvariants } from '../raft/invariants.ts';
import { replicaEvents } from '../raft/state.ts';
import { lockSpecifications } from '../locks/lock-objects.ts';
import { keySpecification } from './key-value-objects.ts';
import { isRaftHeartbeat, refusesRaft } from '../raft/summary.ts';

const invariants: Record<string, Invariant> = {
  'an older token never overwrites a newer one': olderTokenNeverOverwrites,
  'an earlier holder never overwrites a later one': earlierHolderNeverOverwrites,
  'storage forgets no token': storageForgetsNoToken,
  ...storageInvariants,
  ...lockInvariants,
  ...catalogInvariants,
  ...leaderInvariants,
  ...raftInvariants,
};

/** Whether the session of a grant still holds the key, to the leader; unknown without one. */
function keeps(nodes: readonly Observed[], held: Held): boolean {
  const session = sessionOf(held);
  let leader: Readonly<ServerState> | undefined;
  for (const node of nodes) {
    if (!isServer(node) || !node.up || node.state.establishedIn === 0) continue;
    if (leader === undefined || node.state.establishedIn > leader.establishedIn) {
      leader = node.state;
    }
  }
  return leader === undefined || leader.keys[held.key]?.session === session;
}

/** Whether a response refuses: the lock is taken, or the request failed. */
function refuses(response: Frozen<ConsulResponse>): boolean {
  if (typeof response !== 'object') return false;
  return 'error' in response || ('acquired' in response && !response.acquired);
}

/** Possible with a default read at a deposed leader, and at any time with a stale one. */
const staleRead: DerivedEvent<Reads> = {
  remember: () => ({ begun: {} }),
  look(observation) {
    const old = oldRead(observation);
    return old === undefined ? [] : [{ ...old } as Record<string, Json>];
  },
};

export const consulLock = defineProtocol({
  name: 'consul-lock',
  doc: 'An advisory lock, held by a session with a TTL, in the catalogue of a Consul cluster.',
  source: 'Consul documentation: Sessions and Distributed Locks; its Go client, api/lock.go',
  specification: {
    ...lockSpecifications(['lock', 'tryLock'], ['close', 'destroy', 'session', 'kv']),
    keys: keySpecification,
  },
  events: {
    ...replicaEvents, ...serverEvents, ...workerEvents, ...operatorEvents, ...storageEvents,
    ...lockEvents,
    AcquiredInLockDelay:
      'A leader that had restarted gave a lock in its lock-delay, which it had forgotten.',
    StaleRead: 'A read was answered with less than a server had applied before it began.',
  },
  roles: { server, worker, storage, operator },
  connections: [['worker', 'server'], ['operator', 'server'], ['server', 'server']],
  defaultRole: 'worker',
  derivedEvents: {
    LockLost: lockLost(keeps), TwoHolders: twoHolders, StaleRead: staleRead,
    AcquiredInLockDelay: acquiredInLockDelay,
  },
  invariants,
  admits: admitsWrite,
  isHeartbeat: isRaftHeartbeat,
  refuses: (message) =>
    refusesWrite(message) || refusesRaft(message) ||
    (message.type === 'Reply' && refuses(message.response)),
  units: {
    delay: 'microseconds', after: 'microseconds',
    validUntil: 'microseconds', renewedAt: 'microseconds',
    renewed: 'microseconds', began: 'microseconds', wait: 'microseconds',
    waitTime: 'microseconds', retries: 'none', monitorRetries: 'none',
  },
});
