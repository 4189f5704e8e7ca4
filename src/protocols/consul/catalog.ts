/** Consul's catalogue, the state machine above Raft: keys, sessions, checks of nodes. */
// Each server applies the same entries and has the same catalogue. The lock-delay is not part of
// it: a server sets it in its own memory when it applies an invalidation, so that any server that
// takes over refuses the lock as well. A server that restarts has the effect of earlier entries
// from its snapshot, and no lock-delays. (A real one also applies again what came after its last
// snapshot, and sets those delays anew; here, each entry is in the snapshot.)
import type { Frozen, NodeId } from '../../protocol/types.ts';
import type { NoOp } from '../raft/state.ts';
import type { Acquired, ConsulResponse, HttpError, KeyEntry, Logged, Put } from './api.ts';
import { answerQueries } from './queries.ts';
import { type Catalog, isNoOp, type ServerEvents, type ServerNode } from './state.ts';

export const emptyCatalog = (): Catalog => ({
  index: 0, keys: {}, sessions: {}, sessionCount: 0, checks: {}, deregistered: {},
});

/** The check that Serf's failure detector reports for each node. */
const serfHealth = 'serfHealth';

/** Executes an entry; `lastApplied` is its index. */
export function applyEntry(
  node: ServerNode,
  command: Frozen<Logged | NoOp>,
): ConsulResponse | null {
  const { state } = node;
  const response = isNoOp(command) ? null : execute(node, command);
  state.snapshot = Math.max(state.snapshot, state.lastApplied);
  return response;
}

/** Whether the entry was applied before this server restarted. */
function isReplayed({ state }: ServerNode): boolean {
  return state.lastApplied <= state.snapshot;
}

/** What a server reported before its restart, it does not report again. */
function report<Name extends keyof ServerEvents>(
  node: ServerNode,
  name: Name,
  fields: ServerEvents[Name],
): void {
  if (!isReplayed(node)) node.event(name as 'KeyDeleted', fields as ServerEvents['KeyDeleted']);
}

function execute(node: ServerNode, command: Frozen<Logged>): ConsulResponse {
  switch (command.op) {
    case 'session create':
      return createSession(node, command);
    case 'session destroy':
      return invalidate(node, command.session, whyDestroyed(command));
    case 'acquire':
      return acquire(node, command.key, command.session);
    case 'release':
      return release(node, command.key, command.session);
    case 'put':
      return put(node, command);
    case 'delete':
      return remove(node, command);
    case 'check':
      return setCheck(node, command);
    case 'register':
      delete node.state.deregistered[command.node];
      return 'OK';
    case 'deregister':
      return deregister(node, command.node);
  }
}

// Keys

