/** A server that leads: discovery, synchronization, and the quorum that it has to keep. */
// Leader.lead and LearnerHandler.run; phases 1 and 2 of the paper. What blocks a thread there is a
// state here: a learner `waitsFor` something, and goes on when that is reached.
import type { ConnectionId } from '../../../protocol/connection.ts';
import type { NodeId } from '../../../protocol/types.ts';
import type { ServerNode } from '../server-state.ts';
import { forgetSessions, touchSession, trackSessions } from '../requests/session-tracker.ts';
import { acknowledged, acknowledgeOnceLogged } from './broadcast.ts';
import { isAlone, isQuorum, isVoter } from './ensemble.ts';
import { updateElectionVote } from './election.ts';
import type { Leading, LearnerHandler } from './leader-state.ts';
import { makeZxid, type PeerMessages } from './packets.ts';
import { synchronize } from './synchronize.ts';

export function lead(node: ServerNode): void {
  const { state } = node;
  const leading: Leading = {
    epoch: -1, proposedEpoch: 0, connecting: [], electing: [], newLeaderAcks: [], learners: {},
    tick: 0, syncLimit: node.options.syncLimit, skipsTick: true, lastProposed: 0,
    lastCommitted: 0, outstanding: [], outstandingChanges: {}, syncs: [], tracked: {},
  };
  state.leading = leading;
  limitTime(node);
  proposeEpoch(node, leading, node.id, state.acceptedEpoch);
}

/** Each of the phases has `initLimit` ticks: a leader without a quorum by then gives up. */
function limitTime(node: ServerNode): void {
  node.setTimer('limit', node.options.initLimit * node.options.tickTime);
}

export function leaderTooSlow(node: ServerNode): void {
  stopLeading(node);
}

// Discovery

/** A learner has connected: its first packet names the last epoch that it has accepted. */
export function learnerConnected(
  node: ServerNode,
  server: NodeId,
  connection: ConnectionId,
  acceptedEpoch: number,
): void {
  const { state, options } = node;
  const { leading } = state;
  if (leading === null) {
    node.disconnect(connection);
    return;
  }
  leading.learners[connection] = {
    server, isObserver: !isVoter(node, server), waitsFor: 'epoch', zxid: 0, isForwarding: false,
    deadline: leading.tick + options.initLimit + options.syncLimit, unacknowledged: null,
  };
  learnerHeard(node, connection);
  proposeEpoch(node, leading, server, acceptedEpoch);
}

/** `getEpochToPropose`: one more than any that a quorum of connected voters has accepted. */
function proposeEpoch(
  node: ServerNode,
  leading: Leading,
  server: NodeId,
  acceptedEpoch: number,
): void {
  const { state } = node;
  if (leading.epoch < 0) {
    leading.proposedEpoch = Math.max(leading.proposedEpoch, acceptedEpoch + 1);
    if (isVoter(node, server)) leading.connecting.push(server);
    if (!isQuorum(node, leading.connecting)) return;
    leading.epoch = leading.proposedEpoch;
    leading.lastProposed = makeZxid(leading.epoch, 0);
    state.acceptedEpoch = leading.epoch;
    node.event('EpochAccepted', { epoch: leading.epoch });
    limitTime(node);
    epochAccepted(node, leading, node.id, state.currentEpoch);
  }
  // No learner is asked to follow it in an epoch that it may forget.
  node.sync();
  for (const [connection, learner] of Object.entries(leading.learners)) {
    if (learner.waitsFor !== 'epoch') continue;
    learner.waitsFor = 'ACKEPOCH';
    node.send(connection, { type: 'LEADERINFO', epoch: leading.epoch });
  }
}

/** A learner has accepted the epoch; it must not have a later log than this leader. */
export function epochAcknowledged(
  node: ServerNode,
  connection: ConnectionId,
  { currentEpoch, zxid }: PeerMessages['ACKEPOCH'],
): void {
  const { state } = node;
  const learner = state.leading?.learners[connection];
  if (learner?.waitsFor !== 'ACKEPOCH') return;
  const isAhead =
    currentEpoch > state.currentEpoch || (currentEpoch === state.currentEpoch && zxid > state.zxid);
  // The leader's log was fixed when it was elected; what it has proposed since does not count.
  if (isAhead && state.zabState === 'DISCOVERY') {
    removeLearner(node, connection);
    return;
  }
  learner.zxid = zxid;
  learner.waitsFor = 'election';
  epochAccepted(node, state.leading!, learner.server, currentEpoch);
}

/** `waitForEpochAck`: with a quorum, the election is over, and each learner is synchronized. */
function epochAccepted(
  node: ServerNode,
  leading: Leading,
  server: NodeId,
  currentEpoch: number,
): void {
  const { state } = node;
  if (state.zabState === 'DISCOVERY') {
    if (currentEpoch !== -1 && isVoter(node, server)) leading.electing.push(server);
    if (!isQuorum(node, leading.electing)) return;
    state.currentEpoch = leading.epoch;
    state.zabState = 'SYNCHRONIZATION';
    limitTime(node);
    acknowledgeOnceLogged(node, makeZxid(leading.epoch, 0));
  }
  for (const [connection, learner] of Object.entries(leading.learners)) {
    if (learner.waitsFor === 'election') synchronize(node, leading, connection, learner);
  }
}

// Synchronization

