/** How a worker takes, renews and releases a re-entrant lock, and waits for one. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import type { StorageAnswers, StorageRequests } from '../locks/fenced-storage.ts';
import { dropLock, type HolderOptions, type WorkerState } from '../locks/worker.ts';
import type { LinkOptions } from '../shared/links.ts';
import { takeOne } from '../shared/take-one.ts';
import { inMilliseconds } from './command-line.ts';
import { errorOf, isList, type Reply } from './reply.ts';
import type { Command, Push, RedisReply } from './server-state.ts';

/** An operation `lock` that is not answered yet. */
interface Waiting {
  readonly operation: OperationId;
  readonly key: string;
  /** Null for a lock that the watchdog renews. */
  readonly ttl: Micros | null;
  /** How long it waits; null without a limit, 0 to try once. */
  readonly wait: Micros | null;
  /** Whether the lock was released while a try for it had no reply yet. */
  readonly isWoken: boolean;
  /** Whether the time ran out while a try had no reply yet: that reply still decides. */
  readonly isOver: boolean;
}

/** A command without a reply. */
interface Pending {
  readonly request: number;
  readonly what: 'lock' | 'renew' | 'unlock' | 'subscribe';
  readonly operation: OperationId;
  readonly key: string;
  readonly command: string;
  readonly connection: ConnectionId;
  readonly began: Micros;
  /** How often it may still be sent again. */
  readonly attempts: number;
}

/** A lock that the worker believes it holds. */
interface Hold {
  readonly key: string;
  readonly count: number;
  readonly ttl: Micros | null;
}

export interface ReentrantEvents {
  LockAcquired: { key: string; count: number };
  LockRefused: { key: string };
  LockRenewed: { key: string };
  LockReleased: { key: string; count: number };
  WatchdogEnded: { key: string };
  LossNoticed: { key: string };
  CommandRepeated: { what: string; key: string };
}

export interface ReentrantWorker {
  state: WorkerState & {
    /** The server that a promotion named; null for the first one. */
    primary: NodeId | null;
    /** The connection for commands, and the one for messages: a subscriber sends no others. */
    link: ConnectionId;
    listening: ConnectionId;
    pending: Pending[];
    waiting: Waiting[];
    holds: Hold[];
    /** The locks to whose channel it is subscribed. */
    subscribed: string[];
  };
  receives: StorageAnswers & { Reply: RedisReply; Push: Push; Promoted: object };
  sends: StorageRequests & { Command: Command };
  timers: {
    timeout: { request: number };
    again: { request: number };
    wake: { operation: OperationId };
    over: { operation: OperationId };
    renew: { key: string };
  };
  events: ReentrantEvents;
  options: HolderOptions & LinkOptions & {
    watchdogTimeout: Micros;
    renewsAfterError: boolean;
    timeout: Micros;
    retryAttempts: number;
    retryInterval: Micros;
  };
}

type WorkerNode = Node<ReentrantWorker>;

// The scripts: KEYS[1] is the lock, ARGV[1] the time to live, ARGV[2] the holder

const lockScript =
  "if redis.call('exists', KEYS[1]) == 0 or redis.call('hexists', KEYS[1], ARGV[2]) == 1 then " +
  "local count = redis.call('hincrby', KEYS[1], ARGV[2], 1) " +
  "redis.call('pexpire', KEYS[1], ARGV[1]) return {count} end " +
  "return redis.call('pttl', KEYS[1])";
const unlockScript =
  "if redis.call('hexists', KEYS[1], ARGV[2]) == 0 then return false end " +
  "local count = redis.call('hincrby', KEYS[1], ARGV[2], -1) " +
  "if count > 0 then redis.call('pexpire', KEYS[1], ARGV[1]) return count end " +
  "redis.call('del', KEYS[1]) redis.call('publish', KEYS[2], 'unlocked') return 0";
const renewScript =
  "if redis.call('hexists', KEYS[1], ARGV[2]) == 1 then " +
  "return redis.call('pexpire', KEYS[1], ARGV[1]) end return 0";

const channelOf = (key: string): string => `lock_channel:${key}`;

/** The client and its thread: the worker is one thread. */
const holderOf = (node: WorkerNode): string => `${node.id}:1`;

const lifetime = ({ options }: WorkerNode, ttl: Micros | null): Micros =>
  ttl ?? options.watchdogTimeout;

/** The watchdog renews a lock after each third of its time. */
function watch(node: WorkerNode, key: string): void {
  node.setTimer('renew', Math.round(node.options.watchdogTimeout / 3), { key }, key);
}

// Taking the lock

