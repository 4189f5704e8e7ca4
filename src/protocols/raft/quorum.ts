/** Majorities: how many servers make one, and up to which index one stores the leader's log. */
import { majority as majorityOf } from '../../protocol/patterns.ts';
import type { Node } from '../../protocol/types.ts';
import type { Replica } from './state.ts';

/** How many servers are a majority of the cluster: this one and its peers. */
export function majority(node: Node<Replica>): number {
  return majorityOf(node.peers.length + 1);
}

/** The highest index on a majority of disks: it may send an entry while it writes it itself. */
export function highestOnMajority(node: Node<Replica>): number {
  const { matchIndex, commitIndex } = node.state;
  const own = node.onDisk('log').length;
  if (node.peers.length === 0) return own;
  let highest = commitIndex;
  for (const peer of node.peers) {
    const index = matchIndex[peer];
    if (index <= highest) continue;
    let stored = own >= index ? 1 : 0;
    for (const other of node.peers) if (matchIndex[other] >= index) stored++;
    if (stored >= majority(node)) highest = index;
  }
  return highest;
}
