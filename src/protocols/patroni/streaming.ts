/** Streaming replication of the WAL: what PostgreSQL does, as a primary and as a replica. */
import type { ConnectionId } from '../../protocol/connection.ts';
import { frozen } from '../../protocol/define.ts';
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { wake } from './agent.ts';
import type { MemberMessages, MemberNode, MemberState, Statements } from './state.ts';
import {
  commonLsn, lastLsn, newestTimeline, timelineOf, type Timeline, valueAt, type WalRecord, writeText,
} from './wal.ts';

// The primary's side

/** `wal_retrieve_retry_interval`. */
const reconnectAfter = seconds(5);

export function write(
  node: MemberNode, { statement, key, value }: Frozen<Statements['Write']>, client: NodeId,
  connection: ConnectionId,
): void {
  const { state } = node;
  if (state.standing !== 'primary') {
    node.event('WriteRefused', { key, client });
    return node.send(connection, { type: 'ReadOnly', statement });
  }
  const lsn = lastLsn(state) + 1;
  const timeline = timelineOf(state);
  const record = frozen({ lsn, timeline, key, value, write: `${client} ${statement}` });
  state.wal.push(record);
  node.event('WriteAppended', { lsn, timeline, write: record.write });
  for (const follower of state.followers) {
    node.send(follower.connection, { type: 'Wal', records: [record] });
  }
  state.waiting.push({ lsn, write: record.write, statement, connection });
  acknowledge(node);
}

/** Commits that still wait for their standby are not visible yet. */
export function read(
  node: MemberNode, { statement, key }: Frozen<Statements['Read']>, connection: ConnectionId,
): void {
  const { state } = node;
  const visible = (state.waiting[0]?.lsn ?? Infinity) - 1;
  const value = valueAt(state, visible, key);
  node.send(connection, { type: 'Done', statement, value, timeline: timelineOf(state) });
}

/** Answers the commits that wait for no standby, or whose standby has them on disk. */
export function acknowledge(node: MemberNode): void {
  const { state, options: { synchronousMode: mode } } = node;
  while (state.waiting.length > 0 && isSafe(state, state.waiting[0].lsn)) {
    const [{ lsn, write: name, statement, connection }] = state.waiting.splice(0, 1);
    const { timeline } = state.wal[lsn - 1];
    node.event('WriteAcknowledged', { lsn, timeline, write: name, mode });
    node.send(connection, { type: 'Done', statement, value: 'OK', timeline });
  }
}

function isSafe({ syncStandby, followers }: MemberState, lsn: number): boolean {
  if (syncStandby === null) return true;
  return followers.some(
    (one) => (syncStandby === '*' || one.node === syncStandby) && one.flushed >= lsn,
  );
}

/**
 * A replica asks for the WAL after its last record. Each connection has a walsender of its own: one
 * that has broken off stays until its end is known, and takes nothing from the one after it.
 */
export function serveReplica(
  node: MemberNode, { lsn, timelines }: Frozen<MemberMessages['StartReplication']>,
  replica: NodeId, connection: ConnectionId,
): void {
  const { state } = node;
  const isKnown = newestTimeline(timelines) <= newestTimeline(state.timelines);
  if (state.standing !== 'primary' || !isKnown) {
    return node.send(connection, { type: 'ReplicationRefused' });
  }
  const common = commonLsn(state.timelines, timelines);
  if (lsn > common) return node.send(connection, { type: 'RewindNeeded', to: common });
  const others = state.followers.filter((one) => one.connection !== connection);
  state.followers = [...others, { node: replica, connection, flushed: lsn }];
  const records = state.wal.slice(lsn);
  node.send(connection, { type: 'ReplicationStarted', timelines: state.timelines, records });
}

export function flushed(node: MemberNode, lsn: number, connection: ConnectionId): void {
  const { state } = node;
  const follower = state.followers.find((one) => one.connection === connection);
  if (follower === undefined) return;
  follower.flushed = lsn;
  acknowledge(node);
  const isNamed = state.cluster?.sync.standby === follower.node;
  const isSync = state.syncStandby === follower.node;
  // It has caught up, so it may become the standby that is named in the lease store.
  if (isSync && !isNamed && lsn >= state.syncFrom) wake(node);
}

/** Sessions that wait get no answer. What they wrote stays in the WAL. */
export function stopPrimary({ state }: MemberNode): void {
  state.followers = [];
  state.waiting = [];
  state.syncStandby = null;
}

// The replica's side

/** Sets `primary_conninfo`. */
export function follow(node: MemberNode, primary: NodeId): void {
  const { state } = node;
  if (state.follows === primary && state.link !== '') return;
  stopReceiving(node);
  state.follows = primary;
  connectToPrimary(node);
}

export function connectToPrimary(node: MemberNode): void {
  const { state } = node;
  if (state.standing !== 'replica' || state.follows === null || state.link !== '') return;
  state.link = node.connect(state.follows);
  startReplication(node);
}

function startReplication(node: MemberNode): void {
  const { state } = node;
  const { timelines } = state;
  node.send(state.link, { type: 'StartReplication', lsn: lastLsn(state), timelines });
}

/** The walreceiver ends; with a promotion, it does not come back. */
export function stopReceiving(node: MemberNode): void {
  const { state } = node;
  if (state.link !== '') node.disconnect(state.link);
  Object.assign(state, { link: '', follows: null });
  node.cancelTimer('walReceiver');
}

/** A connection of a walsender or of the walreceiver has ended. */
export function endStream(node: MemberNode, connection: ConnectionId): void {
  const { state } = node;
  state.followers = state.followers.filter((one) => one.connection !== connection);
  if (state.link !== connection) return;
  state.link = '';
  node.setTimer('walReceiver', reconnectAfter);
}

export function startReceiving(
  node: MemberNode, timelines: Frozen<Timeline[]>, records: Frozen<WalRecord[]>, from: NodeId,
): void {
  node.state.timelines = timelines.map((one) => one);
  node.event('ReplicationBegan', { from, lsn: lastLsn(node.state) });
  receive(node, records);
}

export function receive(node: MemberNode, records: Frozen<WalRecord[]>): void {
  const { state } = node;
  for (const record of records) if (record.lsn === lastLsn(state) + 1) state.wal.push(record);
  node.send(state.link, { type: 'Flushed', lsn: lastLsn(state) });
}

/** pg_rewind: what this member wrote after the timelines parted is gone. */
export function rewind(node: MemberNode, to: number, primary: NodeId): void {
  const { state } = node;
  const lost = state.wal.splice(to);
  state.timelines = state.timelines.filter(({ after }) => after <= to);
  if (lost.length > 0) node.event('WritesLost', { writes: lost.map(writeText), to: primary });
  startReplication(node);
}
