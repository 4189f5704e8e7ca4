/** The connections over which servers send their votes: one between each two of them. */
// QuorumCnxManager. The server with the greater number opens the connection. The other one, if it
// has to send something, connects only to ask for that: the first message on each connection says
// who opened it.
import type { ConnectionId } from '../../../protocol/connection.ts';
import type { NodeId } from '../../../protocol/types.ts';
import { seconds } from '../../../protocol/units.ts';
import type { ServerNode } from '../server-state.ts';
import { isVoter, serverId } from './ensemble.ts';
import type { Vote } from './packets.ts';

/** How long it waits for a connection (`zookeeper.cnxTimeout`). */
const connectTimeout = seconds(5);

/** Sends a vote to a server; connects to it first, or asks to be connected to. */
export function sendVote(node: ServerNode, to: NodeId, vote: Vote): void {
  const { links, peerState: state } = node.state;
  if (links[to] === undefined) connectTo(node, to);
  if (isGreater(node, to) || links[to].startsWith(`${to}-${node.id}:`)) {
    node.send(links[to], { type: 'NOTIFICATION', vote, state });
  }
}

function isGreater(node: ServerNode, than: NodeId): boolean {
  return serverId(node, node.id) > serverId(node, than);
}

function connectTo(node: ServerNode, to: NodeId): void {
  const link = node.connect(to);
  node.state.links[to] = link;
  node.send(link, { type: 'InitialMessage' });
  node.setTimer('connectPeer', connectTimeout, to);
}

/** It is connected for elections: to the greater one, or it is asked to connect the other way. */
export function linkBegun(node: ServerNode, from: NodeId, connection: ConnectionId): void {
  const { links } = node.state;
  const before = links[from];
  if (before !== undefined && before !== connection) node.disconnect(before);
  if (isGreater(node, from)) {
    node.disconnect(connection);
    connectTo(node, from);
  } else {
    node.cancelTimer('connectPeer', from);
    links[from] = connection;
  }
  // What it said on the connection before may be lost.
  const { election } = node.state;
  if (election !== null && isVoter(node, from)) sendVote(node, from, election.proposed);
}

export function linkOpened(node: ServerNode, peer: NodeId, connection: ConnectionId): void {
  if (node.state.links[peer] === connection) node.cancelTimer('connectPeer', peer);
}

export function linkEnded(node: ServerNode, peer: NodeId, connection: ConnectionId): void {
  if (node.state.links[peer] !== connection) return;
  node.cancelTimer('connectPeer', peer);
  delete node.state.links[peer];
}

/** It is connected to again with the next vote. */
export function connectTimedOut(node: ServerNode, peer: NodeId): void {
  const link = node.state.links[peer];
  if (link !== undefined) node.disconnect(link);
  delete node.state.links[peer];
}

export function currentVote({ state }: ServerNode): Vote | null {
  return state.election === null ? state.vote : state.election.proposed;
}
