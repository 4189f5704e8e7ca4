/** A lock on one Redis server, as the page of SET has it: NX, PX, a release that compares. */
import { defineProtocol, operation, role } from '../../protocol/define.ts';
import type { Micros, Node, NodeId, Observed, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import {
  olderTokenNeverOverwrites, refusesWrite, storage, type StorageAnswers, storageEvents,
  type StorageRequests,
} from '../locks/fenced-storage.ts';
import {
  dropLock, earlierHolderNeverOverwrites, factEvents, type Held, heldLock, lockLost, noLocks,
  storageAnswers, storageOperations, twoHolders, workerLook, type WorkerState,
} from '../locks/worker.ts';
import {
  type Command, counter, extendCommand, inMilliseconds, redis, redisEvents, type RedisReply,
  type RedisState, refusesLock, releaseCommand, replica, tokenKey,
} from './redis.ts';
import type { Reply } from './script.ts';

interface Attempt {
  readonly operation: OperationId;
  readonly key: string;
  readonly ttl: Micros;
  /** How long it waits before it tries again; null to try once. */
  readonly retry: Micros | null;
  readonly grant: string;
  /** Its own clock, before it asked. */
  readonly began: Micros;
}

/** A command without a reply. */
interface Pending extends Attempt {
  readonly request: number;
  readonly what: 'set' | 'token' | 'extend' | 'unlock' | 'delete' | 'raw';
  readonly to: NodeId;
  readonly command: string;
}

interface Worker {
  state: WorkerState & { primary: NodeId | null; pending: Pending[] };
  receives: StorageAnswers & { Reply: RedisReply; Promoted: object };
  sends: StorageRequests & { Command: Command };
  timers: { retry: Attempt; timeout: { request: number } };
  events: {
    LockAcquired: { key: string; token: number | null };
    LockRefused: { key: string };
    LockExtended: { key: string };
    LockReleased: { key: string };
    LockDeleted: { key: string };
    LossNoticed: { key: string };
  };
  options: { timeout: Micros; jitter: Micros; fencingToken: boolean };
}

type WorkerNode = Node<Worker>;

const worker = role<Worker>({
  doc: 'A client that works under a lock: takes it, writes to storage, gives it back.',
  options: {
    timeout: {
      kind: 'duration', default: milliseconds(500), doc: 'How long it waits for a reply of Redis.',
    },
    jitter: {
      kind: 'duration', default: milliseconds(100), doc: 'How much longer than asked it may wait.',
    },
    fencingToken: {
      kind: 'boolean', default: true, doc: 'Whether it draws a fencing token with the lock (INCR).',
    },
  },
  init: () => ({ ...noLocks(), primary: null, pending: [] }),
  durable: ['serial'],

  messages: {
    ...storageAnswers,
    Reply(node, { request, reply }) {
      const { pending } = node.state;
      const one = pending.find((each) => each.request === request);
      if (one === undefined) return;
      node.state.pending = pending.filter((each) => each !== one);
      node.cancelTimer('timeout', String(request));
      hear(node, one, reply);
    },
    // As from a sentinel: where to send commands from now on.
    Promoted(node, _message, from) {
      node.state.primary = from;
    },
  },

  timers: {
    retry: tryLock,
    timeout(node, { request }) {
      const one = node.state.pending.find((each) => each.request === request);
      if (one === undefined) return;
      node.state.pending = node.state.pending.filter((each) => each !== one);
      if (one.what === 'set' || one.what === 'token') {
        // Perhaps the lock is taken, and only the answer was lost.
        giveBack(node, one);
        refuse(node, one, 'Redis did not answer');
      } else {
        send(node, one, one.what, one.command);
      }
    },
  },

  operations: {
    lock: operation<Worker>()({
      doc: 'Takes a lock; answers its fencing token. Tries again where `retry` says how soon.',
      parameters: { key: 'string', ttl: 'duration?', retry: 'duration?' },
      run: (node, { key, ttl = seconds(10), retry = null }, id) =>
        tryLock(node, { operation: id, key, ttl, retry, grant: '', began: 0 }),
    }),
    extend: operation<Worker>()({
      doc: 'Gives its lock more time, if it is still its own; answers whether it is.',
      parameters: { key: 'string', ttl: 'duration?' },
      run(node, { key, ttl = seconds(10) }, id) {
        const held = holding(node, key, id);
        if (held === undefined) return;
        const command = extendCommand(key, held.grant, ttl);
        const attempt = { ...attemptOf(id, key, held.grant), ttl, began: node.now() };
        send(node, attempt, 'extend', command);
      },
    }),
    unlock: operation<Worker>()({
      doc: 'Gives a lock back, if it is still its own; answers whether it was.',
      parameters: { key: 'string' },
      run(node, { key }, id) {
        const held = holding(node, key, id);
        if (held === undefined) return;
        dropLock(node.state, key);
        send(node, attemptOf(id, key, held.grant), 'unlock', releaseCommand(key, held.grant));
      },
    }),
    del: operation<Worker>()({
      doc: 'Deletes the key of a lock without looking whose it is; answers how many it deleted.',
      parameters: { key: 'string' },
      run(node, { key }, id) {
        dropLock(node.state, key);
        send(node, attemptOf(id, key, ''), 'delete', `DEL ${key}`);
      },
    }),
    redis: operation<Worker>()({
      doc: 'Sends a command, as one types it into redis-cli; answers the reply.',
      parameters: { command: 'string' },
      run: (node, { command }, id) => send(node, attemptOf(id, '', ''), 'raw', command),
    }),
    ...storageOperations,
  },

  look: workerLook,
});

// Taking the lock

function tryLock(node: WorkerNode, attempt: Attempt): void {
  const grant = `${node.id}:${node.random(0x10000).toString(16).padStart(4, '0')}`;
  const next = { ...attempt, grant, began: node.now() };
  send(node, next, 'set', `SET ${next.key} ${grant} NX PX ${inMilliseconds(next.ttl)}`);
}

function hear(node: WorkerNode, one: Pending, reply: Reply): void {
  const { operation: id, key, what } = one;
  const text = errorOf(reply);
  if (text !== undefined) {
    if (what === 'set') refuse(node, one, text);
    else node.fail(id, text);
    return;
  }
  switch (what) {
    case 'set':
      if (reply === null) refuse(node, one, `${key} is locked`);
      else if (node.options.fencingToken) send(node, one, 'token', `INCR ${tokenKey}`);
      else acquire(node, one, null);
      return;
    case 'token':
      return acquire(node, one, reply as number);
    case 'extend':
      return extended(node, one, reply === 1);
    case 'unlock':
      node.event(reply === 1 ? 'LockReleased' : 'LossNoticed', { key });
      return node.reply(id, reply === 1);
    case 'delete':
      if (reply === 1) node.event('LockDeleted', { key });
      return node.reply(id, reply);
    case 'raw':
      return node.reply(id, typeof reply === 'object' && reply && 'ok' in reply ? reply.ok : reply);
  }
}

function acquire(node: WorkerNode, one: Pending, token: number | null): void {
  const { key, grant, began, ttl, operation: id } = one;
  const validUntil = began + ttl;
  if (node.now() >= validUntil) {
    // The answers took longer than the lock lasts.
    giveBack(node, one);
    return refuse(node, one, `${key} expired before it was granted`);
  }
  dropLock(node.state, key);
  node.state.held.push({ key, grant, token, validUntil });
  node.event('LockAcquired', { key, token });
  node.reply(id, token ?? 'OK');
}

function refuse(node: WorkerNode, one: Attempt, reason: string): void {
  node.event('LockRefused', { key: one.key });
  if (one.retry === null) return node.fail(one.operation, reason);
  const { operation: id, key, ttl, retry } = one;
  const later = [retry, retry + node.options.jitter] as const;
  node.setTimer('retry', later, { ...attemptOf(id, key, ''), ttl, retry }, id);
}

function extended(node: WorkerNode, one: Pending, isOwn: boolean): void {
  const { key, operation: id, began, ttl } = one;
  const held = heldLock(node.state, key);
  dropLock(node.state, key);
  if (isOwn && held) node.state.held.push({ ...held, validUntil: began + ttl });
  node.event(isOwn ? 'LockExtended' : 'LossNoticed', { key });
  node.reply(id, isOwn);
}

function holding(node: WorkerNode, key: string, id: OperationId): Held | undefined {
  const held = heldLock(node.state, key);
  if (held === undefined) node.fail(id, `${node.id} does not hold ${key}`);
  return held;
}

/** Deletes the key if it is there with this grant; nobody waits for the answer. */
function giveBack(node: WorkerNode, { key, grant }: Attempt): void {
  const command = releaseCommand(key, grant);
  node.send(primaryOf(node), { type: 'Command', command, request: ++node.state.serial });
}

// Commands

function send(node: WorkerNode, one: Attempt, what: Pending['what'], command: string): void {
  const request = ++node.state.serial;
  const to = (what === 'token' ? node.nodes('counter')[0] : undefined) ?? primaryOf(node);
  const { operation: id, key, ttl, retry, grant, began } = one;
  const pending = { operation: id, key, ttl, retry, grant, began, request, what, to, command };
  node.state.pending.push(pending);
  node.send(to, { type: 'Command', command, request });
  node.setTimer('timeout', node.options.timeout, { request }, String(request));
}

function primaryOf(node: WorkerNode): NodeId {
  return node.state.primary ?? node.nodes('redis')[0];
}

function attemptOf(id: OperationId, key: string, grant: string): Attempt {
  return { operation: id, key, ttl: 0, retry: null, grant, began: 0 };
}

function errorOf(reply: Reply): string | undefined {
  const isError = typeof reply === 'object' && reply !== null && 'err' in reply;
  return isError ? reply.err : undefined;
}

/** Whether the server that takes commands has this grant; while there is none, any server. */
function keeps(nodes: readonly Observed[], { key, grant }: Held): boolean {
  const servers = nodes.filter(({ role: name }) => name === 'redis' || name === 'replica');
  const primaries = servers.filter(({ up, state }) => {
    return up && (state as RedisState).standing === 'primary';
  });
  const asked = primaries.length > 0 ? primaries : servers;
  return asked.some(({ state }) => (state as RedisState).entries[key]?.value === grant);
}

export const workerEvents: Record<keyof Worker['events'], string> = {
  LockAcquired: 'A worker has the lock, as far as it knows.',
  LockRefused: 'A worker did not get the lock.',
  LockExtended: 'A holder gave its lock more time.',
  LockReleased: 'A holder gave its lock back.',
  LockDeleted: 'A worker deleted the key of a lock without looking whose it is.',
  LossNoticed: 'A worker learned that the lock was no longer its own.',
};

export const redisLock = defineProtocol({
  name: 'redis-lock',
  doc: 'A lock with a time to live on one Redis server, its replica, and what fencing adds.',
  source: 'redis.io: SET, "Patterns"; Distributed Locks with Redis, "with a Single Instance"',
  events: { ...workerEvents, ...redisEvents, ...storageEvents, ...factEvents },
  roles: {
    redis,
    replica,
    counter,
    worker,
    storage,
  },
  defaultRole: 'worker',
  derivedEvents: { LockLost: lockLost(keeps), TwoHolders: twoHolders },
  invariants: {
    'an older token never overwrites a newer one': olderTokenNeverOverwrites,
    'an earlier holder never overwrites a later one': earlierHolderNeverOverwrites,
  },
  refuses: (message) => refusesWrite(message) || refusesLock(message),
});