/** A compare-and-set: a session acquires a key that no session holds, or that it holds itself. */
function acquire(node: ServerNode, key: string, session: string): Acquired | HttpError {
  const { state } = node;
  if (!(session in state.sessions)) return { status: 500, error: `invalid session ${session}` };
  const entry = state.keys[key] ?? freeKey('', 'lock');
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
function put(node: ServerNode, { key, value, modifyIndex }: Frozen<Put>): boolean {
  const { keys } = node.state;
  const entry = keys[key];
  if (modifyIndex !== null && (entry?.modifyIndex ?? 0) !== modifyIndex) return false;
  keys[key] = { ...(entry ?? freeKey(value, 'none')), value, flags: 'none' };
  touch(node, key);
  return true;
}

type Delete = Extract<Frozen<Logged>, { op: 'delete' }>;

/** Deletes a key, whichever session holds it; with an index, only if the key has that one. */
function remove(node: ServerNode, { key, modifyIndex, client: by }: Delete): boolean {
  const { keys } = node.state;
  const entry = keys[key];
  if (modifyIndex !== null && entry?.modifyIndex !== modifyIndex) return false;
  if (entry === undefined) return true;
  delete keys[key];
  report(node, 'KeyDeleted', { key, session: entry.session, by });
  touch(node, key);
  return true;
}

/** Records that a key changed, and answers the blocking queries for it on this server. */
function touch(node: ServerNode, key: string): void {
  const { state } = node;
  const modifyIndex = state.lastApplied;
  state.index = modifyIndex;
  if (key in state.keys) state.keys[key].modifyIndex = modifyIndex;
  answerQueries(node, key);
}

// Sessions

type Create = Extract<Frozen<Logged>, { op: 'session create' }>;

function createSession(node: ServerNode, command: Create): ConsulResponse {
  const { state } = node;
  const { client, ttl, behavior, lockDelay, checks } = command;
  if (client in state.deregistered) return { status: 500, error: 'Missing node registration' };
  for (const check of checks) {
    const status = state.checks[client]?.[check] ?? (check === serfHealth ? 'passing' : undefined);
    if (status === undefined) {
      return { status: 500, error: `Missing check '${check}' registration` };
    }
    if (status === 'critical') {
      return { status: 500, error: `Check '${check}' is in critical state` };
    }
  }
  const session = `s${++state.sessionCount}`;
  state.sessions[session] = { client, ttl, behavior, lockDelay, checks: [...checks] };
  report(node, 'SessionCreated', { session, client, ttl });
  return { session, ttl };
}

function whyDestroyed(command: Extract<Frozen<Logged>, { op: 'session destroy' }>): string {
  if (command.reason === 'ttl') return 'it was not renewed for twice its TTL';
  return `${command.client} destroyed it`;
}

function invalidate(node: ServerNode, session: string, reason: string): true {
  const { state } = node;
  if (!(session in state.sessions)) return true;
  node.cancelTimer('session', session);
  const { client, behavior, lockDelay } = state.sessions[session];
  delete state.sessions[session];
  report(node, 'SessionInvalidated', { session, client, reason });
  for (const key of Object.keys(state.keys)) {
    if (state.keys[key].session !== session) continue;
    if (behavior === 'delete') delete state.keys[key];
    else state.keys[key].session = null;
    if (!isReplayed(node)) delay(node, key, lockDelay);
    touch(node, key);
  }
  return true;
}

/** The client that lost the lock may still be at work: the delay gives it time to stop. */
function delay(node: ServerNode, key: string, lockDelay: number): void {
  if (lockDelay === 0) return;
  node.state.delayed[key] = node.now() + lockDelay;
  node.event('LockDelayed', { key, delay: lockDelay });
  node.setTimer('lockDelay', lockDelay, key);
}

export function endDelay(node: ServerNode, key: string): void {
  delete node.state.delayed[key];
  node.event('LockDelayEnded', { key });
}

/** A server that restarts: its lock-delays were only in its memory. */
export function forgetDelay(node: ServerNode, key: string): void {
  delete node.state.delayed[key];
  node.event('LockDelayForgotten', { key });
}

// Nodes and their checks

type Check = Extract<Frozen<Logged>, { op: 'check' }>;

/** A critical check ends the sessions that are bound to it. */
function setCheck(node: ServerNode, { node: of, check, status }: Check): 'OK' | HttpError {
  const { state } = node;
  if (of in state.deregistered) return { status: 500, error: 'Missing node registration' };
  (state.checks[of] ??= {})[check] = status;
  report(node, 'CheckChanged', { client: of, check, status });
  if (status !== 'critical') return 'OK';
  const reason = `the check ${check} of ${of} is critical`;
  endSessions(node, of, reason, (checks) => checks.includes(check));
  return 'OK';
}

function deregister(node: ServerNode, of: NodeId): 'OK' {
  const { state } = node;
  delete state.checks[of];
  state.deregistered[of] = true;
  report(node, 'NodeDeregistered', { client: of });
  endSessions(node, of, `${of} was deregistered`, () => true);
  return 'OK';
}

function endSessions(
  node: ServerNode,
  of: NodeId,
  reason: string,
  isBound: (checks: readonly string[]) => boolean,
): void {
  const { sessions } = node.state;
  for (const id of Object.keys(sessions)) {
    if (sessions[id].client === of && isBound(sessions[id].checks)) invalidate(node, id, reason);
  }
}
