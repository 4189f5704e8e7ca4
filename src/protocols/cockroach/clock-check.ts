/** Each node compares its clock with those of the others, and ends itself if its own is wrong. */
// Paper: §4.3 (behaviour under clock skew). A node counts itself among the clocks that it knows, so
// in a cluster of three the one that is off finds two of three wrong, and each other one only one.
import type { Frozen, Micros, NodeId } from '../../protocol/types.ts';
import { asDuration } from '../../protocol/units.ts';
import { broadcast } from '../../protocol/patterns.ts';
import { jumpedAhead } from '../shared/hybrid-clock.ts';
import type { Store } from './node-types.ts';
import type { ClockOffset } from './state.ts';

/** An offset that was measured longer ago than this many probes no longer counts. */
const probesMax = 10;

export function probeClocks(store: Store): void {
  const { options } = store;
  const jump = options.jumpCheck && jumpedAhead(
    store.state.probedAt + options.clockProbeInterval, store.now(), options.maxOffset,
  );
  if (jump) return end(store, 'its clock jumped ahead by half the maximum offset or more');
  store.state.probedAt = store.now();
  if (!verifyOffsets(store)) return;
  broadcast(store, { type: 'ClockProbe', sent: store.now() });
  store.setTimer('clockProbe', options.clockProbeInterval);
}

/** Half of the round trip may have passed since the other clock was read, give or take as much. */
export function measure(
  store: Store,
  from: NodeId,
  { sent, clock }: Frozen<{ sent: Micros; clock: Micros }>,
): void {
  const now = store.now();
  const uncertainty = Math.max(0, Math.ceil((now - sent) / 2));
  const offset = clock + uncertainty - now;
  store.state.offsets[from] = { offset, uncertainty, measuredAt: now };
  verifyOffsets(store);
}

function isStale(store: Store, { measuredAt }: ClockOffset): boolean {
  return Math.abs(store.now() - measuredAt) > probesMax * store.options.clockProbeInterval;
}

/** Ends the node unless more than half of the clocks that it knows are close to its own. */
function verifyOffsets(store: Store): boolean {
  const { state, options } = store;
  if (!options.clockCheck) return true;
  const tolerated = 0.8 * options.maxOffset;
  const known = Object.values(state.offsets).filter((one) => !isStale(store, one));
  const healthy = known.filter((one) => isHealthy(one, tolerated)).length + 1;
  const clocks = known.length + 1;
  if (clocks === 1 || healthy > clocks / 2) return true;
  const off = `${clocks - healthy} of the ${known.length} other clocks that it knows`;
  end(store, `its clock is off by more than ${asDuration(tolerated)} against ${off}`);
  return false;
}

/** A measurement that may be within the limit counts as healthy. */
export function isHealthy({ offset, uncertainty }: ClockOffset, tolerated: Micros): boolean {
  return Math.abs(offset) - uncertainty <= tolerated;
}

const timers = [
  'election', 'heartbeat', 'checkQuorum', 'leaderContact', 'lease', 'propose', 'pushes',
] as const;

/** The process ends: it answers nothing and begins nothing until it is restarted. */
export function end(store: Store, reason: string): void {
  const { state } = store;
  state.ended = reason;
  store.event('NodeEnded', { reason });
  for (const [range, replica] of Object.entries(state.replicas)) {
    for (const name of timers) store.cancelTimer(name, range);
    replica.standing = 'follower';
    replica.usable = 0;
  }
  for (const number of Object.keys(state.calls)) store.cancelTimer('call', number);
  for (const transaction of Object.values(state.transactions)) {
    store.cancelTimer('transactionHeartbeat', transaction.id);
    store.cancelTimer('deadline', transaction.id);
    if (transaction.operation !== null) store.reply(transaction.operation, 'the node has ended');
  }
  state.calls = {};
  state.transactions = {};
  store.cancelTimer('clockProbe');
}
