/** Broadcast: the leader proposes transactions, and commits what a quorum has logged, in order. */
// Leader.propose, processAck, tryToCommit; §III.C of the paper (phase 3).
import type { ConnectionId } from '../../../protocol/connection.ts';
import type { Frozen, NodeId } from '../../../protocol/types.ts';
import { commitRequest } from '../requests/final-request-processor.ts';
import { prepare } from '../requests/prep-request-processor.ts';
import type { ServerNode } from '../server-state.ts';
import { touchSession } from '../requests/session-tracker.ts';
import { isQuorum } from './ensemble.ts';
import type { Leading, Proposal } from './leader-state.ts';
import { zxidText } from '../wire.ts';
import { counterOf, type PeerMessages, type Request, zxidOf } from './packets.ts';

/** A request that came to the leader, from `owner`: its own client, or that of a learner. */
export function submitToLeader(
  node: ServerNode,
  leading: Leading,
  request: Frozen<Request>,
  owner: NodeId,
): void {
  const { state } = node;
  const transaction = prepare(node, leading, request, owner);
  const { zxid, session, txn } = transaction;
  if (txn.op === 'create-session') touchSession(node, session, txn.timeout);
  leading.outstanding.push({ transaction, acks: [] });
  state.log.push(transaction);
  for (const [connection, learner] of Object.entries(leading.learners)) {
    if (!learner.isForwarding || learner.isObserver) continue;
    learner.unacknowledged ??= { zxid, at: node.now() };
    node.send(connection, { type: 'PROPOSAL', transaction });
  }
  acknowledgeOnceLogged(node, zxid);
}

/**
 * What the leader has logged it acknowledges to itself when that is on its own disk, which nothing
 * else waits for: a quorum of others commits without it (ProposalRequestProcessor, which proposes
 * before it logs; AckRequestProcessor).
 */
export function acknowledgeOnceLogged(node: ServerNode, zxid: number): void {
  if (node.sync('logged', String(zxid))) acknowledgeLogged(node, zxid);
}

export function acknowledgeLogged(node: ServerNode, zxid: number): void {
  node.send(node.id, { type: 'ACK', zxid });
}

/** A voter has logged a proposal, and all before it. */
export function acknowledged(
  node: ServerNode,
  leading: Leading,
  server: NodeId,
  zxid: number,
): void {
  // The acknowledgements of NEWLEADER and UPTODATE are those of no transaction.
  if (counterOf(zxid) === 0 || zxid <= leading.lastCommitted) return;
  const proposal = leading.outstanding.find((one) => one.transaction.zxid === zxid);
  if (proposal === undefined) return;
  if (!proposal.acks.includes(server)) proposal.acks.push(server);
  while (leading.outstanding.length > 0 && isQuorum(node, leading.outstanding[0].acks)) {
    commit(node, leading, leading.outstanding.shift()!);
  }
}

function commit(node: ServerNode, leading: Leading, { transaction }: Proposal): void {
  const { zxid } = transaction;
  leading.lastCommitted = zxid;
  node.event('TransactionCommitted', { zxid });
  for (const [connection, learner] of Object.entries(leading.learners)) {
    if (!learner.isForwarding) continue;
    if (learner.isObserver) node.send(connection, { type: 'INFORM', transaction });
    else node.send(connection, { type: 'COMMIT', zxid });
  }
  for (const [path, change] of Object.entries(leading.outstandingChanges)) {
    if (change.zxid === zxid) delete leading.outstandingChanges[path];
  }
  if (transaction.txn.op === 'close-session') endTracking(node, leading, transaction.session);
  commitRequest(node, transaction);
  const ready = leading.syncs.filter((sync) => sync.zxid <= zxid);
  if (ready.length === 0) return;
  leading.syncs = leading.syncs.filter((sync) => sync.zxid > zxid);
  for (const { connection, request } of ready) returnSync(node, connection, request);
}

function endTracking(node: ServerNode, leading: Leading, session: string): void {
  node.cancelTimer('session', session);
  delete leading.tracked[session];
}

/**
 * A sync of a learner's client goes back behind all that is proposed already. That asks no quorum:
 * a leader that was deposed, and does not know it, answers too (ZOOKEEPER-1675).
 */
export function processSync(
  node: ServerNode,
  leading: Leading,
  connection: ConnectionId,
  request: Frozen<Request>,
): void {
  const last = leading.outstanding.at(-1);
  if (last === undefined) returnSync(node, connection, request);
  else leading.syncs.push({ zxid: last.transaction.zxid, connection, request });
}

function returnSync(
  node: ServerNode,
  connection: ConnectionId,
  { session, xid }: Frozen<Request>,
): void {
  node.send(connection, { type: 'SYNC', session, xid });
}

// At a follower or an observer

/** A proposal is logged, then acknowledged: what is sent after `sync` waits for the disk. */
export function proposalReceived(
  node: ServerNode,
  connection: ConnectionId,
  { transaction }: Frozen<PeerMessages['PROPOSAL']>,
): void {
  const { state } = node;
  state.log.push(transaction);
  state.following!.pending.push(transaction);
  node.sync();
  node.send(connection, { type: 'ACK', zxid: transaction.zxid });
}

/** The oldest proposal is committed. Any other would be one that this server has not seen. */
export function commitReceived(node: ServerNode, zxid: number): void {
  const { pending } = node.state.following!;
  const transaction = pending.shift();
  if (transaction?.zxid !== zxid) {
    throw new Error(`COMMIT of ${zxidText(zxid)}, but the next proposal is ${zxidOf(transaction)}`);
  }
  commitRequest(node, transaction);
}

/** An observer is sent only what is committed. Nothing waits for its disk. */
export function informed(
  node: ServerNode,
  { transaction }: Frozen<PeerMessages['INFORM']>,
): void {
  node.state.log.push(transaction);
  commitRequest(node, transaction);
  node.sync();
}

