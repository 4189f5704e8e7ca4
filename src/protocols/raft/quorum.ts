/** Majorities: how many servers make one, and up to which index one stores the leader's log. */
import { majority as majorityOf } from '../../protocol/patterns.ts';
import type { Node } from '../../protocol/types.ts';
import type { Replica } from './state.ts';

/** How many servers are a majority of the cluster: this one and its peers. */
export function majority(node: Node<Replica>): number {
  return majorityOf(node.peers.length + 1);
}

/** The highest index that a majority stores, counting this leader; at least commitIndex. */
export function highestOnMajority(node: Node<Replica>): number {
  const { log, matchIndex, commitIndex } = node.state;
  const needed = majority(node) - 1;
  if (needed === 0) return log.length;
  let highest = commitIndex;
  for (const peer of node.peers) {
    const index = matchIndex[peer];
    if (index <= highest) continue;
    let stored = 0;
    for (const other of node.peers) if (matchIndex[other] >= index) stored++;
    if (stored >= needed) highest = index;
  }
  return highest;
}
