/** A lock on one Redis server, as the manual page of SET describes it: NX, PX, a safe release. */
import { defineProtocol, operation, role } from '../../protocol/define.ts';
import type { ConnectionId, Ending } from '../../protocol/connection.ts';
import type { Micros, Node, NodeId, Observed, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import {
  admitsWrite, olderTokenNeverOverwrites, refusesWrite, storage, type StorageAnswers, storageEvents,
  type StorageRequests,
} from '../locks/fenced-storage.ts';
import { storageForgetsNoToken } from '../locks/server-invariants.ts';
import { storageInvariants } from '../locks/storage-invariants.ts';
import {
  dropLock, earlierHolderNeverOverwrites, type Held, heldLock, type HolderOptions, holderOptions,
  holding, linkedStorageOperations, lockEvents, lockLost, noLocks, storageAnswers, storageLost,
  twoHolders, valueDocs, workerLook, workerStandings, type WorkerState,
} from '../locks/worker.ts';
import { type LinkOptions, linkOptions, linkSocket, linkTo, openLinks } from '../shared/links.ts';
import { takeOne } from '../shared/take-one.ts';
import { extendCommand, newGrant, releaseCommand, takeCommand, ttlFault } from './command-line.ts';
import {
  commandSummary, counter, redis, redisEvents, replica, serverConnections, tokenKey,
} from './redis-server.ts';
import {
  errorOf, reportMessage, pushEvents, type PushEvents, plain, refusesLock, type Reply,
  tokenTooLarge,
} from './reply.ts';
import { deciding } from './replication.ts';
import { redisInvariants } from './server-invariants.ts';
import { modelled, unmodelledIn } from './unmodelled.ts';
import type { Command, Push, RedisReply } from './server-state.ts';
import { isRefusedLock, lockSpecifications } from '../locks/lock-objects.ts';

/** An attempt to take a lock, or another command on it. */
interface Attempt {
  readonly operation: OperationId;
  readonly key: string;
  readonly ttl: Micros;
  /** How long it waits before it tries again; null to try once. */
  readonly retry: Micros | null;
  readonly grant: string;
  /** The worker's own clock before it sent the command. */
  readonly began: Micros;
}

/** A command without a reply. */
interface Pending extends Attempt {
  readonly request: number;
  readonly what: 'set' | 'token' | 'extend' | 'unlock' | 'delete' | 'raw';
  readonly connection: ConnectionId;
  readonly command: string;
}

interface Worker {
  state: WorkerState & { primary: NodeId | null; pending: Pending[] };
  receives: StorageAnswers & { Reply: RedisReply; Push: Push; Promoted: object };
  sends: StorageRequests & { Command: Command };
  timers: { retry: Attempt; timeout: { request: number } };
  events: PushEvents & {
    LockAcquired: { key: string; token: number | null };
    LockRefused: { key: string };
    LockExtended: { key: string };
    LockReleased: { key: string };
    LockDeleted: { key: string };
    LossNoticed: { key: string };
  };
  options: HolderOptions & LinkOptions & { timeout: Micros; jitter: Micros; fencingToken: boolean };
}

type WorkerNode = Node<Worker>;

const worker = role<Worker>({
  doc: 'A client that works under a lock: takes it, writes to storage, releases it.',
  joins: true,
  options: {
    ...holderOptions,
    ...linkOptions,
    timeout: {
      kind: 'duration',
      default: milliseconds(500),
      min: milliseconds(1),
      doc: 'How long it waits for a reply of Redis; a command takes a round trip at least.',
    },
    jitter: {
      kind: 'duration',
      default: milliseconds(100),
      min: 0,
      doc: 'The longest random delay that is added to `retry`.',
    },
    fencingToken: {
      kind: 'boolean', default: true, doc: 'Whether it draws a fencing token with the lock (INCR).',
    },
  },
  init: () => ({ ...noLocks(), primary: null, pending: [] }),
  summary: { messages: commandSummary },
  durable: ['serial'],
  start: (node) => openLinks(node, 'redis', 'replica', 'counter', 'storage'),
  connection: { socket: linkSocket, ended: loseLink },

  messages: {
    ...storageAnswers,
    Reply(node, { request, reply }) {
      const answered = takePending(node, request);
      if (answered !== undefined) proceed(node, answered, reply);
    },
    Push: reportMessage,
    // As from a sentinel: commands go to the new primary from now on.
    Promoted(node, _message, from) {
      node.state.primary = from;
    },
  },

  timers: {
    retry: tryLock,
    timeout(node, { request }) {
      const pending = takePending(node, request);
      if (pending !== undefined) withoutReply(node, pending, 'Redis did not answer');
    },
  },

  operations: {
    lock: operation<Worker>()({
      doc: 'Takes a lock; answers its fencing token. With `retry`, tries again after that time.',
      noEffect: isRefusedLock,
      parameters: { key: 'string', ttl: 'duration?', retry: 'duration?' },
      fault: ttlFault,
      run: (node, { key, ttl = seconds(10), retry = null }, id) =>
        tryLock(node, { operation: id, key, ttl, retry, grant: '', began: 0 }),
    }),
    extend: operation<Worker>()({
      doc: 'Extends a lock, if the worker still has it; answers whether it does.',
      parameters: { key: 'string', ttl: 'duration?' },
      fault: ttlFault,
      run(node, { key, ttl = seconds(10) }, id) {
        const held = holding(node, key, id);
        if (held === undefined) return;
        const command = extendCommand(key, held.grant, ttl);
        const attempt = { ...attemptOf(id, key, held.grant), ttl, began: node.now() };
        send(node, attempt, 'extend', command);
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
        send(node, attemptOf(id, key, held.grant), 'unlock', releaseCommand(key, held.grant));
      },
    }),
    del: operation<Worker>()({
      doc: 'Deletes the key of a lock, even of another holder; answers how many it deleted.',
      parameters: { key: 'string' },
      run(node, { key }, id) {
        dropLock(node.state, key);
        send(node, attemptOf(id, key, ''), 'delete', `DEL ${key}`);
      },
    }),
    redis: operation<Worker>()({
      doc: 'Sends a command, written as for redis-cli; answers the reply.',
      parameters: { command: 'string' },
      fault: ({ command }) => unmodelledIn(command),
      run: (node, { command }, id) => send(node, attemptOf(id, '', ''), 'raw', command),
    }),
    ...linkedStorageOperations,
  },

  look: workerLook,
  lookDocs: valueDocs,
  standings: workerStandings,
});

function takePending(node: WorkerNode, request: number): Pending | undefined {
  node.cancelTimer('timeout', String(request));
  return takeOne(node.state.pending, (one) => one.request === request);
}

// Requests without a reply: what they did is unknown

/**
 * Redis may have granted the lock, and only the reply was lost, so the lock is given back. Another
 * command is sent again: it does the same if it is executed twice, unless the user typed it.
 */
function withoutReply(node: WorkerNode, pending: Pending, reason: string): void {
  const { operation: id, what, command } = pending;
  if (what === 'set' || what === 'token') {
    giveBack(node, pending);
    refuse(node, pending, reason);
  } else if (what === 'raw') {
    node.fail(id, `${reason}; the command may have been executed`);
  } else {
    send(node, pending, what, command);
  }
}

/** A connection ended: requests for the lock on it fail at once, others when their time is over. */
function loseLink(node: WorkerNode, peer: NodeId, connection: ConnectionId, how: Ending): void {
  storageLost(node, peer, connection, how);
  for (const pending of [...node.state.pending]) {
    const isHasty = pending.what === 'set' || pending.what === 'token' || pending.what === 'raw';
    if (pending.connection !== connection || !isHasty) continue;
    takePending(node, pending.request);
    withoutReply(node, pending, `the connection to ${peer} ended (${how})`);
  }
}

// Taking the lock

function tryLock(node: WorkerNode, attempt: Attempt): void {
  const grant = newGrant(node);
  const next = { ...attempt, grant, began: node.now() };
  send(node, next, 'set', takeCommand(next.key, grant, next.ttl));
}

/** Continues what a command was for, now that it is answered. */
function proceed(node: WorkerNode, pending: Pending, reply: Reply): void {
  const { operation: id, key, what } = pending;
  const error = errorOf(reply);
  if (error !== undefined) {
    if (what === 'set') refuse(node, pending, error);
    else node.fail(id, error);
    return;
  }
  switch (what) {
    case 'set':
      if (reply === null) refuse(node, pending, `${key} is locked`);
      else if (node.options.fencingToken) send(node, pending, 'token', `INCR ${tokenKey}`);
      else acquire(node, pending, null);
      return;
    case 'token':
      if (typeof reply === 'number') return acquire(node, pending, reply);
      giveBack(node, pending);
      return refuse(node, pending, tokenTooLarge);
    case 'extend':
      return extended(node, pending, reply === 1);
    case 'unlock':
      node.event(reply === 1 ? 'LockReleased' : 'LossNoticed', { key });
      return node.reply(id, reply === 1);
    case 'delete':
      if (reply === 1) node.event('LockDeleted', { key });
      return node.reply(id, reply);
    case 'raw':
      return node.reply(id, plain(reply));
  }
}

function acquire(node: WorkerNode, pending: Pending, token: number | null): void {
  const { key, grant, began, ttl, operation: id } = pending;
  const validUntil = began + ttl;
  if (node.now() >= validUntil) {
    // The replies took longer than the lock lasts.
    giveBack(node, pending);
    return refuse(node, pending, `${key} expired before it was granted`);
  }
  dropLock(node.state, key);
  node.state.held.push({ key, grant, token, validUntil });
  node.event('LockAcquired', { key, token });
  node.reply(id, token ?? 'OK');
}

function refuse(node: WorkerNode, attempt: Attempt, reason: string): void {
  const { operation: id, key, ttl, retry } = attempt;
  node.event('LockRefused', { key });
  if (retry === null) return node.fail(id, reason);
  const later = [retry, retry + node.options.jitter] as const;
  node.setTimer('retry', later, { ...attemptOf(id, key, ''), ttl, retry }, id);
}

function extended(node: WorkerNode, pending: Pending, isOwn: boolean): void {
  const { key, operation: id, began, ttl } = pending;
  const held = heldLock(node.state, key);
  dropLock(node.state, key);
  if (isOwn && held) node.state.held.push({ ...held, validUntil: began + ttl });
  node.event(isOwn ? 'LockExtended' : 'LossNoticed', { key });
  node.reply(id, isOwn);
}

/** Deletes the key if it still has this grant; the worker does not wait for the reply. */
function giveBack(node: WorkerNode, { key, grant }: Attempt): void {
  const command = releaseCommand(key, grant);
  const link = linkTo(node, primaryOf(node));
  node.send(link, { type: 'Command', command, request: ++node.state.serial });
}

// Commands

function send(node: WorkerNode, attempt: Attempt, what: Pending['what'], command: string): void {
  const request = ++node.state.serial;
  const to = (what === 'token' ? node.nodes('counter')[0] : undefined) ?? primaryOf(node);
  const { operation: id, key, ttl, retry, grant, began } = attempt;
  const connection = linkTo(node, to);
  const attempted = { operation: id, key, ttl, retry, grant, began };
  node.state.pending.push({ ...attempted, request, what, connection, command });
  node.send(connection, { type: 'Command', command, request });
  node.setTimer('timeout', node.options.timeout, { request }, String(request));
}

function primaryOf(node: WorkerNode): NodeId {
  return node.state.primary ?? node.nodes('redis')[0];
}

function attemptOf(id: OperationId, key: string, grant: string): Attempt {
  return { operation: id, key, ttl: 0, retry: null, grant, began: 0 };
}

/** Whether a running primary still has this grant; if no primary is running, whether any server. */
function keeps(nodes: readonly Observed[], { key, grant }: Held): boolean {
  return deciding(nodes).some(({ state }) => state.entries[key]?.value === grant);
}

export const workerEvents: Record<keyof Worker['events'], string> = {
  ...pushEvents,
  LockAcquired: 'A worker has the lock, as far as it knows.',
  LockRefused: 'A worker did not get the lock.',
  LockExtended: 'A holder extended the time of its lock.',
  LockReleased: 'A holder released its lock.',
  LockDeleted: 'A worker deleted the key of a lock without checking which worker holds it.',
  LossNoticed: 'A worker learned that it no longer has the lock.',
};

export const redisLock = defineProtocol({
  name: 'redis-lock',
  doc: 'A lock with a time to live on one Redis server, with a replica and fencing tokens.',
  source:
    'redis.io: SET, "Patterns"; ' +
    'Distributed Locks with Redis, "Correct Implementation with a Single Instance"',
  specification: lockSpecifications(['lock'], ['del', 'redis']),
  events: { ...workerEvents, ...redisEvents, ...storageEvents, ...lockEvents },
  modelled,
  roles: {
    redis,
    replica,
    counter,
    worker,
    storage,
  },
  defaultRole: 'worker',
  connections: [
    ['worker', 'redis'], ['worker', 'replica'], ['worker', 'counter'], ['worker', 'storage'],
    ...serverConnections,
  ],
  derivedEvents: { LockLost: lockLost(keeps), TwoHolders: twoHolders },
  invariants: {
    'an older token never overwrites a newer one': olderTokenNeverOverwrites,
    'an earlier holder never overwrites a later one': earlierHolderNeverOverwrites,
    'storage forgets no token': storageForgetsNoToken,
    ...storageInvariants,
    ...redisInvariants,
  },
  admits: admitsWrite,
  refuses: (message) => refusesWrite(message) || refusesLock(message),
  units: { validUntil: 'microseconds', began: 'microseconds', expireAt: 'milliseconds' },
});
