/** Two-phase commit across groups (§4.2.1): participants prepare, the coordinator decides. */
// A transaction of one group takes the same path, with no participant to wait for.
import { pick } from '../../protocol/patterns.ts';
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { milliseconds } from '../../protocol/units.ts';
import type { Outcome, PrepareRefused, PrepareReply, Wound } from './messages.ts';
import { take } from './locks.ts';
import { propose } from './paxos.ts';
import { groupOf, membersOf } from './placement.ts';
import type { CommitRequest, TransactionId } from './records.ts';
import type { ActiveTransaction, Server } from './state.ts';
import { assign, noteUsed } from './timestamps.ts';
import {
  close, highestPrepare, lockAll, loseLocks, open, redirect, serves, whyReadsLost,
} from './transactions.ts';
import { now } from './true-time.ts';

/** How often a prepared participant asks its coordinator for the outcome. */
const askAgainAfter = milliseconds(500);

/** The client asks each group to commit; the first of the groups is the coordinator. */
export function hearCommit(node: Server, request: Frozen<CommitRequest>, client: NodeId): void {
  const { transaction: id, age, groups } = request;
  if (!serves(node)) return redirect(node, client);
  const isCoordinator = groups[0] === groupOf(node.id);
  const outcome = node.state.outcomes[id];
  if (outcome !== undefined) {
    if (isCoordinator) answer(node, client, id, outcome, 'it was aborted before');
    return;
  }
  const active = open(node, id, age, client);
  active.client = client;
  if (active.stage === 'prepared') return reportPrepared(node, active);
  // A copy of a request that is under way.
  if (active.stage === 'deciding' || active.commit !== null) return;
  active.commit = request;
  active.reading = [];
  active.stage = isCoordinator ? 'coordinating' : 'preparing';
  active.receivedLatest = now(node).latest;
  node.setTimer('transaction', node.options.transactionTimeout, id);
  const reason = whyReadsLost(node, request);
  if (reason !== '') giveUp(node, active, reason);
}

/** Returns whether the commit of a transaction went on: it has the locks for its writes now. */
export function tryCommit(node: Server, active: ActiveTransaction): boolean {
  const { stage, commit, locked } = active;
  if (commit === null || locked) return false;
  if (stage !== 'preparing' && stage !== 'coordinating') return false;
  if (!lockAll(node, active, Object.keys(commit.writes), 'exclusive', wounded)) return false;
  active.locked = true;
  if (stage === 'preparing') prepare(node, active, commit);
  else commitIfPrepared(node, active);
  return true;
}

/** A transaction that cannot commit here ends: the coordinator aborts it, in its log. */
function giveUp(node: Server, active: ActiveTransaction, reason: string): void {
  if (active.stage === 'coordinating') return abort(node, active, reason);
  if (active.stage === 'reading') return loseLocks(node, active, reason);
  const { id: transaction, commit } = active;
  node.event('PrepareRefused', { transaction, reason });
  if (commit !== null) {
    const group = groupOf(node.id);
    node.send(commit.coordinator, { type: 'PrepareRefused', transaction, group, reason });
  }
  close(node, transaction, reason);
}

/** What wound-wait does to a younger holder of a lock, which depends on its stage. */
export function wounded(node: Server, holder: ActiveTransaction, by: ActiveTransaction): void {
  if (holder.stage === 'prepared') {
    holder.woundedBy = by.id;
    const coordinator = holder.commit?.coordinator ?? anyCoordinator(node, holder.id);
    node.send(coordinator, { type: 'Wound', transaction: holder.id, by: by.id });
  } else giveUp(node, holder, `it was wounded by ${by.id}`);
}

// Participants

/**
 * "It chooses a prepare timestamp that must be larger than any timestamps it has assigned to
 * previous transactions, and logs a prepare record through Paxos."
 */
function prepare(node: Server, active: ActiveTransaction, request: Frozen<CommitRequest>): void {
  const { transaction, writes, reads, age, groups } = request;
  const timestamp = assign(node, transaction, 'prepare', now(node).latest);
  if (timestamp === undefined) return giveUp(node, active, 'the lease of the leader ends too soon');
  active.stage = 'prepared';
  propose(node, { kind: 'prepare', transaction, timestamp, writes, reads, age, groups });
}

/** "Each participant then notifies the coordinator of its prepare timestamp." */
export function reportPrepared(node: Server, { id, commit }: ActiveTransaction): void {
  const record = node.state.prepared[id] ?? chosenPrepare(node, id);
  if (record === undefined) return;
  const { timestamp, age } = record;
  const to = commit?.coordinator ?? anyCoordinator(node, id);
  node.send(to, { type: 'PrepareReply', transaction: id, group: groupOf(node.id), timestamp, age });
  node.setTimer('transaction', askAgainAfter, id);
}

/** A prepare record that is chosen, although a record before it is still in its commit wait. */
function chosenPrepare({ state }: Server, id: TransactionId) {
  for (let slot = state.chosen; slot > state.applied; slot--) {
    const { record } = state.log[slot - 1];
    if (record.kind === 'prepare' && record.transaction === id) return record;
  }
  return undefined;
}

function anyCoordinator(node: Server, id: TransactionId): NodeId {
  const groups = node.state.prepared[id]?.groups ?? node.state.transactions[id]?.commit?.groups;
  return pick(node, membersOf(node, groups![0]));
}

