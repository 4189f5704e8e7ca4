/** Redlock: a lock on the majority of independent Redis servers. */
// The steps are numbered as in redis.io/docs/manual/patterns/distributed-locks, its algorithm.
import { defineProtocol, operation, role } from '../../protocol/define.ts';
import { broadcast, majority } from '../../protocol/patterns.ts';
import type { ConnectionId, Ending } from '../../protocol/connection.ts';
import type { Micros, Node, NodeId, Observed, OperationId, Role } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import {
  admitsWrite, olderTokenNeverOverwrites, refusesWrite, storage, type StorageAnswers, storageEvents,
  type StorageRequests,
} from '../locks/fenced-storage.ts';
import { isRefusedLock, lockSpecifications } from '../locks/lock-objects.ts';
import { storageForgetsNoToken } from '../locks/server-invariants.ts';
import { storageInvariants } from '../locks/storage-invariants.ts';
import {
  dropLock, earlierHolderNeverOverwrites, type Held, heldLock, type HolderOptions, holderOptions,
  holding, linkedStorageOperations, lockEvents, lockLost, noLocks, storageAnswers, storageLost,
  twoHolders, valueDocs, workerLook, workerStandings, type WorkerState,
} from '../locks/worker.ts';
import { type LinkOptions, linkOptions, linkSocket, linkTo, openLinks } from '../shared/links.ts';
import { extendCommand, newGrant, releaseCommand, takeCommand, ttlFault } from './command-line.ts';
import { commandSummary, counter, instance, redisEvents, tokenKey } from './redis-server.ts';
import {
  errorOf, reportMessage, pushEvents, type PushEvents, refusesLock, type Reply, tokenTooLarge,
} from './reply.ts';
import { redisInvariants } from './server-invariants.ts';
import type { Command, Push, RedisReply, RedisState } from './server-state.ts';

/** What a worker wants from the servers. */
interface Wish {
  readonly operation: OperationId;
  readonly key: string;
  readonly ttl: Micros;
  /** The time between two attempts. */
  readonly delay: Micros;
  /** How often it may still try again; −1 for no limit. */
  readonly retriesLeft: number;
  /** The value and the time of the first attempt, for a library that takes both only once. */
  readonly first?: { readonly grant: string; readonly began: Micros };
}

/** One round: the same command to all servers, or the command that draws a token. */
interface Round extends Wish {
  readonly what: 'lock' | 'token' | 'extend' | 'unlock';
  /** The number of all its commands. */
  readonly request: number;
  readonly grant: string;
  /** T1: the client's own clock before it sent the commands. */
  readonly began: Micros;
  /** The servers that granted the command, and those that refused it. */
  readonly granted: NodeId[];
  readonly denied: NodeId[];
}

interface Worker {
  state: WorkerState & { rounds: Round[] };
  receives: StorageAnswers & { Reply: RedisReply; Push: Push };
  sends: StorageRequests & { Command: Command };
  timers: { retry: Wish; nodeTimeout: { request: number } };
  events: PushEvents & {
    InstanceLocked: { key: string; instance: NodeId; count: number };
    LockAcquired: { key: string; token: number | null; instances: number; validity: Micros };
    LockRefused: { key: string; instances: number; reason: string };
    LockExtended: { key: string; instances: number; validity: Micros };
    LockReleased: { key: string; instances: number };
    LossNoticed: { key: string; instances: number };
  };
  options: HolderOptions & LinkOptions & {
    nodeTimeout: Micros;
    driftPercent: number;
    retryCount: number;
    retryDelay: Micros;
    retryJitter: Micros;
    returnsExpiredLock: boolean;
  };
}

type WorkerNode = Node<Worker>;

const options: Role<Worker>['options'] = {
  ...holderOptions,
  ...linkOptions,
  nodeTimeout: {
    kind: 'duration',
    default: milliseconds(50),
    min: milliseconds(1),
    doc: 'How long it waits for the servers; much shorter than a lock lasts.',
  },
  driftPercent: {
    kind: 'integer', default: 1, min: 0, max: 99,
    doc: 'CLOCK_DRIFT in percent of the TTL, plus 2 ms for the precision of expiry.',
  },
  retryCount: {
    kind: 'integer',
    default: 10,
    min: -1,
    doc: 'How often it tries again; −1 for no limit. node-redlock: 10; redsync: 31.',
  },
  retryDelay: {
    kind: 'duration',
    default: milliseconds(200),
    min: milliseconds(1),
    doc: 'The time between two attempts, not 0. node-redlock: 200ms; redsync: 150ms.',
  },
  retryJitter: {
    kind: 'duration', default: milliseconds(100), min: 0,
    doc: 'How far the time between two attempts varies. node-redlock and redsync: 100ms.',
  },
  returnsExpiredLock: {
    kind: 'boolean',
    default: false,
    doc: 'As node-redlock 5: one value and start for all attempts, no release before the last.',
  },
};

