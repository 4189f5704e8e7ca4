/** A server that follows or observes: it takes over the log of its leader, then its proposals. */
// Learner (registerWithLeader, syncWithLeader), Follower and Observer.
import type { ConnectionId } from '../../../protocol/connection.ts';
import type { Frozen, NodeId } from '../../../protocol/types.ts';
import { milliseconds } from '../../../protocol/units.ts';
import { finishSession } from '../requests/final-request-processor.ts';
import type { ServerNode } from '../server-state.ts';
import { zxidText } from '../wire.ts';
import { commitReceived, informed, proposalReceived } from './broadcast.ts';
import {
  applyTransaction, loadDatabase, loadSnapshot, snapshotOf, truncateLog,
} from './database.ts';
import { updateElectionVote } from './election.ts';
import type { Following } from './learner-state.ts';
import { makeZxid, type PeerMessages, type Transaction, zxidOf } from './packets.ts';

/** Until the leader listens, a learner tries again: five times, with pauses. */
const mostAttempts = 5;
const pauseBetween = milliseconds(100);

export function follow(node: ServerNode): void {
  const { state } = node;
  state.following = {
    leader: state.vote!.leader, connection: '', attempts: 0, phase: 'connecting', epoch: 0,
    appliesAtOnce: false, packetsNotCommitted: [], packetsCommitted: [], pending: [],
    revalidations: {},
  };
  connectToLeader(node);
}

// Discovery

export function connectToLeader(node: ServerNode): void {
  const { following, acceptedEpoch, peerState } = node.state;
  if (following === null) return;
  following.attempts++;
  following.connection = node.connect(following.leader);
  const type = peerState === 'OBSERVING' ? 'OBSERVERINFO' : 'FOLLOWERINFO';
  node.send(following.connection, { type, acceptedEpoch });
  readTimeout(node, node.options.initLimit);
}

/** The time that it waits for the next packet of its leader. */
function readTimeout(node: ServerNode, ticks: number): void {
  node.setTimer('read', ticks * node.options.tickTime, node.state.following!.connection);
}

/** Whether a packet comes from the leader; that shows that the leader is there. */
export function leaderHeard(node: ServerNode, connection: ConnectionId): boolean {
  const { following } = node.state;
  if (following === null || following.connection !== connection) return false;
  const isSynced = following.phase === 'acknowledged' || following.phase === 'serving';
  readTimeout(node, isSynced ? node.options.syncLimit : node.options.initLimit);
  return true;
}

/** It accepts the epoch, and from then on no leader of an earlier one. */
export function registered(node: ServerNode, epoch: number): void {
  const { state } = node;
  const following = state.following!;
  if (epoch < state.acceptedEpoch) {
    stopFollowing(node);
    return;
  }
  const isNew = epoch > state.acceptedEpoch;
  if (isNew) {
    state.acceptedEpoch = epoch;
    node.event('EpochAccepted', { epoch });
  }
  following.epoch = epoch;
  following.phase = 'registered';
  const zxid = state.needsSnapshot ? 0 : state.zxid;
  const currentEpoch = isNew ? state.currentEpoch : -1;
  node.sync();
  node.send(following.connection, { type: 'ACKEPOCH', currentEpoch, zxid });
}

// Synchronization

/** DIFF, TRUNC or SNAP: from which state on the packets continue. */
export function synchronizationBegun(
  node: ServerNode,
  packet: { readonly type: 'DIFF' | 'TRUNC' | 'SNAP' } & Frozen<
    Partial<PeerMessages['TRUNC'] & PeerMessages['SNAP']>
  >,
): void {
  const { state } = node;
  const following = state.following!;
  following.phase = 'synchronizing';
  state.zabState = 'SYNCHRONIZATION';
  if (packet.type === 'SNAP') {
    loadSnapshot(state, packet.snapshot!);
    following.appliesAtOnce = true;
  } else if (packet.type === 'TRUNC') truncate(node, packet.zxid!);
}

/** The real server ends itself if it cannot truncate; this one asks for a snapshot. */
function truncate(node: ServerNode, zxid: number): void {
  const { state } = node;
  const before = state.log.length;
  if (!truncateLog(state, zxid)) {
    state.needsSnapshot = true;
    stopFollowing(node);
    return;
  }
  state.zxid = zxid;
  node.event('LogTruncated', { zxid, removed: before - state.log.length });
}

/** While it synchronizes, packets are kept until NEWLEADER and UPTODATE; after that, executed. */
export function proposed(node: ServerNode, packet: Frozen<PeerMessages['PROPOSAL']>): void {
  const following = node.state.following!;
  if (following.phase === 'serving') proposalReceived(node, following.connection, packet);
  else following.packetsNotCommitted.push(packet.transaction);
}

