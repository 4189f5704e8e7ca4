/** A node as the Raft group of one of its ranges sees it: one log, one term, one leader each. */
// The rules are those of the protocol `raft`; they know nothing of ranges. This view gives them the
// state, the timers and the messages of one range. Paper: §2.2, replication.
import type { Micros, Node, NodeId, Range } from '../../../protocol/types.ts';
import { firstContact } from '../../raft/check-quorum.ts';
import { propose as appendAsLeader } from '../../raft/raft.ts';
import type { Replica as RaftServer } from '../../raft/state.ts';
import type { RangeReplica, Store } from '../node-types.ts';
import type { Descriptor, RangeCommand, RangeId, RangeState } from '../data.ts';
import type { PendingCommand, Replica, Serving } from '../state.ts';
import { zero } from '../../shared/hybrid-clock.ts';

export interface Group extends Node<RangeReplica> {
  readonly store: Store;
  readonly range: RangeId;
}

type TimerName = 'election' | 'heartbeat' | 'checkQuorum' | 'leaderContact';

export function groupOf(store: Store, range: RangeId): Group {
  const group = {
    store,
    range,
    id: store.id,
    state: store.state.replicas[range],
    options: store.options,
    peers: store.peers,
    nodes: (role: string) => store.nodes(role),
    now: () => store.now(),
    random: (bound: number) => store.random(bound),
    send: (to: NodeId, message: object) => store.send(to, { ...message, range } as never),
    setTimer: (name: TimerName, after: Micros | Range) => store.setTimer(name, after, range),
    cancelTimer: (name: TimerName) => store.cancelTimer(name, range),
    event: (name: string, fields: object) =>
      store.event(name as 'RangeSplit', { range, ...fields } as never),
    onDisk: (field: keyof Replica) => store.state.replicas[range][field],
  };
  return group as unknown as Group;
}

/** The group as the rules of Raft see it: they move commands without reading them. */
export function inRaft(group: Group): Node<RaftServer> {
  return group as unknown as Node<RaftServer>;
}

export function isLeader({ state }: Group): boolean {
  return state.standing === 'leader';
}

export function emptyRange(descriptor: Descriptor): RangeState {
  return {
    descriptor, lease: null, leaseIndex: 0, splits: 0,
    versions: {}, intents: {}, records: {}, abortSpan: {},
  };
}

/** A replica with an empty log, and with the state that its range begins with. */
export function newReplica(state: RangeState, options: Store['options']): Replica {
  return {
    currentTerm: 0, votedFor: null, log: [], commitIndex: 0, lastApplied: 0, ...state,
    ...volatile(options),
  };
}

/**
 * What a crash leaves of a replica: what Figure 2 of Raft calls persistent, and what it has
 * applied, because the values are on disk too, with the index up to which they are.
 */
export function reboot(replica: Replica, options: Store['options']): void {
  Object.assign(replica, volatile(options), { commitIndex: replica.lastApplied });
}

function volatile(options: Store['options']) {
  return {
    standing: 'follower' as const, leaderId: null, votesGranted: [], nextIndex: {}, matchIndex: {},
    ...firstContact(options), ...notServing(),
    members: null, membersIndex: 0, change: null,
  };
}

export function notServing(): Serving {
  return {
    usable: 0, leaseProposal: 0, nextLeaseIndex: 1, reads: {}, lowWater: zero, pending: {},
    waiting: [], served: { count: 0, lease: 0 },
  };
}

// Proposals

export const proposeAgainAfter = 1_000_000;

/**
 * Proposes a command, which latches its keys until it is applied. Returns its serial number. The
 * timer runs for the oldest one: lease requests follow each other faster than it, and must not keep
 * a command that was lost from being proposed again.
 */
export function propose(
  group: Group,
  command: RangeCommand,
  latches: readonly string[],
  answer: PendingCommand['answer'],
): number {
  const { store, state, range } = group;
  const serial = ++store.state.serial;
  const isOnlyOne = Object.keys(state.pending).length === 0;
  state.pending[serial] = { command, latches, answer };
  if (isOnlyOne) store.setTimer('propose', proposeAgainAfter, range);
  hand(group, serial, command);
  return serial;
}

/** Hands a command to the leader of the group: this node or another one. */
function hand(group: Group, serial: number, command: RangeCommand): void {
  const { store, state, range } = group;
  if (isLeader(group)) append(group, store.id, serial, command);
  else if (state.leaderId !== null && state.leaderId !== store.id) {
    store.send(state.leaderId, { type: 'Propose', range, serial, command });
  }
}

/** A copy of a command that the log has already, and that is not applied yet, is not appended. */
export function append(
  group: Group,
  proposer: NodeId,
  serial: number,
  command: RangeCommand,
): void {
  const { log, lastApplied } = group.state;
  for (let index = log.length; index > lastApplied; index--) {
    const entry = log[index - 1];
    if (entry.clientId === proposer && entry.serial === serial) return;
  }
  appendAsLeader(inRaft(group), command as never, serial, proposer);
}

export function proposeAgain(group: Group): void {
  const { store, state, range } = group;
  const pending = Object.entries(state.pending);
  if (pending.length === 0) return;
  for (const [serial, { command }] of pending) hand(group, Number(serial), command as RangeCommand);
  store.setTimer('propose', proposeAgainAfter, range);
}
