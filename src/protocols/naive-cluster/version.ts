/** Versions of the data, and who belongs to the cluster. */
import type { Node, NodeId } from '../../protocol/types.ts';
import type { Member, Version } from './state.ts';

export function isOlder(a: Version, b: Version): boolean {
  return a.term === b.term ? a.number < b.number : a.term < b.term;
}

/** All nodes of the cluster: those with data, and witnesses. */
export function members(node: Pick<Node<Member>, 'nodes'>): readonly NodeId[] {
  return [...node.nodes('replica'), ...node.nodes('witness')];
}

export function others(node: Pick<Node<Member>, 'nodes' | 'id'>): NodeId[] {
  return members(node).filter((id) => id !== node.id);
}

export function electsByMajority({ options }: Pick<Node<Member>, 'options'>): boolean {
  return options.elects === 'majority';
}
