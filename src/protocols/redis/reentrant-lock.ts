/** A lock that its holder can take again, as Redisson's RLock: a hash, a watchdog, a wake-up. */
// https://github.com/redisson/redisson, RedissonLock: the field of the hash is the holder, its
// value how often it holds the lock. The scripts here do what those in tryLockInnerAsync,
// unlockInnerAsync and renewExpirationAsync do.
import { defineProtocol, operation, role } from '../../protocol/define.ts';
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Observed, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import {
  admitsWrite, olderTokenNeverOverwrites, refusesWrite, storage, storageEvents,
} from '../locks/fenced-storage.ts';
import { storageForgetsNoToken } from '../locks/server-invariants.ts';
import { storageInvariants } from '../locks/storage-invariants.ts';
import {
  earlierHolderNeverOverwrites, type Held, holderOptions, linkedStorageOperations, lockEvents,
  lockLost, noLocks, storageAnswers, storageLost, twoHolders, valueDocs, workerLook,
  workerStandings,
} from '../locks/worker.ts';
import { linkOptions, linkSocket, openLinks } from '../shared/links.ts';
import { ttlFault } from './command-line.ts';
import { commandSummary, redis, redisEvents, replica, serverConnections } from './redis-server.ts';
import {
  connect, hear, loseConnection, moveTo, type ReentrantEvents, type ReentrantWorker, renew, replied,
  requestAgain, requestTimedOut, tryLock, unlock, waitIsOver,
} from './reentrant-worker.ts';
import { holdsMatch } from './reentrant-invariants.ts';
import { deciding } from './replication.ts';
import { redisInvariants } from './server-invariants.ts';
import { modelled } from './unmodelled.ts';
import { reentrantSpecification } from './reentrant-object.ts';

const worker = role<ReentrantWorker>({
  doc: 'A client that can take a lock again while it holds it, and waits for its release.',
  options: {
    ...holderOptions,
    ...linkOptions,
    watchdogTimeout: {
      kind: 'duration',
      default: seconds(30),
      min: milliseconds(3),
      unit: milliseconds(1),
      doc: 'How long a lock without `ttl` lasts; it is renewed after each third of that time.',
    },
    renewsAfterError: {
      kind: 'boolean',
      default: true,
      doc:
        'Whether the watchdog goes on after a renewal without a reply, as the RenewalTask of ' +
        'recent versions; before, RedissonBaseLock.renewExpiration gave the lock up silently.',
    },
    timeout: {
      kind: 'duration',
      default: seconds(3),
      min: milliseconds(1),
      doc: 'How long it waits for a reply of Redis.',
    },
    retryAttempts: {
      kind: 'integer',
      default: 3,
      min: 0,
      doc: 'How often it sends a command again that got no reply.',
    },
    retryInterval: {
      kind: 'duration',
      default: milliseconds(1_500),
      min: milliseconds(1),
      doc: 'How long after a command without a reply it sends the command again.',
    },
  },
  init: () => ({
    ...noLocks(),
    primary: null,
    link: '',
    listening: '',
    pending: [],
    waiting: [],
    holds: [],
    subscribed: [],
  }),
  summary: { messages: commandSummary },
  durable: ['serial'],
  start(node) {
    connect(node);
    openLinks(node, 'storage');
  },
  connection: {
    socket: linkSocket,
    ended(node, peer, connection: ConnectionId, how) {
      storageLost(node, peer, connection, how);
      loseConnection(node, connection);
    },
  },

  messages: { ...storageAnswers, Reply: replied, Push: hear, Promoted: moveTo },

  timers: {
    timeout: requestTimedOut,
    again: requestAgain,
    // The lock should have expired by now, or the wake-up was missed.
    wake: (node, { operation: id }) => tryLock(node, id),
    over: (node, { operation: id }) => waitIsOver(node, id),
    renew,
  },

  operations: {
    lock: operation<ReentrantWorker>()({
      doc: 'Takes a lock, again if it holds it; waits for it up to `wait`, or without a limit.',
      parameters: { key: 'string', ttl: 'duration?', wait: 'duration?' },
      fault: ttlFault,
      run(node, { key, ttl = null, wait = null }, id: OperationId) {
        node.state.waiting.push({ operation: id, key, ttl, wait, isWoken: false, isOver: false });
        if (wait !== null && wait > 0) node.setTimer('over', wait, { operation: id }, id);
        tryLock(node, id);
      },
    }),
    unlock: operation<ReentrantWorker>()({
      doc: 'Releases a lock once; answers how often the worker still holds it.',
      parameters: { key: 'string' },
      run: unlock,
    }),
    ...linkedStorageOperations,
  },

  look: workerLook,
  lookDocs: valueDocs,
  standings: workerStandings,
});

/** Whether a server still has the hold of a worker: the field that is its name. */
function keeps(nodes: readonly Observed[], { key, grant }: Held): boolean {
  const [field] = grant.split('/');
  return deciding(nodes).some(({ state }) => {
    const value = state.entries[key]?.value;
    if (typeof value !== 'object' || !('hash' in value)) return false;
    return value.hash.some(([one]) => one === field);
  });
}

const events: Record<keyof ReentrantEvents, string> = {
  LockAcquired: 'A worker has the lock; `count` says how often.',
  LockRefused: 'Another worker has the lock: this one waits, or gives up.',
  LockRenewed: 'The watchdog of a holder gave its lock the full time again.',
  LockReleased: 'A holder released its lock once; `count` says how often it still has it.',
  WatchdogEnded: 'A renewal had no reply, and the watchdog gave up: the lock will expire.',
  LossNoticed: 'A worker learned that it no longer has the lock.',
  CommandRepeated: 'A worker sent a command again that got no reply: it may be executed twice.',
};

export const reentrantLock = defineProtocol({
  name: 'reentrant-lock',
  doc: 'A lock in Redis that its holder can take again, with a watchdog and a wake-up by message.',
  source: 'redisson.pro: Locks and synchronizers, "Lock"; RedissonLock.java',
  specification: reentrantSpecification,
  events: { ...events, ...redisEvents, ...storageEvents, ...lockEvents },
  modelled,
  roles: { redis, replica, worker, storage },
  defaultRole: 'worker',
  connections: [
    ['worker', 'redis'], ['worker', 'replica'], ['worker', 'storage'], ...serverConnections,
  ],
  derivedEvents: { LockLost: lockLost(keeps), TwoHolders: twoHolders },
  invariants: {
    'an older token never overwrites a newer one': olderTokenNeverOverwrites,
    'an earlier holder never overwrites a later one': earlierHolderNeverOverwrites,
    'storage forgets no token': storageForgetsNoToken,
    ...storageInvariants,
    'a lock has one holder': holdsMatch,
    ...redisInvariants,
  },
  admits: admitsWrite,
  refuses: (message) => refusesWrite(message),
  units: { validUntil: 'microseconds', expireAt: 'milliseconds', wait: 'microseconds' },
});