export function tryLock(node: WorkerNode, id: OperationId): void {
  const wish = node.state.waiting.find((one) => one.operation === id);
  if (wish === undefined) return;
  // A second try beside the first would take the lock twice. After a subscription, it tries anyway.
  const isTrying = node.state.pending.some((one) => one.operation === id);
  change(node, id, { isWoken: isTrying });
  if (isTrying) return;
  const ttl = inMilliseconds(lifetime(node, wish.ttl));
  const command = `EVAL "${lockScript}" 1 ${wish.key} ${ttl} ${holderOf(node)}`;
  request(node, { what: 'lock', operation: id, key: wish.key, command });
}

function change(node: WorkerNode, id: OperationId, changes: Partial<Waiting>): void {
  node.state.waiting = node.state.waiting.map((one) =>
    one.operation === id ? { ...one, ...changes } : one,
  );
}

export function unlock(node: WorkerNode, { key }: { key: string }, id: OperationId): void {
  const hold = node.state.holds.find((one) => one.key === key);
  if (hold === undefined) return node.fail(id, `${node.id} does not hold ${key}`);
  // The watchdog ends with the last hold, whatever the reply will be.
  if (hold.count === 1) node.cancelTimer('renew', key);
  const ttl = inMilliseconds(lifetime(node, hold.ttl));
  const keys = `2 ${key} ${channelOf(key)}`;
  const command = `EVAL "${unlockScript}" ${keys} ${ttl} ${holderOf(node)}`;
  request(node, { what: 'unlock', operation: id, key, command });
}

export function renew(node: WorkerNode, { key }: { key: string }): void {
  const ttl = inMilliseconds(node.options.watchdogTimeout);
  const command = `EVAL "${renewScript}" 1 ${key} ${ttl} ${holderOf(node)}`;
  request(node, { what: 'renew', operation: '', key, command });
}

function acquired(node: WorkerNode, pending: Pending, count: number): void {
  const { state } = node;
  const { key, operation: id, began } = pending;
  const wish = state.waiting.find((one) => one.operation === id);
  if (wish === undefined) return;
  endWaiting(node, id);
  const { ttl } = wish;
  const before = state.held.find((one) => one.key === key);
  const isAgain = count > 1 && before !== undefined;
  const grant = isAgain ? before.grant : `${holderOf(node)}/${pending.request}`;
  dropLock(state, key);
  state.held.push({ key, grant, token: null, validUntil: began + lifetime(node, ttl) });
  state.holds = [...state.holds.filter((one) => one.key !== key), { key, count, ttl }];
  if (ttl === null) watch(node, key);
  node.event('LockAcquired', { key, count });
  node.reply(id, count);
}

/** Another worker has the lock: it is woken by a message, or when the lock expires. */
function refused(node: WorkerNode, { operation: id, key }: Pending, left: number): void {
  const { state } = node;
  const wish = state.waiting.find((one) => one.operation === id);
  if (wish === undefined) return;
  node.event('LockRefused', { key });
  if (wish.wait === 0 || wish.isOver) return stopWaiting(node, id);
  if (!state.subscribed.includes(key)) {
    state.subscribed.push(key);
    const command = `SUBSCRIBE ${channelOf(key)}`;
    return request(node, { what: 'subscribe', operation: id, key, command });
  }
  if (wish.isWoken) tryLock(node, id);
  else if (left >= 0) node.setTimer('wake', left * 1000, { operation: id }, id);
}

/**
 * The time that an operation waits for the lock is over. A try is synchronous in RedissonLock: if
 * it has no reply yet, the time counts only once the reply says that the lock is taken.
 */
export function waitIsOver(node: WorkerNode, id: OperationId): void {
  const isTrying = node.state.pending.some((one) => one.operation === id && one.what === 'lock');
  if (isTrying) change(node, id, { isOver: true });
  else stopWaiting(node, id);
}

function stopWaiting(node: WorkerNode, id: OperationId): void {
  const wish = node.state.waiting.find((one) => one.operation === id);
  endWaiting(node, id);
  if (wish !== undefined) node.fail(id, `${wish.key} is locked`);
}

function endWaiting(node: WorkerNode, id: OperationId): void {
  node.state.waiting = node.state.waiting.filter((one) => one.operation !== id);
  node.cancelTimer('wake', id);
  node.cancelTimer('over', id);
}

/** A lock was released: all that wait for it try again. */
export function hear(node: WorkerNode, { reply }: Push): void {
  const channel = isList(reply) ? String(reply[1]) : '';
  const waiting = node.state.waiting.filter((one) => channelOf(one.key) === channel);
  for (const { operation: id } of waiting) tryLock(node, id);
}

// Replies

export function replied(node: WorkerNode, { request: number, reply }: RedisReply): void {
  const pending = takePending(node, number);
  if (pending === undefined) return;
  const error = errorOf(reply);
  if (error !== undefined) return fail(node, pending, error);
  const { what, operation: id, key } = pending;
  switch (what) {
    case 'lock':
      if (isList(reply) && reply !== null) acquired(node, pending, Number(reply[0]));
      else refused(node, pending, Number(reply));
      return;
    case 'subscribe':
      // The lock may have been released before the subscription: without this try, it would wait.
      return tryLock(node, id);
    case 'renew':
      return renewed(node, key, reply);
    case 'unlock':
      return released(node, pending, reply);
    default:
      throw new Error(`not a request: ${String(what satisfies never)}`);
  }
}

