/** What a replica of Multi-Paxos has learned: the chosen slots, and what they execute. */
import type { Node } from '../../protocol/types.ts';
import { applyCommand } from '../raft/key-value-store.ts';
import type { Entry, Replica, ReplicaState } from './state.ts';

/** The last slot of those without a gap that are known to be chosen. */
export function chosenPrefix({ chosen, applied }: Readonly<ReplicaState>): number {
  let last = applied;
  while (last < chosen.length && chosen[last] !== null) last++;
  return last;
}

/** Notes that the entry is chosen in the slot, and executes what is next in order. */
export function learn(node: Node<Replica>, slot: number, entry: Entry): void {
  const { chosen } = node.state;
  while (chosen.length < slot) chosen.push(null);
  if (chosen[slot - 1] === null) {
    chosen[slot - 1] = entry;
    node.event('Learned', { slot, command: entry.command });
  }
  applyChosen(node);
}

/** A slot is executed only after all slots before it. The leader answers the client. */
export function applyChosen(node: Node<Replica>): void {
  const { state } = node;
  for (;;) {
    const entry = state.chosen[state.applied] ?? null;
    if (entry === null) return;
    state.applied++;
    const response = applyCommand(state, entry);
    node.event('Applied', { slot: state.applied, command: entry.command });
    if (state.standing !== 'leader' || entry.clientId === null) continue;
    node.send(entry.clientId, {
      type: 'ClientResponse', serial: entry.serial, status: 'OK', response, leaderHint: node.id,
    });
  }
}
