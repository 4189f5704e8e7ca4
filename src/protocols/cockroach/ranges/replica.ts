/** A replica of a range: the state machine of its Raft group, and what follows from each entry. */
import type { Frozen, NodeId } from '../../../protocol/types.ts';
import { applyCommitted, broadcastAppendEntries, replicaOver } from '../../raft/raft.ts';
import type { Entry, StateMachine } from '../../raft/state.ts';
import { append, type Group, groupOf, inRaft, isLeader, propose } from './group.ts';
import { considerLease, leaseApplied, leaseHint, leaseLost } from './lease.ts';
import type { Store } from '../node-types.ts';
import { apply, type Applied, serves } from './range.ts';
import { answerApplied, reply, settle, turnAway } from './serve.ts';
import type { RangeCommand, RangeId } from '../data.ts';
import type { RangeMachine } from '../state.ts';

/** The state of a replica is made by `newReplica`: `init` adds nothing to it. */
const machine: StateMachine<RangeCommand, RangeMachine> = {
  doc: 'A replica of a range.',
  init: () => ({}) as RangeMachine,
  apply: (node, entry): Applied => apply(node as Group, entry),
  respond: (node, entry, response) => applied(node as Group, entry, response as Applied),
};

/** What the proposer of a command does when it is applied, or when it never will be. */
function applied(group: Group, entry: Frozen<Entry<RangeCommand>>, outcome: Applied): void {
  const { store, state } = group;
  const { command, clientId, serial } = entry;
  if (command.op === 'no-op') return void (state.standing === 'leader' && considerLease(group));
  const own = clientId === store.id ? state.pending[serial] : undefined;
  if (own !== undefined && outcome !== 'a later index was applied') delete state.pending[serial];
  if (Object.keys(state.pending).length === 0) store.cancelTimer('propose', group.range);
  if (command.op === 'write') {
    if (own !== undefined && outcome === 'applied') answerApplied(group, own);
    return reindex(group);
  }
  if (outcome === 'applied' && state.lease!.sequence !== state.usable) {
    leaseLost(group);
    dropPending(group);
  }
  if (own !== undefined) leaseApplied(group, outcome === 'applied');
  if (!serves(group)) turnAway(group);
}

/** Writes that were evaluated under an earlier lease are never applied. */
function dropPending(group: Group): void {
  const { state } = group;
  for (const [serial, { command, answer }] of Object.entries(state.pending)) {
    if (command.op !== 'write') continue;
    delete state.pending[Number(serial)];
    if (answer === null) continue;
    reply(group, answer.to, answer, { result: 'not leaseholder', hint: leaseHint(group) });
  }
}

/**
 * A write that a later one has overtaken in the log can never be applied with its old index, so it
 * is safe to propose it with a new one.
 */
function reindex(group: Group): void {
  const { state } = group;
  for (const [serial, { command, latches, answer }] of Object.entries(state.pending)) {
    if (command.op !== 'write' || command.index > state.leaseIndex) continue;
    delete state.pending[Number(serial)];
    const again = { ...command, index: state.nextLeaseIndex++ } as RangeCommand;
    propose(group, Object.freeze(again), latches, answer);
  }
}

const { messages, timers } = replicaOver(machine);
const { ClientRequest: _none, ...raftMessages } = messages;

export type RaftMessageName = keyof typeof raftMessages;

/** A message of Raft arrived for one of the ranges. */
export function receiveInGroup(
  store: Store,
  message: { readonly type: RaftMessageName; readonly range: RangeId },
  from: NodeId,
): void {
  if (!(message.range in store.state.replicas)) return keep(store, message, from);
  const group = groupOf(store, message.range);
  const { commitIndex } = group.state;
  raftMessages[message.type](group, message as never, from, '');
  // Followers learn at once what is committed, not with the next heartbeat, as in etcd's Raft.
  const hasCommitted = group.state.commitIndex > commitIndex;
  if (isLeader(group) && hasCommitted) broadcastAppendEntries(inRaft(group));
  follow(group);
}

/**
 * A split that this node has not applied yet: a candidate for the new range waits for its vote
 * until then, or the first election there would fail.
 */
function keep(
  store: Store,
  message: { readonly type: RaftMessageName; readonly range: RangeId },
  from: NodeId,
): void {
  const { type, range } = message;
  if (type !== 'RequestVote' && type !== 'PreVote') return;
  store.state.early[range] = { from, message: { ...message, type } };
}

/** The split is applied: the vote that waited for it is taken now. */
function admitEarly(store: Store): void {
  for (const [range, { from, message }] of Object.entries(store.state.early)) {
    if (!(range in store.state.replicas)) continue;
    delete store.state.early[range];
    receiveInGroup(store, message, from);
  }
}

export function fireInGroup(
  store: Store,
  timer: 'election' | 'heartbeat' | 'checkQuorum' | 'leaderContact',
  range: RangeId,
): void {
  const group = groupOf(store, range);
  timers[timer](group, undefined);
  follow(group);
}

export function receiveProposal(
  store: Store,
  { range, serial, command }: Frozen<{ range: RangeId; serial: number; command: RangeCommand }>,
  from: NodeId,
): void {
  if (!(range in store.state.replicas)) return;
  const group = groupOf(store, range);
  if (isLeader(group)) append(group, from, serial, command as RangeCommand);
  follow(group);
}

/** After anything that happened in a group: committed entries are applied, requests go on. */
export function follow(group: Group): void {
  applyCommitted(group as unknown as Parameters<typeof applyCommitted>[0], machine as never);
  settle(group);
  admitEarly(group.store);
  // In a cluster of one node, what was proposed here is committed already.
  if (group.state.lastApplied < group.state.commitIndex) follow(group);
}