const worker = role<Worker>({
  doc: 'A client that locks the majority of the servers before it works, and unlocks them all.',
  joins: true,
  options,
  init: () => ({ ...noLocks(), rounds: [] }),
  summary: { messages: commandSummary },
  durable: ['serial'],
  start: (node) => openLinks(node, 'redis', 'counter', 'storage'),
  connection: { socket: linkSocket, ended: loseLink },

  messages: {
    ...storageAnswers,
    Push: reportMessage,
    Reply(node, { request, reply }, from) {
      const round = node.state.rounds.find((one) => one.request === request);
      if (round === undefined || hasAnswered(round, from)) return;
      if (round.what === 'token') return tokenDrawn(node, round, reply);
      const isGranted = grants(round, reply);
      (isGranted ? round.granted : round.denied).push(from);
      if (round.what === 'lock' && isGranted) {
        const count = round.granted.length;
        node.event('InstanceLocked', { key: round.key, instance: from, count });
      }
      decide(node, round, false);
    },
  },

  timers: {
    retry: tryLock,
    nodeTimeout(node, { request }) {
      const round = node.state.rounds.find((one) => one.request === request);
      if (round !== undefined) decide(node, round, true);
    },
  },

  operations: {
    lock: operation<Worker>()({
      doc: 'Locks a key on the majority of the servers; answers the fencing token, if any.',
      parameters: { key: 'string', ttl: 'duration?', retry: 'duration?', retries: 'integer?' },
      fault: ({ ttl, retries = 0 }) =>
        retries < -1 ? `retries cannot be ${retries}: −1 means no limit` : ttlFault({ ttl }),
      run(node, { key, ttl = seconds(10), retry, retries }, id) {
        const delay = retry ?? node.options.retryDelay;
        // With a time between attempts but no number of them, it tries until it has the lock.
        const count = retries ?? (retry === undefined ? node.options.retryCount : -1);
        tryLock(node, { operation: id, key, ttl, delay, retriesLeft: count });
      },
    }),
    extend: operation<Worker>()({
      doc: 'Extends a lock on the majority; answers whether the majority still has it.',
      parameters: { key: 'string', ttl: 'duration?' },
      fault: ttlFault,
      run(node, { key, ttl = seconds(10) }, id) {
        const held = holding(node, key, id);
        if (held === undefined) return;
        const wish = { operation: id, key, ttl, delay: 0, retriesLeft: 0 };
        sendToAll(node, wish, 'extend', held.grant, extendCommand(key, held.grant, ttl));
      },
    }),
    unlock: operation<Worker>()({
      doc: 'Releases a lock on all servers; answers whether the majority still had it.',
      noEffect: isRefusedLock, parameters: { key: 'string' },
      run(node, { key }, id) {
        const held = holding(node, key, id);
        if (held === undefined) return;
        dropLock(node.state, key);
        const wish = { operation: id, key, ttl: 0, delay: 0, retriesLeft: 0 };
        sendToAll(node, wish, 'unlock', held.grant, releaseCommand(key, held.grant));
      },
    }),
    ...linkedStorageOperations,
  },

  look: workerLook,
  lookDocs: valueDocs,
  standings: workerStandings,
});

// The algorithm

/**
 * Steps 1 and 2: notes the time, and tries to set the same key to the same random value on all
 * servers. It does so at the same time, as the section "Retry on Failure" recommends: the faster
 * it locks the majority, the less likely it is that several clients split the servers among them.
 */
function tryLock(node: WorkerNode, wish: Wish): void {
  const grant = wish.first?.grant ?? newGrant(node);
  sendToAll(node, wish, 'lock', grant, takeCommand(wish.key, grant, wish.ttl));
}

