/** Reads without locks at the client: read-only transactions, snapshot reads (§4.1.4, §4.2.2). */
import type { Frozen, NodeId, OperationId } from '../../../protocol/types.ts';
import { asDuration } from '../../../protocol/units.ts';
import type { ClientRead, Session } from './client-state.ts';
import { anyReplica, endOperation, leaderOf, suspectLeader } from './client-transactions.ts';
import type { SnapshotResult } from '../messages.ts';
import { byGroup } from '../placement.ts';
import type { Timestamp } from '../records.ts';
import { now } from '../true-time.ts';

/**
 * A read-only transaction. Of one group, its leader chooses the timestamp; of several, it is
 * TT.now().latest of the client, so that no round of messages is needed to negotiate one (§4.2.2).
 */
export function readOnly(
  node: Session,
  operation: OperationId,
  keys: readonly string[],
  isList: boolean,
): void {
  const groups = byGroup(node, keys);
  const timestamp = groups.size === 1 ? null : now(node).latest;
  startRead(node, { operation, kind: 'read-only', keys, isList, timestamp, replica: null });
}

/** A read at a timestamp that the client chooses; `replica` is null for any of the group. */
export function readSnapshot(
  node: Session,
  operation: OperationId,
  keys: readonly string[],
  timestamp: Timestamp,
  replica: NodeId | null,
): void {
  startRead(node, { operation, kind: 'snapshot', keys, isList: true, timestamp, replica });
}

function startRead(node: Session, read: Omit<ClientRead, 'waiting' | 'values'>): void {
  const { operation, kind, keys, timestamp } = read;
  node.event('ReadStarted', { request: operation, kind, keys: [...keys], timestamp });
  const waiting: Record<string, NodeId> = {};
  for (const group of byGroup(node, keys).keys()) waiting[group] = replicaFor(node, read, group);
  node.state.reads[operation] = { ...read, waiting, values: {} };
  send(node, node.state.reads[operation]);
}

function replicaFor(
  node: Session,
  { timestamp, replica }: Pick<ClientRead, 'timestamp' | 'replica'>,
  group: string,
): NodeId {
  return replica ?? (timestamp === null ? leaderOf(node, group) : anyReplica(node, group));
}

function send(node: Session, { operation, keys, timestamp, waiting }: ClientRead): void {
  for (const [group, own] of byGroup(node, keys)) {
    const to = waiting[group];
    if (to === undefined) continue;
    node.send(to, { type: 'SnapshotRead', request: operation, keys: own, timestamp });
  }
  node.setTimer('retry', node.options.retryAfter, operation);
}

export function hearSnapshotResult(node: Session, message: Frozen<SnapshotResult>): void {
  const { request, group, timestamp, values } = message;
  const read = node.state.reads[request];
  if (read === undefined || read.waiting[group] === undefined) return;
  read.timestamp = timestamp;
  for (const [key, value] of Object.entries(values)) read.values[key] = { ...value };
  delete read.waiting[group];
  if (Object.keys(read.waiting).length > 0) return;
  endRead(node, request);
  node.event('ReadAnswered', { request, timestamp, values: read.values });
  const answers = read.keys.map((key) => read.values[key].value);
  node.reply(request, read.isList ? answers : answers[0]);
}

function endRead(node: Session, request: OperationId): void {
  node.cancelTimer('retry', request);
  endOperation(node, request);
  delete node.state.reads[request];
}

/** No answer came in time: another replica may be more up to date, or reachable. */
export function retryRead(node: Session, request: OperationId): void {
  const read = node.state.reads[request];
  if (read === undefined) return;
  for (const group of Object.keys(read.waiting)) {
    if (read.timestamp === null) suspectLeader(node, group);
    read.waiting[group] = replicaFor(node, read, group);
  }
  node.event('ClientRetried', { what: request, to: Object.values(read.waiting) });
  send(node, read);
}

/** A replica does not lead the group: its leader chooses the timestamp of the read. */
export function redirectReads(node: Session, group: string): void {
  for (const read of Object.values(node.state.reads)) {
    if (read.timestamp !== null || read.waiting[group] === undefined) continue;
    read.waiting[group] = leaderOf(node, group);
    send(node, read);
  }
}

export function giveUpRead(node: Session, request: OperationId): void {
  endRead(node, request);
  node.fail(request, `no answer within ${asDuration(node.options.patience)}`);
}
