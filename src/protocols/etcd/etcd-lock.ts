/** A lock in etcd: the first client in its queue holds it while its lease is kept alive. */
// An etcd member is a Raft server with another state machine. Keep-alives do not go through the
// log; the revocation of a lease does.
import { defineProtocol } from '../../protocol/define.ts';
import type { Frozen, Observed } from '../../protocol/types.ts';
import { admitsWrite, refusesWrite, storage, storageEvents } from '../locks/fenced-storage.ts';
import { type Held, lockEvents, lockLost, twoHolders } from '../locks/worker.ts';
import { replicaEvents } from '../raft/state.ts';
import type { Answer } from './api.ts';
import { client } from './client.ts';
import { etcdInvariants } from './invariants.ts';
import { replica } from './member.ts';
import { type EtcdState, keyOf, type LeaseEvents } from './state.ts';
import { isServer } from './store-invariants.ts';
import { worker, workerEvents } from './worker.ts';
import { lockSpecifications } from '../locks/lock-objects.ts';
import { keySpecification } from './objects/key-value-objects.ts';
import { isRaftHeartbeat, refusesRaft } from '../raft/summary.ts';

/** Whether the leader's store still has the key of a grant; unknown if there is no leader. */
function keeps(nodes: readonly Observed[], held: Held): boolean {
  let leader: Readonly<EtcdState> | undefined;
  for (const node of nodes) {
    if (!isServer(node) || !node.up || node.state.primaryIn === 0) continue;
    if (leader === undefined || node.state.primaryIn > leader.primaryIn) leader = node.state;
  }
  return leader?.keys[keyOf(held)]?.createRevision === held.token || leader === undefined;
}

const leaseEvents: Record<keyof LeaseEvents, string> = {
  LeaseGranted: 'A client has a lease: its keys exist for as long as it keeps the lease alive.',
  LeaseExpired: 'The leader received no keep-alive for a TTL, and has the lease revoked.',
  LeasesExtended: 'A new leader restarted all leases with their full TTL and an election timeout.',
  WatchFired: 'A member notified a client of a change of the key that it watches.',
  WriteFenced: 'A write was refused, because its token is not that of the current holder.',
  RequestFailed: 'A member answered a request with an error.',
};

/** Whether an answer refuses: it is an error, or a guard was false. */
function refuses(answer: Frozen<Answer>): boolean {
  if ('error' in answer) return true;
  return 'succeeded' in answer && !answer.succeeded && answer.responses.length === 0;
}

export const etcdLock = defineProtocol({
  name: 'etcd-lock',
  doc: 'A lock in an etcd cluster: leases, revisions, a queue; its fencing token guards writes.',
  source: 'etcd 3.4: clientv3/concurrency (Mutex, Session), lease/lessor.go, etcdserver',
  specification: {
    ...lockSpecifications(['lock', 'tryLock'], ['close', 'revoke']),
    keys: keySpecification,
  },
  events: { ...replicaEvents, ...workerEvents, ...storageEvents, ...leaseEvents, ...lockEvents },
  roles: { replica, worker, client, storage },
  connections: [['client', 'replica'], ['worker', 'replica'], ['worker', 'storage']],
  defaultRole: 'replica',
  derivedEvents: { LockLost: lockLost(keeps), TwoHolders: twoHolders },
  invariants: etcdInvariants,
  admits: admitsWrite,
  isHeartbeat: isRaftHeartbeat,
  refuses: (message) =>
    refusesWrite(message) || refusesRaft(message) ||
    (message.type === 'Response' && refuses(message.answer)),
  units: { ttl: 'seconds', validUntil: 'microseconds' },
});
