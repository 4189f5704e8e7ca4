/** A lock by a lease, as etcd gives it: who came first holds it, while its lease is kept alive. */
// It runs over Raft: the same servers with another state machine. Keep-alives do not go through
// the log; what they prevent, the revocation of a lease, does.
import { defineProtocol, role } from '../../protocol/define.ts';
import type { Json, Node, Observed, Role } from '../../protocol/types.ts';
import { between, milliseconds, seconds } from '../../protocol/units.ts';
import { etcdInvariants } from './invariants.ts';
import { isAlive, isPrimary, refresh, runOut, takeExpired } from './lessor.ts';
import { worker, workerEvents } from './worker.ts';
import {
  type EtcdCommand, type EtcdReplica, type EtcdState, keyOf, type LeaseEvents, lockOf,
  type TxnResponse,
} from './state.ts';
import { beginWatch, byCreation, etcdStore } from './store.ts';
import { refusesWrite, storage, storageEvents } from '../locks/fenced-storage.ts';
import { factEvents, type Held, lockLost, twoHolders } from '../locks/worker.ts';
import { applyCommitted, propose, replicaOver } from '../raft/raft.ts';
import { type Command } from '../raft/client.ts';
import {
  events as raftEvents, options, type Replica, type StateMachine,
} from '../raft/state.ts';

type Server = Node<EtcdReplica>;

// Raft's code is written for a key-value store's commands; it moves these without looking at them.
const machine = etcdStore as unknown as StateMachine;
const raftServer = replicaOver(machine) as unknown as Role<EtcdReplica>;

const replica = role<EtcdReplica>({
  ...raftServer,
  options: {
    ...options!,
    electionTimeout: {
      kind: 'range',
      default: between(seconds(1), seconds(2)),
      doc: 'How long a follower waits for its leader before it stands for election.',
    },
    heartbeatInterval: {
      kind: 'duration',
      default: milliseconds(100),
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
    lease: runOut,
    checkLeases(node) {
      for (const lease of takeExpired(node)) revokeByLog(node, lease);
    },
  },
  background: ['heartbeat', 'checkLeases'],

  look(state) {
    const { revision, primaryIn } = state;
    const lessor: Record<string, Json> = primaryIn > 0 ? { lessor: 'primary' } : {};
    return { ...raftServer.look!(state), facts: { revision, ...lessor, ...lines(state) } };
  },
});

/** The primary lessor decides that a lease is over; that it is revoked, the log decides. */
function revokeByLog(node: Server, lease: string): void {
  const command: EtcdCommand = { op: 'lease-revoke', lease };
  const server = node as unknown as Node<Replica>;
  propose(server, command as unknown as Command, ++node.state.revocations);
  applyCommitted(server, machine);
}

/** For each lock who is in line: the clients by the create revisions of their keys. */
function lines({ keys, leases }: Readonly<EtcdState>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { key, createRevision } of byCreation({ keys }, '')) {
    const client = leases[keys[key].lease]?.client;
    if (client === undefined) continue;
    const lock = lockOf(key);
    const one = `${client} (${createRevision})`;
    found[lock] = lock in found ? `${found[lock]}, then ${one}` : `held by ${one}`;
  }
  return found;
}

/** Whether the leader's store still has the key of a grant; unknown where none leads. */
function keeps(nodes: readonly Observed[], held: Held): boolean {
  let leader: EtcdState | undefined;
  for (const { role: name, up, state } of nodes) {
    if (name !== 'replica' || !up || state.primaryIn === 0) continue;
    if (leader === undefined || state.primaryIn > leader.primaryIn) leader = state as EtcdState;
  }
  return leader?.keys[keyOf(held)]?.createRevision === held.token || leader === undefined;
}

const leaseEvents: Record<keyof LeaseEvents, string> = {
  LeaseGranted: 'A client has a lease: its keys last as long as it keeps it alive.',
  LeaseExpired: 'The leader heard no keep-alive for a TTL, and has the lease revoked.',
  LeasesExtended: 'A new leader gave every lease all of its TTL again, and an election timeout.',
  WatchFired: 'A server told a client that the key for which it watched was deleted.',
  WriteFenced: 'A write came under a lock that was lost: its token is not that of the holder.',
};

/** A guard did not hold, and nothing else was asked for; or the lease of a key is gone. */
function saysNo(response: Partial<TxnResponse> & { error?: string } | null): boolean {
  if (response === null || response.error !== undefined) return response !== null;
  return response.succeeded === false && response.responses?.length === 0;
}

export const etcdLock = defineProtocol({
  name: 'etcd-lock',
  doc: 'A lock on an etcd cluster: leases, revisions, a line of waiters; its token fences writes.',
  source: 'etcd: clientv3/concurrency (Mutex, Session), server/lease (lessor)',
  events: { ...raftEvents, ...workerEvents, ...storageEvents, ...leaseEvents, ...factEvents },
  roles: { replica, worker, storage },
  defaultRole: 'replica',
  derivedEvents: { LockLost: lockLost(keeps), TwoHolders: twoHolders },
  invariants: etcdInvariants,
  refuses: (message) =>
    refusesWrite(message) || (message.type === 'ClientResponse' && saysNo(message.response)),
});
