/** Leases: which replica serves a range, until when, and how another one takes over. */
// Paper: §2.2 (leaseholders) and §4.2. Of CockroachDB's three kinds these are expiration leases: an
// entry of the range's own log says who holds the lease until when. Epoch leases share one record
// per node among thousands of ranges, and leader leases follow the leader: both save renewals that
// a few ranges can afford, and both move the rule out of the range, to where it is harder to see.
import type { NodeId } from '../../../protocol/types.ts';
import { type Group, isLeader, propose } from './group.ts';
import {
  isBefore, latest, plus, readClock, receive, type Timestamp, zero,
} from '../../shared/hybrid-clock.ts';
import { serves } from './range.ts';

/**
 * Whether this node may serve the range now, at a timestamp. The lease cannot be used in its last
 * part, as long as the maximum offset: by the clock of the next holder it may be over already.
 */
export function holdsLease(group: Group, at: Timestamp): boolean {
  const { store, state } = group;
  if (!serves(group) || state.lease === null) return false;
  const now = readClock(store);
  const end = plus(state.lease.expiration, -store.options.maxOffset);
  return isBefore(latest(now, at), end);
}

/** Whether the lease, whichever node holds it, has not ended by this node's clock. */
function isRunning({ store, state }: Group): boolean {
  return state.lease !== null && !isBefore(state.lease.expiration, readClock(store));
}

/** The node that a client should ask instead. */
export function leaseHint(group: Group): NodeId | null {
  const { state } = group;
  return isRunning(group) ? state.lease!.holder : state.leaderId;
}

/** Extends a lease of this node that is used up in part; takes one that has expired. */
export function considerLease(group: Group): void {
  const { store, state, range } = group;
  const { leaseRenewal, leaseDuration } = store.options;
  if (state.leaseProposal !== 0) return;
  if (serves(group) && isRunning(group)) {
    const { sequence, start, expiration } = state.lease!;
    const renewal = expiration.wall - leaseDuration + leaseRenewal;
    if (store.now() < renewal) return waitUntil(group, renewal);
    return request(group, sequence, start);
  }
  // Only the leader takes a lease: it is the one that knows the end of the log.
  if (!isLeader(group)) return;
  if (isRunning(group)) return waitUntil(group, state.lease!.expiration.wall + 1);
  request(group, (state.lease?.sequence ?? 0) + 1, readClock(store));
  store.setTimer('lease', leaseRenewal, range);
}

function waitUntil({ store, range }: Group, time: number): void {
  store.setTimer('lease', Math.max(time - store.now(), 1), range);
}

function request(group: Group, sequence: number, start: Timestamp): void {
  const { store, state } = group;
  const expiration = plus(readClock(store), store.options.leaseDuration);
  const lease = { holder: store.id, sequence, start, expiration };
  state.leaseProposal = propose(group, { op: 'lease', lease, previous: state.lease }, [], null);
}

/** A command of this node for a lease was applied, or another lease was there before. */
export function leaseApplied(group: Group, applied: boolean): void {
  const { store, state, range } = group;
  state.leaseProposal = 0;
  if (applied) {
    const { holder, sequence, start } = state.lease!;
    if (state.usable === sequence) store.event('LeaseExtended', { range, holder, sequence });
    else begin(group, sequence, start);
  }
  considerLease(group);
}

/** Earlier holders may have served reads up to the start of the lease: no write goes below. */
function begin({ store, state, range }: Group, sequence: number, start: Timestamp): void {
  state.usable = sequence;
  state.nextLeaseIndex = state.leaseIndex + 1;
  state.reads = {};
  state.lowWater = start;
  store.state.clock = receive(store.state.clock, start);
  store.event('LeaseAcquired', { range, holder: store.id, sequence });
}

/** Another lease was applied: what was served under the earlier one is forgotten. */
export function leaseLost({ state }: Group): void {
  state.usable = 0;
  state.reads = {};
  state.lowWater = zero;
}
