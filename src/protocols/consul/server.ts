/** The Consul server of a lock: sessions with a TTL, keys held by sessions, and the lock-delay. */
// One server represents the cluster: Raft, by which its servers agree, is not simulated here. What
// they agree on survives a crash, because another server has it, too.
import { role } from '../../protocol/define.ts';
import type { HolderLook } from '../../protocol/look.ts';
import type { Node, NodeId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import type {
  Acquired, BlockedQuery, ConsulCommand, ConsulResponse, Get, HttpError, KeyEntry, KeyRead,
  Server, ServerState,
} from './state.ts';

type ServerNode = Node<Server>;

/** A TTL is a lower bound: Consul invalidates a session at twice its TTL. */
const ttlMultiplier = 2;

/** A query that names no wait blocks for five minutes, and none for more than ten. */
const longestWait = seconds(600);

export const server = role<Server>({
  doc: 'A Consul cluster, as one server: it stores sessions, and the keys that they hold.',
  options: {
    failover: {
      kind: 'boolean',
      default: true,
      doc:
        'Whether another server takes over after a crash. Each server keeps a lock-delay in ' +
        'memory from when it applies the invalidation, so the next one refuses the lock as well; ' +
        'if false, one server restarts, and has forgotten its lock-delays.',
    },
  },
  init: (): ServerState => ({
    index: 0, keys: {}, sessions: {}, sessionCount: 0, delayed: {}, blocked: [],
  }),
  durable: ['index', 'keys', 'sessions', 'sessionCount', 'delayed'],

  // A new leader restarts every session with its full TTL. It does not restart a lock-delay.
  start(node) {
    const { state, options } = node;
    for (const session of Object.keys(state.sessions)) renew(node, session);
    for (const [key, until] of Object.entries(state.delayed)) {
      if (options.failover) node.setTimer('lockDelay', Math.max(0, until - node.now()), key);
      else endDelay(node, key);
    }
  },

  messages: {
    Request(node, { serial, command }, client, connection) {
      const response = isWaiting(node, command)
        ? block(node, command, { connection, client, serial, key: command.key })
        : execute(node, command, client);
      if (response !== null) node.send(connection, { type: 'Reply', serial, response });
    },
  },

  connection: {
    socket: () => ({ keepAlive: { idle: seconds(15), interval: seconds(15), count: 9 } }),
    ended(node, _client, connection) {
      const { state } = node;
      for (const query of state.blocked) {
        if (query.connection === connection) node.cancelTimer('query', nameOf(query));
      }
      state.blocked = state.blocked.filter((query) => query.connection !== connection);
    },
  },

  timers: {
    session: (node, session) => invalidate(node, session, 'it was not renewed for twice its TTL'),
    lockDelay: endDelay,
    query(node, query) {
      const { state } = node;
      state.blocked = state.blocked.filter((other) => nameOf(other) !== nameOf(query));
      answer(node, query);
    },
  },
  background: ['query'],

  look: (state) => ({
    tone: 'follow',
    holder: holders(state),
    facts: { index: state.index, sessions: Object.keys(state.sessions).length },
  }),
});

function holders({ keys, sessions, delayed }: Readonly<ServerState>): HolderLook[] {
  const shown: Record<string, string> = {};
  for (const [key, { session, lockIndex }] of Object.entries(keys)) {
    const client = session === null ? undefined : sessions[session]?.client;
    const state = client ?? 'none';
    shown[key] = `${state}, LockIndex ${lockIndex}`;
  }
  for (const key in delayed) shown[key] = `none during the lock-delay${detail(keys[key])}`;
  return Object.entries(shown).map(([of, is]) => ({ of, is }));
}

function detail(entry: KeyEntry | undefined): string {
  return entry === undefined ? '' : `, LockIndex ${entry.lockIndex}`;
}

function execute(node: ServerNode, command: ConsulCommand, from: NodeId): ConsulResponse {
  const { state } = node;
  switch (command.op) {
    case 'session create':
      return createSession(node, command, from);
    case 'session renew':
      if (!(command.session in state.sessions)) return { renewed: null };
      renew(node, command.session);
      return { renewed: state.sessions[command.session].ttl };
    case 'session destroy':
      invalidate(node, command.session, `${from} destroyed it`);
      return true;
    case 'acquire':
      return acquire(node, command.key, command.session);
    case 'release':
      return release(node, command.key, command.session);
    case 'put':
      return put(node, command.key, command.value);
    case 'delete':
      return remove(node, command, from);
    case 'get':
      return read(state, command.key);
  }
}

// Queries

function isWaiting({ state }: ServerNode, command: ConsulCommand): command is Get {
  if (command.op !== 'get' || command.index === 0) return false;
  return read(state, command.key).index <= command.index;
}

function block(node: ServerNode, { wait }: Get, query: BlockedQuery): null {
  node.state.blocked.push(query);
  const limited = Math.min(wait, longestWait);
  // The server adds up to a sixteenth, so that the queries of many clients do not end together.
  const latest = limited + Math.floor(limited / 16);
  node.setTimer('query', [limited, latest], query, nameOf(query));
  return null;
}

/** A connection carries one request at a time. */
function nameOf({ connection }: BlockedQuery): string {
  return connection;
}

function read({ keys, index }: ServerState, key: string): KeyRead {
  const entry = keys[key];
  // There is no index 0, because a query with it would not block.
  if (entry === undefined) return { index: Math.max(1, index), entry: null };
  return { index: entry.modifyIndex, entry: { ...entry } };
}

function answer(node: ServerNode, { connection, serial, key }: BlockedQuery): void {
  node.send(connection, { type: 'Reply', serial, response: read(node.state, key) });
}

// Keys

/** A compare-and-set: a session acquires a key that no session holds, or that it holds itself. */
function acquire(node: ServerNode, key: string, session: string): Acquired | HttpError {
  const { state } = node;
  const existing = state.keys[key];
  if (key in state.delayed) return { acquired: false, lockIndex: existing?.lockIndex ?? 0 };
  if (!(session in state.sessions)) return { status: 500, error: `invalid session ${session}` };
  const entry = existing ?? freeKey('', 'lock');
  const { lockIndex } = entry;
  if (entry.session === session) return { acquired: true, lockIndex };
  if (entry.session !== null) return { acquired: false, lockIndex };
  state.keys[key] = entry;
  entry.session = session;
  entry.flags = 'lock';
  entry.lockIndex++;
  touch(node, key);
  return { acquired: true, lockIndex: entry.lockIndex };
}

function freeKey(value: string, flags: KeyEntry['flags']): KeyEntry {
  return { value, flags, session: null, lockIndex: 0, modifyIndex: 0 };
}

/** The holder itself gives the key back, so the next session need not wait for a lock-delay. */
function release(node: ServerNode, key: string, session: string): boolean {
  const entry = node.state.keys[key];
  if (entry?.session !== session) return false;
  entry.session = null;
  touch(node, key);
  return true;
}

/** A plain write leaves the holder of the key as it is, because a lock is advisory. */
function put(node: ServerNode, key: string, value: string): boolean {
  const { keys } = node.state;
  keys[key] = { ...(keys[key] ?? freeKey(value, 'none')), value, flags: 'none' };
  touch(node, key);
  return true;
}

type Delete = Extract<ConsulCommand, { op: 'delete' }>;

/** Deletes a key, whichever session holds it; with an index, only if the key has that one. */
function remove(node: ServerNode, { key, modifyIndex }: Delete, by: NodeId): boolean {
  const { keys } = node.state;
  const entry = keys[key];
  if (modifyIndex !== null && entry?.modifyIndex !== modifyIndex) return false;
  if (entry === undefined) return true;
  delete keys[key];
  node.event('KeyDeleted', { key, session: entry.session, by });
  touch(node, key);
  return true;
}

/** Records that a key changed, and answers the blocking queries for it. */
function touch(node: ServerNode, key: string): void {
  const { state } = node;
  const modifyIndex = ++state.index;
  if (key in state.keys) state.keys[key].modifyIndex = modifyIndex;
  for (const query of state.blocked) {
    if (query.key !== key) continue;
    node.cancelTimer('query', nameOf(query));
    answer(node, query);
  }
  state.blocked = state.blocked.filter((query) => query.key !== key);
}

// Sessions

type Create = Extract<ConsulCommand, { op: 'session create' }>;

function createSession(node: ServerNode, command: Create, client: NodeId): ConsulResponse {
  const { ttl, behavior, lockDelay } = command;
  if (ttl < seconds(10) || ttl > seconds(86_400)) {
    return { status: 400, error: 'a TTL must be from 10s to 24h' };
  }
  const session = `s${++node.state.sessionCount}`;
  node.state.sessions[session] = { client, ttl, behavior, lockDelay };
  renew(node, session);
  node.event('SessionCreated', { session, client, ttl });
  return { session, ttl };
}

function renew(node: ServerNode, session: string): void {
  const { ttl } = node.state.sessions[session];
  node.setTimer('session', ttlMultiplier * ttl, session);
}

function invalidate(node: ServerNode, session: string, reason: string): void {
  const { state } = node;
  if (!(session in state.sessions)) return;
  node.cancelTimer('session', session);
  const { client, behavior, lockDelay } = state.sessions[session];
  delete state.sessions[session];
  node.event('SessionInvalidated', { session, client, reason });
  for (const key of Object.keys(state.keys)) {
    if (state.keys[key].session !== session) continue;
    if (behavior === 'delete') delete state.keys[key];
    else state.keys[key].session = null;
    delay(node, key, lockDelay);
    touch(node, key);
  }
}

/** The client that lost the lock may still be at work: the delay gives it time to stop. */
function delay(node: ServerNode, key: string, lockDelay: number): void {
  node.state.delayed[key] = node.now() + lockDelay;
  node.event('LockDelayed', { key, delay: lockDelay });
  node.setTimer('lockDelay', lockDelay, key);
}

function endDelay(node: ServerNode, key: string): void {
  delete node.state.delayed[key];
  node.event('LockDelayEnded', { key });
}