function sendToAll(
  node: WorkerNode, wish: Wish, what: Round['what'], grant: string, command: string,
): void {
  const request = beginRound(node, wish, what, grant, wish.first?.began ?? node.now());
  broadcast(node, { type: 'Command', command, request }, linksOf(node));
}

function linksOf(node: WorkerNode): ConnectionId[] {
  return node.nodes('redis').map((server) => linkTo(node, server));
}

/** A server whose connection ended does not answer any more: that counts as a denial. */
function loseLink(node: WorkerNode, peer: NodeId, connection: ConnectionId, how: Ending): void {
  storageLost(node, peer, connection, how);
  if (!node.nodes('redis').includes(peer)) return;
  for (const round of [...node.state.rounds]) {
    if (round.what === 'token' || hasAnswered(round, peer)) continue;
    round.denied.push(peer);
    decide(node, round, false);
  }
}

function beginRound(
  node: WorkerNode, wish: Wish, what: Round['what'], grant: string, began: Micros,
): number {
  const request = ++node.state.serial;
  const { operation: id, key, ttl, delay, retriesLeft } = wish;
  const asked = { operation: id, key, ttl, delay, retriesLeft, what, request, grant, began };
  node.state.rounds.push({ ...asked, granted: [], denied: [] });
  node.setTimer('nodeTimeout', node.options.nodeTimeout, { request }, String(request));
  return request;
}

function endRound(node: WorkerNode, round: Round): void {
  node.state.rounds = node.state.rounds.filter((one) => one !== round);
  node.cancelTimer('nodeTimeout', String(round.request));
}

function hasAnswered({ granted, denied }: Round, from: NodeId): boolean {
  return granted.includes(from) || denied.includes(from);
}

/** Whether a server's reply grants the command of a round. */
function grants({ what }: Round, reply: Reply): boolean {
  if (what !== 'lock') return reply === 1;
  return typeof reply === 'object' && reply !== null && 'ok' in reply;
}

/** N/2 + 1 of the N servers, whether they are up or not. */
function quorum(node: WorkerNode): number {
  return majority(node.nodes('redis').length);
}

/** Ends a round when the majority granted its command or no longer can, or at its timeout. */
function decide(node: WorkerNode, round: Round, isLate: boolean): void {
  const count = node.nodes('redis').length;
  const isWon = round.granted.length >= quorum(node);
  const isLost = isLate || round.denied.length > count - quorum(node);
  if (!isWon && !isLost) return;
  endRound(node, round);
  switch (round.what) {
    case 'lock':
      return isWon ? drawToken(node, round) : giveUp(node, round, 'no majority');
    case 'token':
      return giveUp(node, round, 'no fencing token');
    case 'extend':
      return isWon ? extended(node, round) : lose(node, round);
    case 'unlock':
      if (!isWon) return lose(node, round);
      node.event('LockReleased', { key: round.key, instances: round.granted.length });
      return node.reply(round.operation, true);
  }
}

/**
 * Redlock itself has no fencing tokens. If the scenario has a `counter`, the worker draws one from
 * it, and the time that this takes is part of the time that it took to acquire the lock.
 */
function drawToken(node: WorkerNode, round: Round): void {
  const [server] = node.nodes('counter');
  if (server === undefined) return acquire(node, round, null);
  const request = beginRound(node, round, 'token', round.grant, round.began);
  node.state.rounds[node.state.rounds.length - 1].granted.push(...round.granted);
  node.send(linkTo(node, server), { type: 'Command', command: `INCR ${tokenKey}`, request });
}

function tokenDrawn(node: WorkerNode, round: Round, reply: Reply): void {
  if (typeof reply === 'number') return acquire(node, round, reply);
  endRound(node, round);
  giveUp(node, round, errorOf(reply) ?? tokenTooLarge);
}

/**
 * Steps 3 and 4: the majority granted the lock. It is acquired if its validity time is positive:
 * MIN_VALIDITY = TTL - (T2 - T1) - CLOCK_DRIFT, where T2 is the clock now.
 */
function acquire(node: WorkerNode, round: Round, token: number | null): void {
  endRound(node, round);
  const { key, grant, operation: id } = round;
  const validity = validityOf(node, round);
  if (validity <= 0 && !node.options.returnsExpiredLock) {
    return giveUp(node, round, 'it took longer than the lock lasts');
  }
  dropLock(node.state, key);
  node.state.held.push({ key, grant, token, validUntil: node.now() + validity });
  const instances = round.granted.length;
  node.event('LockAcquired', { key, token, instances, validity });
  node.reply(id, token ?? 'OK');
}

