/** The Consul server of a lock: sessions with a TTL, keys held by sessions, and the lock-delay. */
// One server represents the cluster: Raft, by which its servers agree, is not simulated here.
import { role } from '../../protocol/define.ts';
import type { Node, NodeId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { executeOnce } from '../shared/execute-once.ts';
import type {
  Acquired, ConsulCommand, ConsulResponse, KeyEntry, Server, ServerState,
} from './state.ts';

type ServerNode = Node<Server>;

/** A TTL is a lower bound: Consul invalidates a session at twice its TTL. */
const ttlMultiplier = 2;

export const server = role<Server>({
  doc: 'A Consul cluster, as one server: it stores sessions, and the keys that they hold.',
  options: {},
  init: (): ServerState => ({
    index: 0, keys: {}, sessions: {}, sessionCount: 0, answers: {}, delayed: [], blocked: [],
  }),
  durable: ['index', 'keys', 'sessions', 'sessionCount', 'answers'],

  // A new leader restarts every session with its full TTL, and has forgotten all lock-delays.
  start(node) {
    for (const session of Object.keys(node.state.sessions)) renew(node, session);
  },

  messages: {
    Request(node, request, from) {
      const { serial } = request;
      const response = executeOnce(node.state.answers, from, request, { node, from }, execute);
      node.send(from, { type: 'Reply', serial, response });
    },
    Watch(node, { query, key, index }, from) {
      const { state } = node;
      state.blocked = state.blocked.filter((other) => other.client !== from || other.key !== key);
      const changed = (state.keys[key]?.modifyIndex ?? 0) !== index;
      if (changed) node.send(from, { type: 'Changed', query, key });
      else state.blocked.push({ client: from, query, key });
    },
  },

  timers: {
    session: (node, session) => invalidate(node, session, 'it was not renewed for twice its TTL'),
    lockDelay(node, key) {
      node.state.delayed = node.state.delayed.filter((delayed) => delayed !== key);
      node.event('LockDelayEnded', { key });
    },
  },

  look: (state) => ({
    tone: 'follow',
    facts: { index: state.index, sessions: Object.keys(state.sessions).length, ...holders(state) },
  }),
});

function holders({ keys, sessions, delayed }: Readonly<ServerState>): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [key, { session, lockIndex }] of Object.entries(keys)) {
    const client = session === null ? undefined : sessions[session]?.client;
    const state = client === undefined ? 'free' : `held by ${client}`;
    shown[key] = `${state}, LockIndex ${lockIndex}`;
  }
  for (const key of delayed) shown[key] = `refused for the lock-delay${detail(keys[key])}`;
  return shown;
}

function detail(entry: KeyEntry | undefined): string {
  return entry === undefined ? '' : `, LockIndex ${entry.lockIndex}`;
}

interface Execution {
  readonly node: ServerNode;
  readonly from: NodeId;
}

function execute({ node, from }: Execution, command: ConsulCommand): ConsulResponse {
  const { state } = node;
  switch (command.op) {
    case 'session-create':
      return createSession(node, command, from);
    case 'session-renew':
      if (!(command.session in state.sessions)) return { error: 'there is no such session' };
      renew(node, command.session);
      return 'OK';
    case 'session-destroy':
      invalidate(node, command.session, 'its client destroyed it');
      return 'OK';
    case 'acquire':
      return acquire(node, command.key, command.session);
    case 'release':
      return release(node, command.key, command.session);
    case 'get': {
      const { session, modifyIndex } = state.keys[command.key] ?? { session: null, modifyIndex: 0 };
      return { session, modifyIndex };
    }
  }
}

// Keys

/** A compare-and-set: a session acquires a key that no session holds, or that it holds itself. */
function acquire(node: ServerNode, key: string, session: string): Acquired | { error: string } {
  const { state } = node;
  if (!(session in state.sessions)) return { error: 'there is no such session' };
  const entry = (state.keys[key] ??= { session: null, lockIndex: 0, modifyIndex: 0 });
  const { lockIndex } = entry;
  if (entry.session === session) return { acquired: true, lockIndex };
  if (entry.session !== null || state.delayed.includes(key)) return { acquired: false, lockIndex };
  entry.session = session;
  entry.lockIndex++;
  touch(node, key);
  return { acquired: true, lockIndex: entry.lockIndex };
}

/** The holder itself gives the key back, so the next session need not wait for a lock-delay. */
function release(node: ServerNode, key: string, session: string): boolean {
  const entry = node.state.keys[key];
  if (entry?.session !== session) return false;
  entry.session = null;
  touch(node, key);
  return true;
}

/** Records that a key changed, and answers the blocking queries for it. */
function touch(node: ServerNode, key: string): void {
  const { state } = node;
  const modifyIndex = ++state.index;
  if (key in state.keys) state.keys[key].modifyIndex = modifyIndex;
  for (const { client, query, key: awaited } of state.blocked) {
    if (awaited === key) node.send(client, { type: 'Changed', query, key });
  }
  state.blocked = state.blocked.filter((query) => query.key !== key);
}

// Sessions

type Create = Extract<ConsulCommand, { op: 'session-create' }>;

function createSession(node: ServerNode, command: Create, client: NodeId): ConsulResponse {
  const { ttl, behavior, lockDelay } = command;
  if (ttl < seconds(10) || ttl > seconds(86_400)) return { error: 'a TTL must be from 10s to 24h' };
  if (lockDelay < 0 || lockDelay > seconds(60)) {
    return { error: 'a lock-delay must be from 0s to 60s' };
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
  const { state } = node;
  if (lockDelay === 0) return;
  if (!state.delayed.includes(key)) state.delayed.push(key);
  node.event('LockDelayed', { key, delay: lockDelay });
  node.setTimer('lockDelay', lockDelay, key);
}
