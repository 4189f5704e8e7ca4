/** Linearizable reads: a member asks the leader up to which index it must have applied the log. */
// etcd/raft, ReadOnlySafe, after §6.4 of the thesis: the leader notes its commitIndex, and confirms
// with a majority that it still leads before it gives that index out. So a leader that was deposed
// and does not know it answers no read.
import { broadcast } from '../../protocol/patterns.ts';
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { milliseconds } from '../../protocol/units.ts';
import { termAt } from '../raft/log.ts';
import { majority } from '../raft/quorum.ts';
import { type Failure, failure, type Read } from './api.ts';
import { answer, inRaft, isLeader, requestTimeout, type Server } from './leadership.ts';
import type { Caller, MemberMessages, PendingRead } from './state.ts';
import { answerRead } from './store.ts';

const retryInterval = milliseconds(500);

export function beginRead(node: Server, caller: Caller, read: Frozen<Read>): void {
  const { state } = node;
  if (read.serializable) return answer(node, caller, answerRead(state, read.read));
  const number = ++state.serial;
  state.reads[number] = { caller, read, index: null };
  node.setTimer('requestTimeout', requestTimeout(node), number, String(number));
  askLeader(node, number);
}

/** Without a leader, the question is dropped; it is repeated every 500 ms. */
export function askLeader(node: Server, read: number): void {
  const { state } = node;
  if (state.reads[read]?.index !== null) return;
  node.setTimer('readAgain', retryInterval, read, String(read));
  if (isLeader(node)) noteRead(node, node.id, read);
  else if (state.leaderId !== null) node.send(state.leaderId, { type: 'ReadIndex', read });
}

/** The leader does not know what is committed until it has committed an entry of its own term. */
export function noteRead(node: Server, member: NodeId, read: number): void {
  const { state } = node;
  const { commitIndex: index, currentTerm: term } = state;
  if (!isLeader(node) || termAt(state.log, index) !== term) return;
  state.confirmations = state.confirmations.filter((one) => !isFor(one, member, read));
  state.confirmations.push({ member, read, index, confirmedBy: [node.id] });
  broadcast(node, { type: 'ConfirmLeader', term, leaderId: node.id, member, read });
  giveOut(node, member, read);
}

function isFor(
  one: { readonly member: NodeId; readonly read: number },
  member: NodeId,
  read: number,
): boolean {
  return one.member === member && one.read === read;
}

type Confirmed = Frozen<MemberMessages['LeaderConfirmed']>;

export function confirmed(node: Server, { term, member, read }: Confirmed, from: NodeId): void {
  const { state } = node;
  if (!isLeader(node) || term !== state.currentTerm) return;
  const one = state.confirmations.find((each) => isFor(each, member, read));
  if (one === undefined || one.confirmedBy.includes(from)) return;
  one.confirmedBy.push(from);
  giveOut(node, member, read);
}

/** A majority confirmed a read, and with it all reads that the leader received before. */
function giveOut(node: Server, member: NodeId, read: number): void {
  const { state } = node;
  const at = state.confirmations.findIndex((one) => isFor(one, member, read));
  if (state.confirmations[at].confirmedBy.length < majority(inRaft(node))) return;
  for (const { member: to, read: number, index } of state.confirmations.splice(0, at + 1)) {
    if (to === node.id) mayRead(node, number, index);
    else node.send(to, { type: 'ReadIndexResult', read: number, index });
  }
}

/** The read waits until the member has applied the log up to this index. */
export function mayRead(node: Server, read: number, index: number): void {
  const pending = node.state.reads[read];
  if (pending === undefined || pending.index !== null) return;
  pending.index = index;
  node.cancelTimer('readAgain', String(read));
  answerIfApplied(node, read, pending);
}

export function answerReads(node: Server): void {
  for (const [read, pending] of Object.entries(node.state.reads)) {
    answerIfApplied(node, Number(read), pending);
  }
}

function answerIfApplied(node: Server, read: number, { caller, read: what, index }: PendingRead) {
  if (index === null || index > node.state.lastApplied) return;
  endRead(node, read);
  answer(node, caller, answerRead(node.state, what.read));
}

/** Reads that still wait for an index fail when another leader, or the same one again, is seen. */
export function failReads(node: Server): void {
  for (const [read, { index }] of Object.entries(node.state.reads)) {
    if (index === null) failRead(node, Number(read), failure('etcdserver: leader changed'));
  }
}

/** The first entry of a term is committed: now the leader can give out an index. */
export function repeatReads(node: Server): void {
  for (const read of Object.keys(node.state.reads)) askLeader(node, Number(read));
}

export function failRead(node: Server, read: number, why: Failure): void {
  const pending = node.state.reads[read];
  if (pending === undefined) return;
  endRead(node, read);
  answer(node, pending.caller, why);
}

export function endRead(node: Server, read: number): void {
  delete node.state.reads[read];
  node.cancelTimer('requestTimeout', String(read));
  node.cancelTimer('readAgain', String(read));
}
