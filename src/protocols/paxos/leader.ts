/** The option `distinguished`: one proposer at a time conducts ballots, and ends all duels. */
// "Paxos Made Simple", §2.4: "To guarantee progress, a distinguished proposer must be selected as
// the only one to try issuing proposals." The election needs no consensus: two proposers may each
// believe that they are the leader, and then no progress is certain, but nothing goes wrong. Here
// the leader is the first, by name, of the proposers that were heard lately.
import { broadcast } from '../../protocol/patterns.ts';
import type { Node, NodeId } from '../../protocol/types.ts';
import type { Proposer } from './state.ts';

/** Whether this proposer may begin a ballot. */
export function conductsBallots({ state, options }: Node<Proposer>): boolean {
  return !options.distinguished || state.leads;
}

/** The proposer to which this one forwards what its client wants. */
export function leaderOf({ id, state }: Node<Proposer>): NodeId {
  return state.leader ?? id;
}

export function startAlive(node: Node<Proposer>): void {
  if (!node.options.distinguished) return;
  node.state.alive = [node.id, ...node.peers];
  for (const peer of node.peers) node.setTimer('suspect', node.options.suspectAfter, peer);
  chooseLeader(node);
  sayAlive(node);
}

export function sayAlive(node: Node<Proposer>): void {
  broadcast(node, { type: 'Alive' });
  node.setTimer('alive', node.options.aliveInterval);
}

/** Returns whether the leader has changed. */
export function hearAlive(node: Node<Proposer>, from: NodeId): boolean {
  const { alive } = node.state;
  if (alive === null) return false;
  if (!alive.includes(from)) alive.push(from);
  node.setTimer('suspect', node.options.suspectAfter, from);
  return chooseLeader(node);
}

/** Returns whether the leader has changed. */
export function suspect(node: Node<Proposer>, other: NodeId): boolean {
  const { state } = node;
  if (state.alive === null) return false;
  state.alive = state.alive.filter((id) => id !== other);
  return chooseLeader(node);
}

function chooseLeader(node: Node<Proposer>): boolean {
  const { state } = node;
  const leader = (state.alive ?? [node.id]).reduce((first, id) => (id < first ? id : first));
  if (leader === state.leader) return false;
  state.leader = leader;
  state.leads = leader === node.id;
  node.event('LeaderChanged', { leader });
  return true;
}