function validityOf(node: WorkerNode, { ttl, began }: Round): Micros {
  const drift = Math.round((ttl * node.options.driftPercent) / 100) + milliseconds(2);
  return ttl - (node.now() - began) - drift;
}

/**
 * Step 5: unlocks all servers, "even the instances it believed it was not able to lock", because
 * perhaps only the reply was lost. Then it waits for a random time, so that clients that have split
 * the servers among them do not do so again.
 */
function giveUp(node: WorkerNode, round: Round, reason: string): void {
  const { operation: id, key, ttl, grant, began, delay, retriesLeft } = round;
  node.event('LockRefused', { key, instances: round.granted.length, reason });
  const { retryJitter, returnsExpiredLock } = node.options;
  const isLast = retriesLeft === 0;
  // node-redlock 5 releases after the last attempt only: its own keys refuse the next attempt.
  if (isLast || !returnsExpiredLock) {
    const command = releaseCommand(key, grant);
    const request = ++node.state.serial;
    broadcast(node, { type: 'Command', command, request }, linksOf(node));
  }
  if (isLast) return node.fail(id, reason);
  const wish = { operation: id, key, ttl, delay, retriesLeft: retriesLeft - 1 };
  const next = returnsExpiredLock ? { ...wish, first: { grant, began } } : wish;
  node.setTimer('retry', [Math.max(0, delay - retryJitter), delay + retryJitter], next, id);
}

function extended(node: WorkerNode, round: Round): void {
  const { key } = round;
  const held = heldLock(node.state, key);
  const validity = validityOf(node, round);
  if (held === undefined || validity <= 0) return lose(node, round);
  dropLock(node.state, key);
  node.state.held.push({ ...held, validUntil: node.now() + validity });
  node.event('LockExtended', { key, instances: round.granted.length, validity });
  node.reply(round.operation, true);
}

function lose(node: WorkerNode, { key, operation: id, granted }: Round): void {
  dropLock(node.state, key);
  node.event('LossNoticed', { key, instances: granted.length });
  node.reply(id, false);
}

/** Whether the majority of the servers still has this grant. */
function keeps(nodes: readonly Observed[], { key, grant }: Held): boolean {
  const servers = nodes.filter(isInstance);
  const keeping = servers.filter(({ state }) => state.entries[key]?.value === grant);
  return keeping.length > servers.length / 2;
}

const isInstance = (node: Observed): node is Observed<RedisState> => node.role === 'redis';

const events: Record<keyof Worker['events'], string> = {
  ...pushEvents,
  InstanceLocked: 'One server granted the lock; the majority is needed.',
  LockAcquired: 'A worker has the lock on the majority, for the given validity time.',
  LockRefused: 'A worker did not get the lock, and unlocks all servers.',
  LockExtended: 'A holder extended the time of its lock on the majority.',
  LockReleased: 'A holder released its lock on the majority.',
  LossNoticed: 'A worker learned that the majority no longer has its lock.',
};

export const redlock = defineProtocol({
  name: 'redlock', specification: lockSpecifications(['lock']),
  doc: 'A lock on the majority of independent Redis servers, and the ways in which it fails.',
  source: 'redis.io: Distributed Locks with Redis, "The Redlock Algorithm"',
  events: { ...events, ...redisEvents, ...storageEvents, ...lockEvents },
  roles: { redis: instance, counter, worker, storage }, defaultRole: 'redis',
  connections: [['worker', 'redis'], ['worker', 'counter'], ['worker', 'storage']],
  derivedEvents: { LockLost: lockLost(keeps), TwoHolders: twoHolders },
  invariants: {
    'an older token never overwrites a newer one': olderTokenNeverOverwrites,
    'an earlier holder never overwrites a later one': earlierHolderNeverOverwrites,
    'storage forgets no token': storageForgetsNoToken,
    ...storageInvariants, ...redisInvariants,
  },
  admits: admitsWrite,
  refuses: (message) => refusesWrite(message) || refusesLock(message),
  units: {
    validity: 'microseconds', validUntil: 'microseconds', began: 'microseconds',
    expireAt: 'milliseconds',
  },
});
