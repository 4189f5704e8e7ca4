/** The log of a Paxos group (§2.1): ballots, the second phase, and what is chosen. */
// One leader proposes for all slots. It sends the records from the first one that a replica lacks,
// and a replica accepts them without a gap, so `acceptedUpTo` says which it has in this ballot.
import { frozen } from '../../protocol/define.ts';
import { majority } from '../../protocol/patterns.ts';
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { milliseconds } from '../../protocol/units.ts';
import type { Accept, AcceptReply } from './messages.ts';
import { groupOf, membersOf } from './placement.ts';
import type { Ballot, LogRecord } from './records.ts';
import type { Server } from './state.ts';
import { now } from './true-time.ts';

export function members(node: Server): readonly NodeId[] {
  return membersOf(node, groupOf(node.id));
}

export function others(node: Server): readonly NodeId[] {
  return members(node).filter((id) => id !== node.id);
}

export function quorum(node: Server): number {
  return majority(members(node).length);
}

/** The lowest ballot of this replica that is above all that it has seen. */
export function nextBallot(node: Server): Ballot {
  const all = members(node);
  const own = all.indexOf(node.id) + 1;
  const seen = Math.max(node.state.promised, node.state.highestSeen);
  return own + all.length * Math.max(0, Math.ceil((seen + 1 - own) / all.length));
}

/** Takes part in a ballot: what was accepted in earlier ones must be accepted again. */
export function join({ state }: Server, ballot: Ballot): void {
  if (ballot <= state.promised) return;
  state.promised = ballot;
  state.acceptedUpTo = state.applied;
}

/** The slots that a replica has accepted in its ballot, after a crash. */
export function recoverAccepted({ state }: Server): void {
  let upTo = state.applied;
  while (state.log[upTo]?.ballot === state.promised) upTo++;
  state.acceptedUpTo = upTo;
}

/** The leader appends a record to the log and sends it; returns its slot. */
export function propose(node: Server, record: LogRecord): number {
  const { state } = node;
  storeRecord(node, state.log.length + 1, frozen(record));
  sendAccepts(node);
  return state.log.length;
}

function storeRecord(node: Server, slot: number, record: Frozen<LogRecord>): void {
  const { state } = node;
  const { kind, transaction } = record;
  state.log[slot - 1] = frozen({ ballot: state.promised, record });
  state.acceptedUpTo = Math.max(state.acceptedUpTo, slot);
  node.event('RecordAccepted', { slot, ballot: state.promised, kind, transaction });
}

/**
 * Sends each replica what it lacks; that also asks it to extend its vote. Until all is chosen, this
 * is repeated sooner than with the next heartbeat.
 */
export function sendAccepts(node: Server): void {
  for (const peer of others(node)) sendAccept(node, peer);
  const { heartbeatInterval } = node.options;
  const isChosen = node.state.chosen === node.state.log.length;
  const next = isChosen ? heartbeatInterval : Math.min(heartbeatInterval, resendAfter);
  node.setTimer('heartbeat', next);
}

const resendAfter = milliseconds(100);

export function sendAccept(node: Server, to: NodeId): void {
  const { promised: ballot, applied, log, acceptedBy, maxTimestamp } = node.state;
  const upTo = acceptedBy[to] ?? applied;
  node.send(to, {
    type: 'Accept', ballot, first: upTo + 1, records: log.slice(upTo).map(({ record }) => record),
    applied, minNext: { slot: log.length, timestamp: maxTimestamp + 1 },
    asked: now(node).earliest,
  });
}

/**
 * The new leader proposes again, in its own ballot, what earlier leaders may have got chosen, and
 * a record of its own behind that. Without it, a record that only one replica has accepted could be
 * found by the next leader, with a timestamp below those that this one has promised or read at.
 */
export function proposeRecovered(node: Server): void {
  const { state } = node;
  state.log.length = state.applied;
  for (const { record } of state.recovered) storeRecord(node, state.log.length + 1, record);
  state.recovered = [];
  state.recoveredUpTo = propose(node, { kind: 'no-op', transaction: '' });
}

/** Accepts the records that it lacks, unless there is a gap before them. */
export function accept(node: Server, { first, records }: Frozen<Accept>): void {
  const { state } = node;
  if (first > state.acceptedUpTo + 1) return;
  for (let slot = state.acceptedUpTo + 1; slot < first + records.length; slot++) {
    storeRecord(node, slot, records[slot - first]);
  }
}

/** Returns whether the replica has more to be sent: it is behind the leader's guess. */
export function heardAccepted(
  { state }: Server,
  { upTo }: Frozen<AcceptReply>,
  from: NodeId,
): boolean {
  const known = state.acceptedBy[from];
  if (known !== undefined && upTo <= known) return false;
  state.acceptedBy[from] = upTo;
  return known === undefined && upTo < state.log.length;
}

/** A record is chosen when a quorum has accepted it in the leader's ballot. */
export function choose(node: Server): void {
  const { state } = node;
  if (state.standing !== 'leader') return;
  const slots = others(node).map((peer) => state.acceptedBy[peer] ?? 0);
  const sorted = [...slots, state.acceptedUpTo].sort((a, b) => b - a);
  const upTo = sorted[quorum(node) - 1];
  while (state.chosen < upTo) {
    state.chosen++;
    const { ballot, record: { kind, transaction } } = state.log[state.chosen - 1];
    node.event('RecordChosen', { slot: state.chosen, ballot, kind, transaction });
  }
}