/** An ACK is that of NEWLEADER or of a proposal, from a learner or from the leader itself. */
export function ackReceived(
  node: ServerNode,
  from: NodeId,
  connection: ConnectionId,
  zxid: number,
): void {
  const { leading } = node.state;
  if (leading === null) return;
  const learner = leading.learners[connection];
  if (learner === undefined && from !== node.id) return;
  if (zxid === makeZxid(leading.epoch, 0)) {
    newLeaderAcknowledged(node, leading, from, learner);
    return;
  }
  if (learner !== undefined) {
    const last = leading.outstanding.at(-1)?.transaction.zxid ?? 0;
    learner.unacknowledged = zxid >= last ? null : { zxid: zxid + 1, at: node.now() };
  }
  acknowledged(node, leading, from, zxid);
}

function newLeaderAcknowledged(
  node: ServerNode,
  leading: Leading,
  server: NodeId,
  learner: LearnerHandler | undefined,
): void {
  if (learner?.waitsFor === 'NEWLEADER') {
    learner.waitsFor = 'startup';
    learner.deadline = leading.tick + node.options.syncLimit;
  }
  if (isVoter(node, server)) leading.newLeaderAcks.push(server);
  if (node.state.zabState === 'SYNCHRONIZATION') {
    // It serves only when its own epoch is on disk, whatever the others have.
    if (!leading.newLeaderAcks.includes(node.id)) return;
    if (!isQuorum(node, leading.newLeaderAcks)) return;
    startServing(node, leading);
  }
  for (const [connection, one] of Object.entries(leading.learners)) {
    if (one.waitsFor !== 'startup') continue;
    one.waitsFor = 'nothing';
    node.send(connection, { type: 'UPTODATE' });
  }
}

/** A quorum has its log: all in it is committed, and the epoch is established. */
function startServing(node: ServerNode, leading: Leading): void {
  const { state } = node;
  node.cancelTimer('limit');
  state.zabState = 'BROADCAST';
  state.zxid = makeZxid(leading.epoch, 0);
  leading.lastCommitted = state.zxid;
  updateElectionVote(node, leading.epoch);
  node.event('EpochEstablished', { epoch: leading.epoch });
  trackSessions(node);
  if (!isAlone(node)) node.setTimer('tick', Math.floor(node.options.tickTime / 2));
}

// While it leads

/** At each half tick it pings its learners; at each tick it needs a quorum of those that answer. */
export function halfTick(node: ServerNode): void {
  const { leading } = node.state;
  if (leading === null) return;
  if (!leading.skipsTick) {
    leading.tick++;
    const synced = syncedServers(node, leading);
    if (!isQuorum(node, synced)) {
      node.event('QuorumLost', { epoch: leading.epoch, synced: synced.length });
      stopLeading(node);
      return;
    }
  }
  leading.skipsTick = !leading.skipsTick;
  for (const [connection, learner] of Object.entries(leading.learners)) {
    if (learner.waitsFor === 'nothing') ping(node, connection, learner);
  }
  node.setTimer('tick', Math.floor(node.options.tickTime / 2));
}

function syncedServers(node: ServerNode, { learners, tick }: Leading): NodeId[] {
  const synced = Object.values(learners).filter(({ isObserver, deadline, waitsFor }) => {
    return !isObserver && waitsFor === 'nothing' && tick <= deadline;
  });
  return [node.id, ...synced.map(({ server }) => server)];
}

/** A learner that leaves a proposal unacknowledged for `syncLimit` is given up (SyncLimitCheck). */
function ping(node: ServerNode, connection: ConnectionId, learner: LearnerHandler): void {
  const { tickTime, syncLimit } = node.options;
  const { unacknowledged } = learner;
  if (unacknowledged !== null && node.now() - unacknowledged.at >= syncLimit * tickTime) {
    removeLearner(node, connection);
  } else node.send(connection, { type: 'PING', touched: {} });
}

/** Whatever a learner sends shows that it is there. */
export function learnerHeard(node: ServerNode, connection: ConnectionId): void {
  const { state, options } = node;
  const learner = state.leading?.learners[connection];
  if (learner === undefined) return;
  const { tickTime, initLimit, syncLimit } = options;
  const isSynced = learner.waitsFor === 'startup' || learner.waitsFor === 'nothing';
  if (isSynced) learner.deadline = state.leading!.tick + syncLimit;
  node.setTimer('read', (isSynced ? syncLimit : initLimit) * tickTime, connection);
}

export function pingAnswered(
  node: ServerNode,
  { touched }: PeerMessages['PING'],
): void {
  for (const [session, timeout] of Object.entries(touched)) touchSession(node, session, timeout);
}

/** A session goes on at another server, which from now on is where its requests come from. */
export function revalidate(
  node: ServerNode,
  connection: ConnectionId,
  { session, timeout }: PeerMessages['REVALIDATE'],
): void {
  const { leading } = node.state;
  const learner = leading?.learners[connection];
  if (leading === null || learner === undefined) return;
  const isValid = touchSession(node, session, timeout);
  if (isValid) leading.tracked[session].owner = learner.server;
  node.send(connection, { type: 'REVALIDATE', session, timeout, isValid });
}

export function removeLearner(node: ServerNode, connection: ConnectionId): void {
  node.cancelTimer('read', connection);
  node.disconnect(connection);
  delete node.state.leading?.learners[connection];
}

/** It looks for a leader again; what it has logged and not committed may be lost or not. */
export function stopLeading(node: ServerNode): void {
  const { state } = node;
  const { leading } = state;
  if (leading === null) return;
  for (const connection of Object.keys(leading.learners)) removeLearner(node, connection);
  forgetSessions(node);
  node.cancelTimer('limit');
  node.cancelTimer('tick');
  state.leading = null;
  state.peerState = 'LOOKING';
}
