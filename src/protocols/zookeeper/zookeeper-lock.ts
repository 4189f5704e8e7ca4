/** ZooKeeper: sessions over connections, znodes and watches, and the lock that is made of them. */
import { defineProtocol } from '../../protocol/define.ts';
import type { Invariant, Observed } from '../../protocol/types.ts';
import {
  admitsWrite, olderTokenNeverOverwrites, refusesWrite, storage, storageEvents,
} from '../locks/fenced-storage.ts';
import { noLockWithoutSession, storageForgetsNoToken } from '../locks/server-invariants.ts';
import { storageInvariants } from '../locks/storage-invariants.ts';
import {
  earlierHolderNeverOverwrites, type Held, lockEvents, lockLost, twoHolders,
} from '../locks/worker.ts';
import { client, clientEvents } from './client.ts';
import { lockInvariants, nodeOrphaned } from './lock-invariants.ts';
import { serverInvariants } from './server-invariants.ts';
import { newestServer, serverEvents } from './server-state.ts';
import { observer, server } from './server.ts';
import { isFailure } from './wire.ts';
import { worker } from './worker.ts';
import { workerEvents } from './worker-state.ts';
import { zabInvariants } from './zab/zab-invariants.ts';
import { lockSpecifications } from '../locks/lock-objects.ts';
import { znodeSpecifications } from './znode-objects.ts';

const invariants: Record<string, Invariant> = {
  'an older token never overwrites a newer one': olderTokenNeverOverwrites,
  'an earlier holder never overwrites a later one': earlierHolderNeverOverwrites,
  'storage forgets no token': storageForgetsNoToken,
  ...storageInvariants,
  'no lock without a session': noLockWithoutSession,
  ...lockInvariants,
  ...serverInvariants,
  ...zabInvariants,
};

/** Whether the node of a grant still exists; as long as no server serves, it does. */
function keeps(nodes: readonly Observed[], { grant }: Held): boolean {
  const newest = newestServer(nodes);
  return newest === undefined || grant in newest.state.znodes;
}

export const zookeeperLock = defineProtocol({
  name: 'zookeeper-lock',
  doc: 'A lock with ephemeral sequential nodes, and plain clients, on an ensemble.',
  source:
    'ZooKeeper Recipes and Solutions: Locks; Programmer’s Guide: Sessions, Watches; the Java ' +
    'client; Curator: InterProcessMutex, Protection',
  specification: {
    ...lockSpecifications(['lock', 'tryLock'], ['close', 'latch']),
    ...znodeSpecifications,
  },
  events: {
    ...workerEvents, ...clientEvents, ...serverEvents, ...storageEvents, ...lockEvents,
    NodeOrphaned:
      'The reply to a create was lost with its connection: its node blocks the queue until the ' +
      'session ends, and its worker does not know.',
  },
  roles: { server, observer, worker, client, storage },
  defaultRole: 'worker',
  connections: [
    ['server', 'server'], ['observer', 'server'], ['server', 'observer'],
    ['worker', 'server'], ['client', 'server'], ['worker', 'observer'], ['client', 'observer'],
  ],
  derivedEvents: {
    LockLost: lockLost(keeps), TwoHolders: twoHolders, NodeOrphaned: nodeOrphaned,
  },
  invariants,
  admits: admitsWrite,
  // PING is between the servers of an ensemble; a session sends Ping.
  isHeartbeat: ({ type }) => type === 'PING' || type === 'Ping',
  refuses: (message) =>
    refusesWrite(message) ||
    (message.type === 'Reply' && isFailure(message.response)) ||
    (message.type === 'ConnectResponse' && message.timeout === 0),
  units: {
    validUntil: 'microseconds', sentAt: 'microseconds', pingedAt: 'microseconds',
    requested: 'microseconds', retries: 'none',
    // As ZooKeeper prints them: the epoch, then the counter in eight digits.
    zxid: 'hexadecimal', lastZxid: 'hexadecimal', czxid: 'hexadecimal', mzxid: 'hexadecimal',
    pzxid: 'hexadecimal', lastProposed: 'hexadecimal', lastCommitted: 'hexadecimal',
    seen: 'hexadecimal',
  },
});
