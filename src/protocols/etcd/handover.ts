/** Handing over the leadership: `move-leader`, by which the leader makes another member begin. */
// Thesis §3.10: the leader takes no more proposals, waits until the other log is complete, and
// sends TimeoutNow; servers that still hear their leader vote in that election all the same.
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { becomeCandidate } from '../raft/raft.ts';
import { failure } from './api.ts';
import { answer, inRaft, isLeader, type Server } from './leadership.ts';
import { electionTimeout } from './lessor.ts';
import type { Caller } from './state.ts';

export function beginHandover(node: Server, caller: Caller, to: NodeId): void {
  const { state } = node;
  if (!isLeader(node)) return answer(node, caller, failure('etcdserver: not leader'));
  if (to === node.id) return answer(node, caller, { revision: state.revision });
  if (!node.peers.includes(to)) {
    return answer(node, caller, failure('etcdserver: bad leader transferee'));
  }
  state.handover = { to, caller, told: false };
  node.setTimer('handoverTimeout', electionTimeout(node));
  continueHandover(node);
}

export function continueHandover(node: Server): void {
  const { state } = node;
  const { handover, log } = state;
  if (handover === null) return;
  if (state.leaderId === handover.to) {
    endHandover(node);
    answer(node, handover.caller, { revision: state.revision });
  } else if (isLeader(node) && !handover.told && state.matchIndex[handover.to] === log.length) {
    handover.told = true;
    node.send(handover.to, { type: 'TimeoutNow', term: state.currentTerm });
  }
}

export function giveUpHandover(node: Server): void {
  const { handover } = node.state;
  if (handover === null) return;
  endHandover(node);
  const why = failure('etcdserver: request timed out, leader transfer took too long');
  answer(node, handover.caller, why);
}

function endHandover(node: Server): void {
  node.state.handover = null;
  node.cancelTimer('handoverTimeout');
}

/** Begins an election at once, without a pre-vote. */
export function takeOver(node: Server, { term }: Frozen<{ term: number }>): void {
  const { state } = node;
  if (term !== state.currentTerm || isLeader(node)) return;
  becomeCandidate(inRaft(node), { transfer: true });
}