export function committed(node: ServerNode, zxid: number): void {
  const { state } = node;
  const following = state.following!;
  if (following.phase === 'serving') commitReceived(node, zxid);
  else if (following.appliesAtOnce) {
    const transaction = following.packetsNotCommitted.shift();
    if (transaction?.zxid !== zxid) {
      throw new Error(`COMMIT of ${zxidText(zxid)}, but the next is ${zxidOf(transaction)}`);
    }
    applyTransaction(state, transaction);
  } else following.packetsCommitted.push(zxid);
}

export function observed(node: ServerNode, packet: Frozen<PeerMessages['INFORM']>): void {
  const following = node.state.following!;
  if (following.phase === 'serving') {
    informed(node, packet);
    return;
  }
  proposed(node, packet);
  committed(node, packet.transaction.zxid);
}

/**
 * NEWLEADER: it has all that the leader had. On disk are, in this order, that, and then the epoch:
 * a server whose current epoch is later counts as one with the later log.
 */
export function newLeaderReceived(node: ServerNode, zxid: number): void {
  const { state } = node;
  const following = state.following!;
  if (following.appliesAtOnce) {
    state.snapshot = snapshotOf(state);
    state.log = [];
    state.needsSnapshot = false;
    following.appliesAtOnce = false;
  }
  following.phase = 'acknowledged';
  const logged = following.packetsNotCommitted.splice(0);
  state.log.push(...logged);
  following.pending.push(...logged);
  state.currentEpoch = following.epoch;
  node.sync();
  node.send(following.connection, { type: 'ACK', zxid });
  acknowledge(node, following, logged);
}

function acknowledge(node: ServerNode, { connection }: Following, logged: Transaction[]): void {
  if (node.state.peerState !== 'FOLLOWING') return;
  for (const { zxid } of logged) node.send(connection, { type: 'ACK', zxid });
}

/** UPTODATE: a quorum has the leader's log. What came since NEWLEADER is logged and executed. */
export function upToDate(node: ServerNode): void {
  const { state } = node;
  const following = state.following!;
  const { leader, connection, epoch } = following;
  following.phase = 'serving';
  state.zabState = 'BROADCAST';
  updateElectionVote(node, epoch);
  node.send(connection, { type: 'ACK', zxid: makeZxid(epoch, 0) });
  const logged = following.packetsNotCommitted.splice(0);
  state.log.push(...logged);
  following.pending.push(...logged);
  for (const zxid of following.packetsCommitted.splice(0)) commitReceived(node, zxid);
  node.event('LeaderFollowed', { leader, epoch });
  if (logged.length === 0) return;
  node.sync();
  acknowledge(node, following, logged);
}

// Sessions

/** It tells the leader which clients it has heard. */
export function pinged(node: ServerNode): void {
  const { state } = node;
  node.send(state.following!.connection, { type: 'PING', touched: state.touched });
  state.touched = {};
}

/** Asks the leader whether a session, which goes on here, still exists. */
export function askForSession(node: ServerNode, connection: ConnectionId): void {
  const { following, connections } = node.state;
  const { session, timeout } = connections[connection];
  following!.revalidations[session] = connection;
  node.send(following!.connection, { type: 'REVALIDATE', session, timeout, isValid: null });
}

export function sessionValidated(
  node: ServerNode,
  { session, isValid }: Frozen<PeerMessages['REVALIDATE']>,
): void {
  const { revalidations } = node.state.following!;
  const connection = revalidations[session];
  delete revalidations[session];
  if (connection !== undefined) finishSession(node, connection, isValid === true);
}

// The end

/** The connection to the leader ended: before the leader answered, it may not have listened yet. */
export function leaderLost(node: ServerNode): void {
  const following = node.state.following!;
  node.cancelTimer('read', following.connection);
  if (following.phase === 'connecting' && following.attempts < mostAttempts) {
    following.connection = '';
    node.setTimer('connectLeader', pauseBetween);
  } else stopFollowing(node);
}

export function stopFollowing(node: ServerNode): void {
  const { state } = node;
  const { following } = state;
  if (following === null) return;
  const leader: NodeId = following.leader;
  if (following.connection !== '') {
    node.cancelTimer('read', following.connection);
    node.disconnect(following.connection);
  }
  node.cancelTimer('connectLeader');
  // A snapshot that NEWLEADER has not confirmed is in memory only. If the server counted that as
  // its log, the next leader would send the difference to it, and the disk would have a gap.
  if (following.appliesAtOnce) loadDatabase(state);
  node.event('LeaderLost', { leader });
  state.following = null;
  state.peerState = 'LOOKING';
}

