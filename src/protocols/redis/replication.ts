/** Replicas: they copy a primary, confirm what they have, and can take its place. */
import { broadcast } from '../../protocol/patterns.ts';
import type { ConnectionId } from '../../protocol/connection.ts';
import type { NodeId, Observed, OperationId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { serveWaiting } from './commands/blocking.ts';
import type { Host } from './commands/call.ts';
import { type Keyspace, places, removeAt, storeAt } from './data.ts';
import { notModelled, type Reply } from './reply.ts';
import type { Change, Redis, RedisNode, RedisState } from './server-state.ts';
import { settle, stopExpiry, watchAll } from './settle.ts';

// The primary's side

/** A replica asks for everything. */
export function accept(node: RedisNode, replica: NodeId, connection: ConnectionId): void {
  const { followers, entries, databases, offset } = node.state;
  node.state.followers = [
    ...followers.filter((one) => one.connection !== connection),
    // It has confirmed nothing yet, though it will have everything.
    { node: replica, connection, acked: 0, ackedAt: node.now() },
  ];
  node.send(connection, { type: 'FullSync', entries, databases, offset });
}

export function noteAck(
  node: RedisNode, host: Host, connection: ConnectionId, offset: number,
): void {
  const { state } = node;
  state.followers = state.followers.map((one) =>
    one.connection === connection ? { ...one, acked: offset, ackedAt: node.now() } : one,
  );
  serveWaiting({ data: state, host });
}

export function confirmed({ followers }: RedisState, offset: number): number {
  return followers.filter(({ acked }) => acked >= offset).length;
}

export function askReplicas(node: RedisNode): void {
  broadcast(node, { type: 'GetAck' }, node.state.followers.map((one) => one.connection));
}

/** min-replicas-to-write: so many must have confirmed within min-replicas-max-lag seconds. */
export function hasEnoughReplicas(node: RedisNode): boolean {
  const { followers, settings: { minReplicasToWrite, minReplicasMaxLag } } = node.state;
  if (minReplicasToWrite === 0 || minReplicasMaxLag === 0) return true;
  // Redis counts whole seconds, so a lag of 1 s is one of less than 2 s.
  const good = followers.filter(
    ({ ackedAt }) => node.now() - ackedAt < seconds(minReplicasMaxLag + 1),
  );
  return good.length >= minReplicasToWrite;
}

/** Replicas confirm once a second; here the primary asks them to, and only if that matters. */
export function watchLag(node: RedisNode): void {
  const { state } = node;
  const matters = state.standing === 'primary' && state.settings.minReplicasToWrite > 0;
  if (!matters) return node.cancelTimer('lag');
  // Until now, they have confirmed every second.
  state.followers = state.followers.map((one) => ({ ...one, ackedAt: node.now() }));
  node.setTimer('lag', seconds(1));
}

export function askForLag(node: RedisNode): void {
  askReplicas(node);
  node.setTimer('lag', seconds(1));
}

// The replica's side

/** Opens a connection to the primary, if there is one, and asks for everything. */
export function followPrimary(node: RedisNode): void {
  const { state } = node;
  if (state.primary === null) return;
  state.link = node.connect(state.primary);
  node.send(state.link, { type: 'Follow' });
}

/** A connection to a replica or to the primary has ended; a replica tries again every second. */
export function endLink(node: RedisNode, connection: ConnectionId): void {
  const { state } = node;
  state.followers = state.followers.filter((one) => one.connection !== connection);
  if (state.link !== connection) return;
  state.link = '';
  state.isSynced = false;
  node.cancelTimer('ack');
  if (state.standing === 'replica') node.setTimer('relink', seconds(1));
}

export function applyChanges(
  node: RedisNode, connection: ConnectionId, changes: readonly Change[], offset: number,
): void {
  const { state } = node;
  if (state.standing !== 'replica' || connection !== state.link) return;
  for (const { db, key, entry } of changes) {
    if (entry === null) removeAt(state, { db, key });
    else storeAt(state, { db, key }, entry);
    state.dirty.push({ db, key });
  }
  state.offset = offset;
  settle(node);
  node.setTimer('ack', seconds(1));
}

export function applySync(
  node: RedisNode, connection: ConnectionId,
  { entries, databases, offset }: Redis['receives']['FullSync'],
): void {
  const { state } = node;
  if (state.standing !== 'replica' || connection !== state.link) return;
  const before = places(state);
  state.entries = { ...entries };
  state.databases = copyOf(databases);
  state.dirty = [...before, ...places(state)];
  state.offset = offset;
  state.isSynced = true;
  settle(node);
  node.setTimer('ack', seconds(1));
}

const copyOf = (databases: Readonly<Record<string, Keyspace>>): Record<string, Keyspace> =>
  Object.fromEntries(Object.entries(databases).map(([db, keys]) => [db, { ...keys }]));

export function confirm(node: RedisNode): void {
  const { link, offset } = node.state;
  if (link !== '') node.send(link, { type: 'Ack', offset });
}

// Changes of the standing

/** All servers of the run, apart from those that only count. */
export function servers(node: { nodes(role: string): readonly NodeId[] }): NodeId[] {
  return [...node.nodes('redis'), ...node.nodes('replica')];
}

/** The servers that decide which grant of a lock is valid: the running primaries, or else all. */
export function deciding(nodes: readonly Observed[]): Observed<RedisState>[] {
  const all = nodes.filter(hasLocks);
  const primaries = all.filter(({ up, state }) => up && state.standing === 'primary');
  return primaries.length > 0 ? primaries : all;
}

/** Whether a node is a server that has locks, and does not only count. */
export function hasLocks(node: Observed | undefined): node is Observed<RedisState> {
  return node?.role === 'redis' || node?.role === 'replica';
}

/** REPLICAOF: copies another node, or becomes a primary. */
export function follow(
  node: RedisNode, address: { host: string; port: string } | null,
): Reply | undefined {
  const { state } = node;
  if (address === null) {
    if (state.standing === 'replica') becomePrimary(node);
    return undefined;
  }
  const { host } = address;
  if (!servers(node).includes(host) || host === node.id) {
    return notModelled(`a primary that is not another node: REPLICAOF ${host} ${address.port}`);
  }
  becomeReplica(node, host);
  return undefined;
}

export function becomeReplica(node: RedisNode, primary: NodeId): void {
  const { state } = node;
  leave(node);
  state.standing = 'replica';
  state.isPromoted = false;
  state.primary = primary;
  state.isSynced = false;
  for (const { connection } of state.followers) node.disconnect(connection);
  state.followers = [];
  watchLag(node);
  // Only the primary removes expired keys.
  stopExpiry(node);
  followPrimary(node);
}

/** Ends the connection to the primary that it followed. */
function leave(node: RedisNode): void {
  const { state } = node;
  if (state.link !== '') node.disconnect(state.link);
  state.link = '';
  node.cancelTimer('ack');
  node.cancelTimer('relink');
}

function becomePrimary(node: RedisNode): number {
  const { state } = node;
  state.standing = 'primary';
  state.primary = null;
  leave(node);
  watchAll(node);
  watchLag(node);
  const keys = Object.keys(state.entries).length;
  node.event('ReplicaPromoted', { keys });
  return keys;
}

/** The operation `promote`: as REPLICAOF NO ONE, and it tells all others, as a sentinel does. */
export function promote(node: RedisNode, _args: object, id: OperationId): void {
  const { state } = node;
  if (state.standing === 'primary') return node.fail(id, `${node.id} is the primary already`);
  const keys = becomePrimary(node);
  state.isPromoted = true;
  for (const { connection } of state.sessions) node.send(connection, { type: 'Promoted', keys });
  for (const other of servers(node)) if (other !== node.id) reconfigure(node, other, keys);
  node.reply(id, keys);
}

/** Makes another server follow this one, as a sentinel does: on a connection of its own. */
function reconfigure(node: RedisNode, other: NodeId, keys: number): void {
  const connection = node.connect(other);
  node.send(connection, { type: 'Promoted', keys });
}

export function roleReply({ state }: RedisNode): Reply {
  if (state.standing === 'primary') {
    const replicas = state.followers.map(({ node, acked }) => [node, '6379', String(acked)]);
    return ['master', state.offset, replicas];
  }
  const link = state.isSynced ? 'connected' : 'connect';
  return ['slave', state.primary, 6379, link, state.offset];
}