export function hearOutcome(node: Server, { transaction, timestamp }: Frozen<Outcome>): void {
  const active = node.state.transactions[transaction];
  if (active === undefined || !serves(node)) return;
  if (active.stage === 'prepared') {
    active.stage = 'deciding';
    // The next holder of its locks must get a higher timestamp, although this one is not its own.
    if (timestamp !== null) noteUsed(node, timestamp);
    propose(node, { kind: 'outcome', transaction, timestamp });
  } else if (timestamp === null && active.stage !== 'deciding') {
    close(node, transaction, 'its coordinator aborted it');
  }
}

// The coordinator

export function hearPrepareReply(node: Server, message: Frozen<PrepareReply>, from: NodeId): void {
  const { transaction, group, timestamp, age } = message;
  if (!serves(node)) return;
  const outcome = node.state.outcomes[transaction];
  if (outcome !== undefined) {
    return node.send(from, { type: 'Outcome', transaction, timestamp: outcome });
  }
  // The client's own request may still be on its way, or was lost with an earlier leader.
  const active = open(node, transaction, age, null);
  active.prepares[group] = { timestamp, leader: from };
  commitIfPrepared(node, active);
}

export function hearPrepareRefused(node: Server, message: Frozen<PrepareRefused>): void {
  const { transaction, group, reason } = message;
  if (!serves(node) || node.state.outcomes[transaction] !== undefined) return;
  const active = node.state.transactions[transaction];
  if (active === undefined || active.stage === 'deciding') return;
  abort(node, active, `${group} cannot prepare: ${reason}`);
}

export function hearWound(node: Server, { transaction, by }: Frozen<Wound>): void {
  const active = node.state.transactions[transaction];
  if (active === undefined || !serves(node) || active.stage === 'deciding') return;
  abort(node, active, `it was wounded by ${by}`);
}

/**
 * "The commit timestamp s must be greater or equal to all prepare timestamps, greater than
 * TT.now().latest at the time the coordinator received its commit message, and greater than any
 * timestamps the leader has assigned to previous transactions."
 */
function commitIfPrepared(node: Server, active: ActiveTransaction): void {
  const { id: transaction, commit, locked, prepares, receivedLatest, stage } = active;
  if (commit === null || !locked || stage !== 'coordinating') return;
  const { groups, writes, reads } = commit;
  if (groups.slice(1).some((group) => prepares[group] === undefined)) return;
  const least = Math.max(highestPrepare(active), receivedLatest + 1);
  const timestamp = assign(node, transaction, 'commit', least);
  if (timestamp === undefined) return abort(node, active, 'the lease of the leader ends too soon');
  active.stage = 'deciding';
  propose(node, { kind: 'commit', transaction, timestamp, writes, reads, groups });
}

/** Logged, so that no leader commits it when a copy of the client's request arrives later. */
function abort(node: Server, active: ActiveTransaction, reason: string): void {
  active.stage = 'deciding';
  propose(node, { kind: 'abort', transaction: active.id, reason });
}

/** "The coordinator sends the commit timestamp to the client and all other participant leaders." */
export function announce(
  node: Server,
  transaction: TransactionId,
  timestamp: number | null,
  reason: string,
): void {
  const active = node.state.transactions[transaction];
  if (active === undefined) return;
  if (active.client !== null) answer(node, active.client, transaction, timestamp, reason);
  for (const { leader } of Object.values(active.prepares)) {
    node.send(leader, { type: 'Outcome', transaction, timestamp });
  }
  close(node, transaction, timestamp === null ? 'it was aborted' : 'it committed');
}

function answer(
  node: Server,
  client: NodeId,
  transaction: TransactionId,
  timestamp: number | null,
  reason: string,
): void {
  node.send(client, { type: 'CommitResult', transaction, timestamp, reason });
}

/** Nothing was heard of the transaction for a while. */
export function expire(node: Server, id: TransactionId): void {
  const active = node.state.transactions[id];
  if (active === undefined || !serves(node)) return;
  const reason = 'nothing was heard of it for too long';
  if (active.stage === 'prepared') askForOutcome(node, active);
  else if (active.commit === null && Object.keys(active.prepares).length > 0) {
    abort(node, active, 'its commit request did not arrive');
  } else if (active.stage !== 'deciding') giveUp(node, active, reason);
}

/** The coordinator's leader may have changed: the next one asked is any of its replicas. */
function askForOutcome(node: Server, active: ActiveTransaction): void {
  if (active.commit !== null) {
    active.commit = { ...active.commit, coordinator: anyCoordinator(node, active.id) };
  }
  reportPrepared(node, active);
  node.setTimer('transaction', askAgainAfter, active.id);
}

/** "Locks of prepared transactions are rebuilt from the log" by a new leader. */
export function rebuildLocks(node: Server): void {
  for (const [id, { age, writes, reads }] of Object.entries(node.state.prepared)) {
    const active = open(node, id, age, null);
    active.stage = 'prepared';
    active.locked = true;
    for (const key of Object.keys(reads)) take(node.state, key, id, 'shared');
    for (const key of Object.keys(writes)) take(node.state, key, id, 'exclusive');
    reportPrepared(node, active);
  }
}
