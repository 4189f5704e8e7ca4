/** ZooKeeper's lock recipe: ephemeral sequential nodes, each waiting for the one before it. */
import { defineProtocol, invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observed } from '../../protocol/types.ts';
import {
  olderTokenNeverOverwrites, refusesWrite, storage, storageEvents,
} from '../locks/fenced-storage.ts';
import { noLockWithoutSession, storageForgetsNoToken } from '../locks/server-invariants.ts';
import { storageInvariants } from '../locks/storage-invariants.ts';
import {
  earlierHolderNeverOverwrites, type Held, isWorker, lockEvents, lockLost, twoHolders,
} from '../locks/worker.ts';
import { ensembleInvariants, isServer } from './ensemble-invariants.ts';
import { childrenOf, server } from './server.ts';
import { serverEvents, workerEvents, zxidText } from './state.ts';
import { worker } from './worker.ts';

const zxidNeverFalls = invariant<Record<NodeId, number>>({
  doc: 'The zxid of a server never decreases, not even after a crash.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const before = memory[acted.id] ?? 0;
    const { zxid } = acted.state;
    memory[acted.id] = Math.max(before, zxid);
    if (zxid >= before) return undefined;
    return `The zxid of ${acted.id} fell from ${zxidText(before)} to ${zxidText(zxid)}.`;
  },
});

/** A node before the owner's can be deleted, but none can be added there: numbers only grow. */
const firstComeFirstServed = invariant<Record<NodeId, string>>({
  doc: 'A worker that takes a lock has the node with the lowest number: one owner at most.',
  remember: () => ({}),
  check({ acted, nodes, memory }) {
    if (!isWorker(acted)) return undefined;
    const { held } = acted.state;
    const grants = held.map(({ grant }) => grant).join(' ');
    if (memory[acted.id] === grants) return undefined;
    memory[acted.id] = grants;
    const ensemble = nodes.find(isServer);
    if (ensemble === undefined) return undefined;
    for (const { key, grant } of held) {
      const [first] = childrenOf(ensemble.state, `/${key}`);
      if (first === undefined || first >= grant) continue;
      return `${acted.id} took ${key} with the node ${grant}, but ${first} is before it.`;
    }
    return undefined;
  },
});

/** An ephemeral node without a session would block its lock forever. */
const noOrphans = invariant({
  doc: 'An ephemeral node exists no longer than its session.',
  check({ acted }) {
    if (!isServer(acted)) return undefined;
    const { znodes, sessions } = acted.state;
    for (const path in znodes) {
      const { session } = znodes[path];
      if (!(session in sessions)) return `${path} exists, but its session ${session} is over.`;
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
  'first come, first served': firstComeFirstServed,
  'an ephemeral node goes with its session': noOrphans,
  'the zxid never falls': zxidNeverFalls,
  ...ensembleInvariants,
};

/** Whether the server still has the node of a grant. */
function keeps(nodes: readonly Observed[], { grant }: Held): boolean {
  return nodes.some((node) => isServer(node) && grant in node.state.znodes);
}

export const zookeeperLock = defineProtocol({
  name: 'zookeeper-lock',
  doc: 'A lock with ephemeral sequential nodes; one server represents the ensemble.',
  source: 'ZooKeeper Recipes and Solutions: Locks; Programmer’s Guide: Sessions, Watches',
  events: { ...workerEvents, ...serverEvents, ...storageEvents, ...lockEvents },
  roles: { server, worker, storage },
  defaultRole: 'worker',
  derivedEvents: { LockLost: lockLost(keeps), TwoHolders: twoHolders },
  invariants,
  refuses: (message) => refusesWrite(message) || (message.type === 'Pong' && !message.alive),
  units: { validUntil: 'microseconds' },
});
