/** Reads: at once or blocking, from the server that leads, from a confirmed leader, or from any. */
import { broadcast } from '../../protocol/patterns.ts';
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { majority } from '../raft/quorum.ts';
import { answer, fail } from './answers.ts';
import type { Get, KeyRead } from './api.ts';
import {
  type BlockedQuery, type Catalog, inRaft, isLeader, type ServerMessages, type ServerNode,
} from './state.ts';

/** A query that names no wait blocks for five minutes, and none for more than ten. */
const longestWait = seconds(600);

/** Answers a query from this server's own catalogue, or blocks it. */
export function readHere(node: ServerNode, query: BlockedQuery): void {
  if (isWaiting(node, query.get)) block(node, query);
  else answerQuery(node, query);
}

function isWaiting({ state }: ServerNode, { key, index }: Frozen<Get>): boolean {
  return index > 0 && read(state, key).index <= index;
}

function block(node: ServerNode, query: BlockedQuery): void {
  const { caller: { connection, serial }, get: { wait } } = query;
  node.state.blocked.push(query);
  const limited = Math.min(wait, longestWait);
  // The server adds up to a sixteenth, so that the queries of many clients do not end together.
  const latest = limited + Math.floor(limited / 16);
  node.setTimer('query', [limited, latest], nameOf(connection, serial));
}

function nameOf(connection: ConnectionId, serial: number): string {
  return `${connection} ${serial}`;
}

function read({ keys, index }: Readonly<Catalog>, key: string): KeyRead {
  const entry = keys[key];
  // There is no index 0, because a query with it would not block.
  if (entry === undefined) return { index: Math.max(1, index), entry: null };
  return { index: entry.modifyIndex, entry: { ...entry } };
}

function answerQuery(node: ServerNode, { caller, get: { key, mode } }: BlockedQuery): void {
  const found = read(node.state, key);
  const knownLeader = node.state.leaderId !== null;
  answer(node, caller, mode === 'stale' ? { ...found, knownLeader } : found);
}

/** A key changed. A consistent query is confirmed again before it is answered. */
export function answerQueries(node: ServerNode, key: string): void {
  const { state } = node;
  const woken = state.blocked.filter((query) => query.get.key === key);
  state.blocked = state.blocked.filter((query) => query.get.key !== key);
  for (const query of woken) {
    node.cancelTimer('query', nameOf(query.caller.connection, query.caller.serial));
    wake(node, query);
  }
}

function wake(node: ServerNode, query: BlockedQuery): void {
  if (query.get.mode !== 'consistent') answerQuery(node, query);
  else if (isLeader(node)) verify(node, query);
  else fail(node, query.caller, 'node is not the leader');
}

/** The wait of a blocking query is over: it is answered with what there is. */
export function queryTimedOut(node: ServerNode, name: string): void {
  const { state } = node;
  const isIt = ({ caller }: BlockedQuery) => nameOf(caller.connection, caller.serial) === name;
  const query = state.blocked.find(isIt);
  if (query === undefined) return;
  state.blocked = state.blocked.filter((one) => one !== query);
  wake(node, { ...query, get: { ...query.get, index: 0 } });
}

/** A connection ended: its queries need no answer. */
export function forgetQueries(node: ServerNode, connection: ConnectionId): void {
  const { state } = node;
  for (const { caller } of state.blocked) {
    if (caller.connection !== connection) continue;
    node.cancelTimer('query', nameOf(connection, caller.serial));
  }
  state.blocked = state.blocked.filter(({ caller }) => caller.connection !== connection);
}

// Consistent reads: a leader that was deposed and does not know it answers none of them.

export function verify(node: ServerNode, query: BlockedQuery): void {
  const { state } = node;
  const number = ++state.serial;
  state.verifications[number] = { query, confirmedBy: [node.id] };
  const term = state.currentTerm;
  broadcast(node, { type: 'ConfirmLeader', term, leaderId: node.id, number });
  readIfConfirmed(node, number);
}

export function leaderConfirmed(
  node: ServerNode,
  { term, number }: Frozen<ServerMessages['LeaderConfirmed']>,
  from: NodeId,
): void {
  const { state } = node;
  const verification = state.verifications[number];
  if (verification === undefined || term !== state.currentTerm || !isLeader(node)) return;
  if (verification.confirmedBy.includes(from)) return;
  verification.confirmedBy.push(from);
  readIfConfirmed(node, number);
}

function readIfConfirmed(node: ServerNode, number: number): void {
  const { query, confirmedBy } = node.state.verifications[number];
  if (confirmedBy.length < majority(inRaft(node))) return;
  delete node.state.verifications[number];
  readHere(node, query);
}
