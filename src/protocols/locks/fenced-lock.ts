/** The lock of a lock server that issues fencing tokens, and what they prevent. */
import type { ConnectionId, Ending } from '../../protocol/connection.ts';
import { defineProtocol, operation, role } from '../../protocol/define.ts';
import type { Micros, Node, NodeId, Observed, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import {
  admitsWrite, olderTokenNeverOverwrites, refusesWrite, storage, type StorageAnswers, storageEvents,
  type StorageRequests,
} from './fenced-storage.ts';
import {
  type LinkOptions, linkOptions, linkSocket, linkTo, openLinks, whyUnanswered,
} from '../shared/links.ts';
import { takeOne } from '../shared/take-one.ts';
import { lockServerInvariants, storageForgetsNoToken } from './server-invariants.ts';
import { storageInvariants } from './storage-invariants.ts';
import {
  dropLock, earlierHolderNeverOverwrites, type Held, heldLock, type HolderOptions, holderOptions,
  holding, linkedStorageOperations, lockEvents, lockLost, noLocks, storageAnswers, storageLost,
  twoHolders, workerDocs, workerLook, workerStandings, type WorkerState,
} from './worker.ts';
import { isRefusedLock, lockSpecifications } from './lock-objects.ts';

// The lock server

interface Lock {
  readonly holder: NodeId;
  readonly ttl: Micros;
  readonly token: number;
}

interface LockRequests {
  Lock: { key: string; ttl: Micros; request: number };
  Extend: { key: string; token: number; ttl: Micros; request: number };
  Unlock: { key: string; token: number; request: number };
}

interface LockAnswers {
  Granted: { key: string; token: number; request: number };
  Denied: { key: string; holder: NodeId; request: number };
  Extended: { key: string; isOwn: boolean; request: number };
  Unlocked: { key: string; isOwn: boolean; request: number };
}

interface LockServer {
  state: { locks: Record<string, Lock>; lastToken: number };
  receives: LockRequests;
  sends: LockAnswers;
  timers: { expiry: { key: string } };
  events: { LockExpired: { key: string; holder: NodeId; token: number } };
  options: { tokensFrom: number };
}

const lockServer = role<LockServer>({
  doc: 'Grants each lock to one worker at a time, for a limited time, with an increasing token.',
  options: {
    tokensFrom: {
      kind: 'integer',
      default: 1,
      min: 1,
      doc: 'The first fencing token that it issues, from 1 on.',
    },
  },
  init: ({ options: { tokensFrom } }) => ({ locks: {}, lastToken: tokensFrom - 1 }),
  durable: ['locks', 'lastToken'],
  start(node) {
    // After a crash, the server does not know how much time a lock has left, so it restarts it.
    for (const [key, { ttl }] of Object.entries(node.state.locks)) {
      node.setTimer('expiry', ttl, { key }, key);
    }
  },
  messages: {
    Lock(node, { key, ttl, request }, from, connection) {
      const { state } = node;
      const lock = lockOf(state, key);
      if (lock !== undefined) {
        node.send(connection, { type: 'Denied', holder: lock.holder, key, request });
        return;
      }
      const token = ++state.lastToken;
      state.locks[key] = { holder: from, ttl, token };
      node.setTimer('expiry', ttl, { key }, key);
      node.send(connection, { type: 'Granted', token, key, request });
    },
    Extend(node, { key, token, ttl, request }, _from, connection) {
      const isOwn = lockOf(node.state, key)?.token === token;
      if (isOwn) node.setTimer('expiry', ttl, { key }, key);
      node.send(connection, { type: 'Extended', key, isOwn, request });
    },
    Unlock(node, { key, token, request }, _from, connection) {
      const isOwn = lockOf(node.state, key)?.token === token;
      if (isOwn) {
        delete node.state.locks[key];
        node.cancelTimer('expiry', key);
      }
      node.send(connection, { type: 'Unlocked', key, isOwn, request });
    },
  },
  timers: {
    expiry(node, { key }) {
      const { holder, token } = node.state.locks[key];
      delete node.state.locks[key];
      node.event('LockExpired', { key, holder, token });
    },
  },
  lookDocs: {
    token: 'The last fencing token that it gave out: each grant gets the next one.',
    '…': 'How long this lock is still held, unless its holder extends it: then it is free again.',
  },
  look: ({ locks, lastToken }) => {
    const held = Object.entries(locks).map(([key, { holder, token }]) => {
      return { of: key, is: holder, token };
    });
    const lease = Object.keys(locks).map((key) => ({ name: key, of: key, timer: 'expiry', key }));
    return { authority: {}, holder: held, lease, token: lastToken };
  },
});

function lockOf({ locks }: LockServer['state'], key: string): Lock | undefined {
  return Object.hasOwn(locks, key) ? locks[key] : undefined;
}

// The worker

/** What a worker wants from the lock server. */
interface Wish {
  readonly what: 'lock' | 'extend' | 'unlock';
  readonly operation: OperationId;
  readonly key: string;
  readonly ttl: Micros;
  /** How long it waits before it tries again; null to try once. */
  readonly retry: Micros | null;
  /** The token of the grant to extend or release; 0 in a request for the lock. */
  readonly token: number;
  /** Whether a watchdog extends the lock while the worker holds it. */
  readonly watchdog: boolean;
}

interface Pending extends Wish {
  readonly request: number;
  /** The worker's own clock before it sent the request. */
  readonly began: Micros;
  readonly connection: ConnectionId;
}

interface Worker {
  state: WorkerState & { pending: Pending[] };
  receives: StorageAnswers & LockAnswers;
  sends: StorageRequests & LockRequests;
  timers: { retry: Wish; watchdog: Watched; timeout: { request: number } };
  events: {
    LockAcquired: { key: string; token: number };
    LockRefused: { key: string; holder: NodeId };
    LockExtended: { key: string; token: number };
    LockReleased: { key: string; token: number };
    LossNoticed: { key: string; token: number };
    OutcomeUnknown: { what: Wish['what']; key: string };
  };
  options: HolderOptions & LinkOptions & { timeout: Micros; jitter: Micros };
}

/** A lock that a watchdog extends. */
interface Watched {
  readonly key: string;
  readonly token: number;
  readonly ttl: Micros;
}

type WorkerNode = Node<Worker>;

const worker = role<Worker>({
  doc: 'Takes the lock, writes to storage with the token of the lock, releases the lock.',
  joins: true,
  options: {
    ...holderOptions,
    ...linkOptions,
    timeout: {
      kind: 'duration',
      default: seconds(5),
      min: 0,
      doc: 'How long it waits for an answer before it closes its connection; 0: without limit.',
    },
    jitter: {
      kind: 'duration',
      default: milliseconds(100),
      min: 0,
      doc: 'The longest random delay that is added to `retry`.',
    },
  },
  init: () => ({ ...noLocks(), pending: [] }),
  durable: ['serial'],
  start: (node) => openLinks(node, 'lockServer', 'storage'),
  connection: { socket: linkSocket, ended: loseLink },
  messages: {
    ...storageAnswers,
    Granted(node, { key, token, request }) {
      const pending = takePending(node, request);
      if (pending === undefined) return;
      dropLock(node.state, key);
      const validUntil = pending.began + pending.ttl;
      node.state.held.push({ key, token, grant: `token ${token}`, validUntil });
      node.event('LockAcquired', { key, token });
      if (pending.watchdog) watch(node, { key, token, ttl: pending.ttl });
      node.reply(pending.operation, token);
    },
    Denied(node, { key, holder, request }) {
      const pending = takePending(node, request);
      if (pending === undefined) return;
      node.event('LockRefused', { key, holder });
      tryAgain(node, pending, `${holder} has ${key}`);
    },
    Extended(node, { key, isOwn, request }) {
      const pending = takePending(node, request);
      if (pending === undefined) return;
      const { token, operation: id } = pending;
      const held = heldLock(node.state, key);
      if (held?.token === token) {
        dropLock(node.state, key);
        if (isOwn) node.state.held.push({ ...held, validUntil: pending.began + pending.ttl });
        node.event(isOwn ? 'LockExtended' : 'LossNoticed', { key, token });
      }
      if (id !== '') node.reply(id, isOwn && held?.token === token);
    },
    Unlocked(node, { key, isOwn, request }) {
      const pending = takePending(node, request);
      if (pending === undefined) return;
      const { token } = pending;
      node.event(isOwn ? 'LockReleased' : 'LossNoticed', { key, token });
      node.reply(pending.operation, isOwn);
    },
  },
  timers: {
    retry: request,
    watchdog(node, watched) {
      if (heldLock(node.state, watched.key)?.token !== watched.token) return;
      request(node, { ...watched, what: 'extend', operation: '', retry: null, watchdog: true });
      watch(node, watched);
    },
    timeout(node, { request: number }) {
      const late = node.state.pending.find((one) => one.request === number);
      if (late === undefined) return;
      node.disconnect(late.connection);
      loseLink(node, serverOf(node), late.connection, 'timed out');
    },
  },
  background: ['watchdog'],
  operations: {
    lock: operation<Worker>()({
      doc:
        'Takes a lock; answers its fencing token. With `retry`, tries again after that time; ' +
        'with `watchdog`, extends the lock every third of its TTL, as Redisson does.',
      noEffect: isRefusedLock,
      parameters: { key: 'string', ttl: 'duration?', retry: 'duration?', watchdog: 'boolean?' },
      run(node, { key, ttl = seconds(10), retry = null, watchdog = false }, id) {
        request(node, { what: 'lock', operation: id, key, ttl, retry, watchdog, token: 0 });
      },
    }),
    extend: operation<Worker>()({
      doc: 'Extends a lock, if the worker still has it; answers whether it does.',
      parameters: { key: 'string', ttl: 'duration?' },
      run(node, { key, ttl = seconds(10) }, id) {
        const held = holding(node, key, id);
        if (held === undefined) return;
        request(node, { ...onHeld, what: 'extend', operation: id, key, ttl, token: held.token! });
      },
    }),
    unlock: operation<Worker>()({
      doc: 'Releases a lock, if the worker still has it; answers whether it did.',
      noEffect: isRefusedLock,
      parameters: { key: 'string' },
      run(node, { key }, id) {
        const held = holding(node, key, id);
        if (held === undefined) return;
        dropLock(node.state, key);
        request(node, { ...onHeld, what: 'unlock', operation: id, key, token: held.token! });
      },
    }),
    ...linkedStorageOperations,
  },
  look: workerLook,
  lookDocs: workerDocs,
  standings: workerStandings,
});

function watch(node: WorkerNode, watched: Watched): void {
  node.setTimer('watchdog', Math.ceil(watched.ttl / 3), watched, watched.key);
}

/** What a request about a lock that is held does not need. */
const onHeld = { ttl: 0, retry: null, watchdog: false };

function request(node: WorkerNode, wish: Wish): void {
  const connection = linkTo(node, serverOf(node));
  const number = ++node.state.serial;
  node.state.pending.push({ ...wish, request: number, began: node.now(), connection });
  if (node.options.timeout > 0) {
    node.setTimer('timeout', node.options.timeout, { request: number }, String(number));
  }
  node.send(connection, messageOf(wish, number));
}

function messageOf({ what, key, ttl, token }: Wish, request: number) {
  switch (what) {
    case 'lock':
      return { type: 'Lock', key, ttl, request } as const;
    case 'extend':
      return { type: 'Extend', key, token, ttl, request } as const;
    case 'unlock':
      return { type: 'Unlock', key, token, request } as const;
    default:
      throw new Error(`not a request: ${String(what satisfies never)}`);
  }
}

/** The worker did not get the lock: it tries again later, or its operation fails. */
function tryAgain(node: WorkerNode, pending: Pending, reason: string): void {
  const { operation: id, what, key, ttl, retry, watchdog, token } = pending;
  if (retry === null) return node.fail(id, reason);
  const wish = { what, operation: id, key, ttl, retry, watchdog, token };
  node.setTimer('retry', [retry, retry + node.options.jitter], wish, id);
}

/**
 * A connection ended. Whether the lock server executed a request on it is unknown: it may have
 * granted the lock, and then refuses this worker, too, until that grant expires, because without
 * its token nothing can release it.
 */
function loseLink(node: WorkerNode, peer: NodeId, connection: ConnectionId, how: Ending): void {
  storageLost(node, peer, connection, how);
  for (const pending of node.state.pending.filter((one) => one.connection === connection)) {
    takePending(node, pending.request);
    const { what, key, operation: id } = pending;
    if (how !== 'refused') node.event('OutcomeUnknown', { what, key });
    // A watchdog extends the lock at its next turn.
    if (id !== '') tryAgain(node, pending, whyUnanswered(peer, how));
  }
}

/** Removes and returns the request that an answer is for. */
function takePending(node: WorkerNode, request: number): Pending | undefined {
  node.cancelTimer('timeout', String(request));
  return takeOne(node.state.pending, (one) => one.request === request);
}

function serverOf(node: WorkerNode): NodeId {
  return node.nodes('lockServer')[0];
}

/** Whether the lock server still has this grant. */
function keeps(nodes: readonly Observed[], { key, token }: Held): boolean {
  return nodes.some((node) => isLockServer(node) && node.state.locks[key]?.token === token);
}

function isLockServer(node: Observed): node is Observed<LockServer['state']> {
  return node.role === 'lockServer';
}

const events: Record<keyof LockServer['events'] | keyof Worker['events'], string> = {
  LockAcquired: 'A worker has the lock, as far as it knows.',
  LockRefused: 'A worker did not get the lock, because another has it.',
  LockExtended: 'A holder extended the time of its lock.',
  LockReleased: 'A holder released its lock.',
  LockExpired: 'The time of a lock ran out before its holder released it.',
  LossNoticed: 'A worker learned that it no longer has the lock.',
  OutcomeUnknown: 'A connection ended before the answer: the lock server may have executed it.',
};

export const fencedLock = defineProtocol({
  name: 'fenced-lock',
  doc: 'A lock with a time to live and a fencing token, by which storage refuses late writes.',
  source: 'Kleppmann: How to do distributed locking, 2016, "Making the lock safe with fencing"',
  specification: lockSpecifications(['lock']),
  events: { ...events, ...storageEvents, ...lockEvents },
  roles: { lockServer, worker, storage },
  defaultRole: 'worker',
  connections: [['worker', 'lockServer'], ['worker', 'storage']],
  derivedEvents: { LockLost: lockLost(keeps), TwoHolders: twoHolders },
  invariants: {
    'an older token never overwrites a newer one': olderTokenNeverOverwrites,
    'an earlier holder never overwrites a later one': earlierHolderNeverOverwrites,
    'storage forgets no token': storageForgetsNoToken,
    ...storageInvariants,
    ...lockServerInvariants,
  },
  admits: admitsWrite,
  refuses: (message) => refusesWrite(message) || message.type === 'Denied',
  units: { validUntil: 'microseconds', began: 'microseconds' },
});
