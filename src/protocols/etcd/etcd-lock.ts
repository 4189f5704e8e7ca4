/** A lock in etcd: the first client in its queue holds it while its lease is kept alive. */
// An etcd server is a Raft server with another state machine. Keep-alives do not go through the
// log; the revocation of a lease does.
import { defineProtocol, role } from '../../protocol/define.ts';
import type { Frozen, Json, Node, Observed } from '../../protocol/types.ts';
import { between, milliseconds, seconds } from '../../protocol/units.ts';
import { refusesWrite, storage, storageEvents } from '../locks/fenced-storage.ts';
import { type Held, lockEvents, lockLost, twoHolders } from '../locks/worker.ts';
import { serverLook } from '../raft/look.ts';
import { applyCommitted, propose, replicaOver } from '../raft/raft.ts';
import { options, replicaEvents } from '../raft/state.ts';
import { etcdInvariants } from './invariants.ts';
import { expire, isAlive, isPrimary, refresh, takeExpired } from './lessor.ts';
import {
  type EtcdReplica, type EtcdResponse, type EtcdState, keyOf, type LeaseEvents, lockOf,
} from './state.ts';
import { isServer } from './store-invariants.ts';
import { beginWatch, byCreation, etcdStore } from './store.ts';
import { worker, workerEvents } from './worker.ts';

const raftServer = replicaOver(etcdStore);

const replica = role<EtcdReplica>({
  ...raftServer,
  options: {
    ...options,
    electionTimeout: {
      kind: 'range',
      default: between(seconds(1), seconds(2)),
      min: milliseconds(1),
      doc: 'How long a follower waits for its leader before it starts an election.',
    },
    heartbeatInterval: {
      kind: 'duration',
      default: milliseconds(100),
      min: milliseconds(1),
      below: 'electionTimeout',
      doc: 'How often a leader sends AppendEntries; shorter than any election timeout.',
    },
  },

  messages: {
    ...raftServer.messages,
    LeaseKeepAlive(node, { lease }, from) {
      const { state } = node;
      if (!isPrimary(node)) {
        const leaderHint = state.leaderId === node.id ? null : state.leaderId;
        node.send(from, {
          type: 'LeaseKeepAliveResponse', lease, status: 'NOT_LEADER', ttl: 0, leaderHint,
        });
        return;
      }
      const alive = isAlive(node, lease);
      if (alive) refresh(node, lease);
      node.send(from, {
        type: 'LeaseKeepAliveResponse', lease, status: 'OK',
        ttl: alive ? state.leases[lease].ttl : 0, leaderHint: node.id,
      });
    },
    WatchCreate(node, { watch, key, fromRevision }, from) {
      beginWatch(node, { client: from, watch, key }, fromRevision);
    },
  },

  timers: {
    ...raftServer.timers,
    lease: expire,
    checkLeases(node) {
      for (const lease of takeExpired(node)) revokeByLog(node, lease);
    },
  },
  background: ['heartbeat', 'checkLeases'],

  look(state) {
    const { revision, primaryIn } = state;
    const lessor: Record<string, Json> = primaryIn > 0 ? { lessor: 'primary' } : {};
    return { ...serverLook(state), facts: { revision, ...lessor, ...queues(state) } };
  },
});

/** The primary lessor decides that a lease has expired; the log revokes it on all servers. */
function revokeByLog(node: Node<EtcdReplica>, lease: string): void {
  propose(node, { op: 'lease-revoke', lease }, ++node.state.revocations);
  applyCommitted(node, etcdStore);
}

/** The queue of each lock: the clients in the order of the create revisions of their keys. */
function queues({ keys, leases }: Readonly<EtcdState>): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const { key, createRevision } of byCreation({ keys }, '')) {
    const client = leases[keys[key].lease]?.client;
    if (client === undefined) continue;
    const lock = lockOf(key);
    const place = `${client} (${createRevision})`;
    shown[lock] = lock in shown ? `${shown[lock]}, then ${place}` : `held by ${place}`;
  }
  return shown;
}

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
  WatchFired: 'A server notified a client that the key which it watched was deleted.',
  WriteFenced: 'A write was refused, because its token is not that of the current holder.',
};

/** Whether a response refuses: a guard was false, or the lease of a key does not exist. */
function refuses(response: Frozen<EtcdResponse>): boolean {
  if (response === null) return false;
  if ('error' in response) return true;
  return 'succeeded' in response && !response.succeeded && response.responses.length === 0;
}

export const etcdLock = defineProtocol({
  name: 'etcd-lock',
  doc: 'A lock in an etcd cluster: leases, revisions, a queue; its fencing token guards writes.',
  source: 'etcd: clientv3/concurrency (Mutex, Session), server/lease (lessor)',
  events: { ...replicaEvents, ...workerEvents, ...storageEvents, ...leaseEvents, ...lockEvents },
  roles: { replica, worker, storage },
  defaultRole: 'replica',
  derivedEvents: { LockLost: lockLost(keeps), TwoHolders: twoHolders },
  invariants: etcdInvariants,
  refuses: (message) =>
    refusesWrite(message) || (message.type === 'ClientResponse' && refuses(message.response)),
  units: { ttl: 'seconds', validUntil: 'microseconds' },
});