function renewed(node: WorkerNode, key: string, reply: Reply): void {
  const { state } = node;
  if (reply !== 1) return lose(node, key);
  state.held = state.held.map((one) =>
    one.key === key ? { ...one, validUntil: node.now() + node.options.watchdogTimeout } : one,
  );
  watch(node, key);
  node.event('LockRenewed', { key });
}

function released(node: WorkerNode, { key, operation: id }: Pending, reply: Reply): void {
  const { state } = node;
  if (reply === null) {
    lose(node, key);
    return node.fail(id, `${node.id} no longer held ${key}`);
  }
  const count = Number(reply);
  const hold = state.holds.find((one) => one.key === key);
  state.holds = state.holds.filter((one) => one.key !== key);
  if (count > 0 && hold !== undefined) state.holds.push({ ...hold, count });
  else dropLock(state, key);
  node.event('LockReleased', { key, count });
  node.reply(id, count);
}

function lose(node: WorkerNode, key: string): void {
  dropLock(node.state, key);
  node.state.holds = node.state.holds.filter((one) => one.key !== key);
  node.cancelTimer('renew', key);
  node.event('LossNoticed', { key });
}

// Requests: one without a reply is sent again, though it may have been executed

type Wanted = Pick<Pending, 'what' | 'operation' | 'key' | 'command'>;

function request(node: WorkerNode, wanted: Wanted): void {
  const number = ++node.state.serial;
  const began = node.now();
  send(node, { ...wanted, request: number, began, attempts: node.options.retryAttempts });
}

function send(node: WorkerNode, wanted: Omit<Pending, 'connection'>): void {
  const { state } = node;
  const { request: number, command } = wanted;
  connect(node);
  const connection = wanted.what === 'subscribe' ? state.listening : state.link;
  state.pending.push({ ...wanted, connection });
  node.send(connection, { type: 'Command', command, request: number });
  node.setTimer('timeout', node.options.timeout, { request: number }, String(number));
}

/** Opens the connections that it lacks. */
export function connect(node: WorkerNode): void {
  const { state } = node;
  const server = state.primary ?? node.nodes('redis')[0];
  if (state.link === '') state.link = node.connect(server);
  if (state.listening === '') state.listening = node.connect(server);
}

/** As from a sentinel: its connections go to the new primary from now on. */
export function moveTo(node: WorkerNode, _message: object, server: NodeId): void {
  const { state } = node;
  if (state.primary === server) return;
  state.primary = server;
  for (const connection of [state.link, state.listening]) {
    if (connection === '') continue;
    node.disconnect(connection);
    loseConnection(node, connection);
  }
}

function takePending(node: WorkerNode, number: number): Pending | undefined {
  node.cancelTimer('timeout', String(number));
  return takeOne(node.state.pending, (one) => one.request === number);
}

export function requestTimedOut(node: WorkerNode, { request: number }: { request: number }): void {
  const pending = node.state.pending.find((one) => one.request === number);
  if (pending === undefined) return;
  if (pending.attempts > 0) return requestAgain(node, { request: number });
  takePending(node, number);
  fail(node, pending, 'Redis did not answer; the command may have been executed');
}

export function requestAgain(node: WorkerNode, { request: number }: { request: number }): void {
  const pending = takePending(node, number);
  if (pending === undefined) return;
  node.event('CommandRepeated', { what: pending.what, key: pending.key });
  send(node, { ...pending, attempts: pending.attempts - 1 });
}

export function loseConnection(node: WorkerNode, connection: ConnectionId): void {
  const { state } = node;
  if (state.link === connection) state.link = '';
  if (state.listening === connection) {
    state.listening = '';
    // Who waits for a message subscribes again when it next tries.
    state.subscribed = [];
    for (const { operation: id } of state.waiting) {
      node.setTimer('wake', node.options.retryInterval, { operation: id }, id);
    }
  }
  for (const { request: number, connection: on, attempts } of state.pending) {
    if (on !== connection) continue;
    node.cancelTimer('timeout', String(number));
    // Without attempts left, it fails then.
    const name = attempts > 0 ? 'again' : 'timeout';
    node.setTimer(name, node.options.retryInterval, { request: number }, String(number));
  }
}

function fail(node: WorkerNode, { what, operation: id, key }: Pending, reason: string): void {
  if (what === 'renew') {
    // The holder works on, and nothing tells it that its lock is no longer renewed.
    if (node.options.renewsAfterError) watch(node, key);
    else node.event('WatchdogEnded', { key });
    return;
  }
  endWaiting(node, id);
  node.fail(id, reason);
}
