/** The naive election: the first node, by name, of those that a node can see is the leader. */
// It looks right as long as all nodes see each other, or a node is really gone. But a node that
// cannot be seen need not be gone: in a partition, each side has a first node.
import type { Node, NodeId } from '../../protocol/types.ts';
import { becomeFollower, lead } from './leading.ts';
import type { Member } from './state.ts';

/** A node was heard: it counts as visible until it is silent for too long. */
export function see(node: Node<Member>, other: NodeId): void {
  const { state } = node;
  node.setTimer('suspect', node.options.suspectAfter, other);
  if (state.visible.includes(other)) return;
  state.visible.push(other);
  node.event('NodeSeen', { other, visible: state.visible.length });
}

export function lose(node: Node<Member>, other: NodeId): void {
  const { state } = node;
  state.visible = state.visible.filter((id) => id !== other);
  node.event('NodeLost', { other, visible: state.visible.length });
}

/** Witnesses have no data, so they cannot lead. */
export function electFirstVisible(node: Node<Member>): void {
  const { state } = node;
  const replicas = node.nodes('replica');
  const first = replicas.find((id) => id === node.id || state.visible.includes(id)) ?? null;
  if (first === node.id) {
    if (state.standing !== 'leader') lead(node, state.visible.length + 1);
    return;
  }
  if (state.standing === 'leader') becomeFollower(node, state.term, `it sees ${first}`);
  state.leaderId = first;
}
