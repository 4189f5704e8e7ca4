/** Majorities: how many servers make one, and up to which index one stores the leader's log. */
import { majority as majorityOf } from '../../protocol/patterns.ts';
import type { Node } from '../../protocol/types.ts';
import { isMember, otherMembers } from './membership.ts';
import type { Replica } from './state.ts';

/** How many servers are a majority of the configuration that this one uses. */
export function majority(node: Node<Replica>): number {
  return majorityOf(node.state.members?.length ?? node.peers.length + 1);
}

/** The highest index on a majority of disks: it may send an entry while it writes it itself. */
export function highestOnMajority(node: Node<Replica>): number {
  const { matchIndex, commitIndex } = node.state;
  const own = node.onDisk('log').length;
  const others = otherMembers(node);
  if (others.length === 0) return own;
  // A leader that removes itself does not count.
  const self = isMember(node) ? 1 : 0;
  let highest = commitIndex;
  for (const peer of others) {
    const index = matchIndex[peer];
    if (index <= highest) continue;
    let stored = own >= index ? self : 0;
    for (const other of others) if (matchIndex[other] >= index) stored++;
    if (stored >= majority(node)) highest = index;
  }
  return highest;
}
