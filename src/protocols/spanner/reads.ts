/** Reads at a timestamp, without locks (§4.1.3, §4.2.2), on a replica that is up to date. */
import type { Frozen, NodeId } from '../../protocol/types.ts';
import type { AdvanceSafeTime, SnapshotRead } from './messages.ts';
import { holdsLease } from './leases.ts';
import { sendAccept, sendAccepts } from './paxos.ts';
import { groupOf } from './placement.ts';
import type { ReadValues, Timestamp } from './records.ts';
import type { Server, WaitingRead } from './state.ts';
import { versionAt } from './store.ts';
import { hearMinNext, promiseNext, safeTime } from './timestamps.ts';
import { redirect, serves } from './transactions.ts';
import { now, untilNotBefore } from './true-time.ts';

export function hearSnapshotRead(
  node: Server,
  { request, keys, timestamp: given }: Frozen<SnapshotRead>,
  client: NodeId,
): void {
  const { state, options } = node;
  if (given === null && !serves(node)) return redirect(node, client);
  const again = state.waitingReads.find((one) => one.request === request);
  const timestamp = given ?? again?.timestamp ?? timestampOfRead(node);
  if (again === undefined) state.waitingReads.push({ client, request, keys, timestamp });
  serveReads(node);
  const safe = safeTime(state);
  if (timestamp <= safe) return;
  const isPrepared = state.paxosSafeTime >= timestamp;
  const reason = isPrepared ? 'a transaction is prepared' : 'later writes may have that timestamp';
  if (again === undefined) node.event('ReadWaited', { timestamp, safeTime: safe, reason });
  const { leaderId } = state;
  if (!options.safeTimeOnDemand || leaderId === null || leaderId === node.id) return;
  node.send(leaderId, { type: 'AdvanceSafeTime', timestamp });
}

/**
 * The timestamp of a read-only transaction of one group: LastTS() if no transaction is prepared,
 * otherwise TT.now().latest, which may have to wait (§4.2.2).
 */
function timestampOfRead(node: Server): Timestamp {
  const { prepared, log, applied, lastCommit } = node.state;
  const isPrepared =
    Object.keys(prepared).length > 0
    || log.slice(applied).some(({ record }) => record.kind === 'prepare');
  return isPrepared ? now(node).latest : lastCommit;
}

/** Answers the reads for which the replica is sufficiently up to date. */
export function serveReads(node: Server): void {
  const { state } = node;
  if (state.waitingReads.length === 0) return;
  const all = state.waitingReads;
  state.waitingReads = [];
  for (const read of all) {
    if (advanceFor(node, read.timestamp)) answerRead(node, read);
    else state.waitingReads.push(read);
  }
}

/** The leader advances its safe time for a read, unless the read is of the future. */
function advanceFor(node: Server, timestamp: Timestamp): boolean {
  const { state } = node;
  if (holdsLease(node) && state.isReady && state.paxosSafeTime < timestamp) {
    if (promiseNext(node, timestamp)) keepOwnPromise(node);
    else node.setTimer('moment', Math.max(1, untilNotBefore(node, timestamp)));
  }
  return timestamp <= safeTime(state);
}

/** What the leader promises to others holds for itself, too. */
export function keepOwnPromise(node: Server): void {
  const { log, maxTimestamp } = node.state;
  hearMinNext(node, { slot: log.length, timestamp: maxTimestamp + 1 });
}

function answerRead(node: Server, { client, request, keys, timestamp }: WaitingRead): void {
  const values: ReadValues = {};
  for (const key of keys) values[key] = versionAt(node.state, key, timestamp);
  node.event('SnapshotRead', { timestamp, values });
  const group = groupOf(node.id);
  node.send(client, { type: 'SnapshotResult', request, group, timestamp, values });
}

/** "A leader can also advance MinNextTS() values on demand from slaves" (§4.2.4). */
export function hearDemand(
  node: Server,
  { timestamp }: Frozen<AdvanceSafeTime>,
  from: NodeId,
): void {
  const { state } = node;
  if (!serves(node)) return;
  if (safeTime(state) >= timestamp) return sendAccept(node, from);
  state.demanded = Math.max(state.demanded, timestamp);
}

/** Tells the replicas as soon as the timestamp that one of them asked for is safe. */
export function serveDemand(node: Server): void {
  const { state } = node;
  if (state.demanded === 0 || !advanceFor(node, state.demanded)) return;
  state.demanded = 0;
  sendAccepts(node);
}

/** Every 8 s, so that an idle group can serve reads of a recent time (§4.2.4). */
export function advanceSafeTime(node: Server): void {
  promiseNext(node, now(node).latest);
  keepOwnPromise(node);
  sendAccepts(node);
  node.setTimer('safeTime', node.options.safeTimeInterval);
}
