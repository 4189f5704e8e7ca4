/** What a server does with all that comes from other servers: it looks for a leader, or has one. */
// QuorumPeer: in each state it does one thing, and each of these ends with a change of the state.
import type { ConnectionId } from '../../../protocol/connection.ts';
import type { NodeId, Role } from '../../../protocol/types.ts';
import { closeAllConnections } from '../requests/connections.ts';
import { syncReturned } from '../requests/final-request-processor.ts';
import type { Server, ServerNode } from '../server-state.ts';
import { acknowledgeLogged, processSync, submitToLeader } from './broadcast.ts';
import { fastForward } from './database.ts';
import { finalizeVote, lookForLeader, resendVote, voteReceived } from './election.ts';
import { connectTimedOut, linkBegun, linkEnded, linkOpened } from './election-links.ts';
import {
  ackReceived, epochAcknowledged, halfTick, lead, leaderTooSlow, learnerConnected, learnerHeard,
  pingAnswered, removeLearner, revalidate,
} from './leader.ts';
import {
  committed, connectToLeader, follow, leaderHeard, leaderLost, newLeaderReceived, observed, pinged,
  proposed, registered, sessionValidated, stopFollowing, synchronizationBegun, upToDate,
} from './learner.ts';
import type { PeerMessages } from './packets.ts';

/** `QuorumPeer.run`: begins what its state asks for, until there is nothing to begin. */
export function run(node: ServerNode): void {
  const { state } = node;
  for (;;) {
    const { peerState, election, leading, following } = state;
    if (peerState === 'LOOKING' && election === null) {
      stopServing(node);
      lookForLeader(node);
    } else if (peerState === 'LEADING' && leading === null) lead(node);
    else if ((peerState === 'FOLLOWING' || peerState === 'OBSERVING') && following === null) {
      follow(node);
    } else return;
  }
}

/** What it has logged counts in the election, so it is executed, although it may be lost. */
function stopServing(node: ServerNode): void {
  const { state } = node;
  state.zabState = 'ELECTION';
  state.touched = {};
  closeAllConnections(node);
  fastForward(state);
}

type Handlers<Types extends keyof PeerMessages> = Pick<Role<Server>['messages'], Types>;

/** A handler of what only the leader of this server sends. */
function fromLeader<Message>(handle: (node: ServerNode, message: Message) => void) {
  return (node: ServerNode, message: Message, _from: NodeId, connection: ConnectionId): void => {
    if (leaderHeard(node, connection)) handle(node, message);
    run(node);
  };
}

const election: Handlers<'InitialMessage' | 'NOTIFICATION'> = {
  InitialMessage: (node, _message, from, connection) => linkBegun(node, from, connection),
  NOTIFICATION(node, { vote, state }, from) {
    voteReceived(node, from, vote, state);
    run(node);
  },
};

const toLeader: Handlers<'FOLLOWERINFO' | 'OBSERVERINFO' | 'ACKEPOCH' | 'ACK' | 'REQUEST'> = {
  FOLLOWERINFO(node, { acceptedEpoch }, from, connection) {
    learnerConnected(node, from, connection, acceptedEpoch);
  },
  OBSERVERINFO(node, { acceptedEpoch }, from, connection) {
    learnerConnected(node, from, connection, acceptedEpoch);
  },
  ACKEPOCH(node, packet, _from, connection) {
    learnerHeard(node, connection);
    epochAcknowledged(node, connection, packet);
  },
  ACK(node, { zxid }, from, connection) {
    ackReceived(node, from, connection, zxid);
    learnerHeard(node, connection);
  },
  REQUEST(node, { request }, from, connection) {
    const { leading } = node.state;
    if (leading?.learners[connection] === undefined) return;
    learnerHeard(node, connection);
    if (request.command.op === 'sync') processSync(node, leading, connection, request);
    else submitToLeader(node, leading, request, from);
  },
};

const toLearner: Handlers<
  'LEADERINFO' | 'DIFF' | 'TRUNC' | 'SNAP' | 'NEWLEADER' | 'UPTODATE' | 'PROPOSAL' | 'COMMIT' |
  'INFORM' | 'SYNC'
> = {
  LEADERINFO: fromLeader((node, { epoch }) => registered(node, epoch)),
  DIFF: fromLeader(synchronizationBegun),
  TRUNC: fromLeader(synchronizationBegun),
  SNAP: fromLeader(synchronizationBegun),
  NEWLEADER: fromLeader((node, { zxid }) => newLeaderReceived(node, zxid)),
  UPTODATE: fromLeader(upToDate),
  PROPOSAL: fromLeader(proposed),
  COMMIT: fromLeader((node, { zxid }) => committed(node, zxid)),
  INFORM: fromLeader(observed),
  SYNC: fromLeader((node, { session, xid }) => syncReturned(node, session, xid)),
};

const bothWays: Handlers<'PING' | 'REVALIDATE'> = {
  PING(node, packet, _from, connection) {
    if (leaderHeard(node, connection)) pinged(node);
    else if (node.state.leading !== null) {
      learnerHeard(node, connection);
      pingAnswered(node, packet);
    }
  },
  REVALIDATE(node, packet, _from, connection) {
    if (leaderHeard(node, connection)) sessionValidated(node, packet);
    else {
      learnerHeard(node, connection);
      revalidate(node, connection, packet);
    }
  },
};

export const peerMessages: Handlers<keyof PeerMessages> = {
  ...election, ...toLeader, ...toLearner, ...bothWays,
};

export function peerConnected(node: ServerNode, peer: NodeId, connection: ConnectionId): void {
  linkOpened(node, peer, connection);
}

/** Returns whether it was a connection of another server. */
export function peerDisconnected(
  node: ServerNode,
  peer: NodeId,
  connection: ConnectionId,
): void {
  const { state } = node;
  linkEnded(node, peer, connection);
  if (state.leading?.learners[connection] !== undefined) removeLearner(node, connection);
  if (state.following?.connection === connection) leaderLost(node);
  run(node);
}

type Timer = Exclude<keyof Server['timers'], 'session'>;

export const peerTimers: Pick<Role<Server>['timers'], Timer> = {
  notification: resendVote,
  connectPeer: connectTimedOut,
  connectLeader: connectToLeader,
  /** A write of a leader is on disk. */
  logged: (node, zxid) => acknowledgeLogged(node, Number(zxid)),
  finalize(node) {
    finalizeVote(node);
    run(node);
  },
  limit(node) {
    leaderTooSlow(node);
    run(node);
  },
  tick(node) {
    halfTick(node);
    run(node);
  },
  /** A learner or a leader was not heard for its time. */
  read(node, connection) {
    if (node.state.following?.connection === connection) stopFollowing(node);
    else removeLearner(node, connection);
    run(node);
  },
};

/** A server that waits for nothing but the others may be left as it is. */
export const peerBackground = ['notification', 'connectPeer', 'limit', 'tick', 'read'] as const;
