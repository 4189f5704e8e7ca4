/** What only the leader does: it appends writes, times sessions, and counts who answers it. */
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { termAt } from '../raft/log.ts';
import { majority } from '../raft/quorum.ts';
import { becomeFollower, propose } from '../raft/raft.ts';
import { answer, failUnknown } from './answers.ts';
import type { ConsulResponse, SessionRenewed, Write } from './api.ts';
import { type Caller, inRaft, isLeader, replicating, type ServerNode } from './state.ts';

/** A TTL is a lower bound: Consul invalidates a session at twice its TTL. */
const ttlMultiplier = 2;

// Writes

/**
 * The lock-delay is checked here, before the log, because only one clock may decide about it:
 * servers that compared it with their own clocks while they apply would have different catalogues.
 */
export function write(
  node: ServerNode,
  caller: Caller,
  command: Frozen<Write>,
  client: NodeId,
): void {
  const { state } = node;
  if (command.op === 'acquire' && command.key in state.delayed) {
    const lockIndex = state.keys[command.key]?.lockIndex ?? 0;
    return answer(node, caller, { acquired: false, lockIndex });
  }
  const isBadTtl = command.op === 'session create'
    && (command.ttl < seconds(10) || command.ttl > seconds(86_400));
  if (isBadTtl) {
    return answer(node, caller, { status: 400, error: 'a TTL must be from 10s to 24h' });
  }
  const serial = ++state.serial;
  state.applies[serial] = caller;
  propose(replicating(node), { ...command, client }, serial, node.id);
}

/** The entry is applied: the leader that appended it answers. */
export function applied(node: ServerNode, serial: number, response: ConsulResponse): void {
  const { state } = node;
  if (isLeader(node) && typeof response === 'object' && 'ttl' in response) {
    timeSession(node, response.session);
  }
  const caller = state.applies[serial];
  if (caller === undefined) return;
  delete state.applies[serial];
  answer(node, caller, response);
}

// Sessions: renewals do not go through the log, so each new leader restarts all of them.

function timeSession(node: ServerNode, session: string): void {
  const { ttl } = node.state.sessions[session];
  node.setTimer('session', ttlMultiplier * ttl, session);
}

export function renewSession(node: ServerNode, session: string): SessionRenewed {
  const known = node.state.sessions[session];
  if (known === undefined) return { renewed: null };
  timeSession(node, session);
  return { renewed: known.ttl };
}

/** The timer of a session fired: the log destroys it on all servers. */
export function expire(node: ServerNode, session: string): void {
  const { state } = node;
  if (!isLeader(node) || !(session in state.sessions)) return;
  node.event('SessionExpired', { session, client: state.sessions[session].client });
  const command = { op: 'session destroy', session, reason: 'ttl', client: node.id } as const;
  propose(replicating(node), command, ++state.serial, node.id);
}

// Leadership

/** After each handler: this server may have become the leader, or have ceased to be it. */
export function observeLeadership(node: ServerNode): void {
  const { state } = node;
  if (!isLeader(node)) return endLeadership(node);
  if (state.contactsIn !== state.currentTerm) beginLease(node);
  const { lastApplied } = state;
  const isEstablished = state.establishedIn === state.currentTerm;
  if (!isEstablished && lastApplied > 0 && termAt(state.log, lastApplied) === state.currentTerm) {
    establish(node);
  }
}

/** It has applied all entries of earlier terms, so it knows all sessions. */
function establish(node: ServerNode): void {
  const { state } = node;
  const term = (state.establishedIn = state.currentTerm);
  const sessions = Object.keys(state.sessions);
  for (const session of sessions) timeSession(node, session);
  node.event('LeaderEstablished', { term, sessions: sessions.length });
}

/** What it appended may still be committed: for those who wait the outcome is unknown. */
function endLeadership(node: ServerNode): void {
  const { state } = node;
  if (state.contactsIn === 0) return;
  for (const session of Object.keys(state.sessions)) node.cancelTimer('session', session);
  for (const peer of node.peers) node.cancelTimer('contact', peer);
  const callers = [
    ...Object.values(state.applies),
    ...Object.values(state.verifications).map(({ query }) => query.caller),
  ];
  Object.assign(state, {
    contactsIn: 0, establishedIn: 0, silent: [], applies: {}, verifications: {},
  });
  const why = 'leadership lost while committing log';
  for (const caller of callers) failUnknown(node, caller, why);
}

// The leader lease of hashicorp/raft: how long it leads without being answered by a majority.

function beginLease(node: ServerNode): void {
  const { state } = node;
  state.contactsIn = state.currentTerm;
  state.silent = [];
  for (const peer of node.peers) node.setTimer('contact', node.options.leaderLease, peer);
}

/** A server answered in the leader's term. */
export function heardFrom(node: ServerNode, peer: NodeId): void {
  const { state } = node;
  if (!isLeader(node) || state.contactsIn !== state.currentTerm) return;
  state.silent = state.silent.filter((other) => other !== peer);
  node.setTimer('contact', node.options.leaderLease, peer);
}

/** It steps down when no majority answered within the lease. No read is checked against that. */
export function contactLost(node: ServerNode, peer: NodeId): void {
  const { state } = node;
  if (!isLeader(node)) return;
  if (!state.silent.includes(peer)) state.silent.push(peer);
  const answered = node.peers.length - state.silent.length + 1;
  if (answered >= majority(inRaft(node))) return;
  node.event('QuorumLost', { term: state.currentTerm, answered });
  becomeFollower(inRaft(node), state.currentTerm);
}
