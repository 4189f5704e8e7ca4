/** The invariants of a CockroachDB cluster: transactions, leases, ranges, clocks, and Raft. */
import { invariant } from '../../../protocol/define.ts';
import type { Invariant, Micros, NodeId } from '../../../protocol/types.ts';
import { asDuration } from '../../../protocol/units.ts';
import { commitInvariants } from './commit-invariants.ts';
import { historyInvariants } from './history-invariants.ts';
import { isBefore, type Timestamp, timestampText } from '../../shared/hybrid-clock.ts';
import { isNode } from './observed.ts';
import { raftInvariants } from './raft-invariants.ts';
import type { RangeId } from '../data.ts';
import type { Replica } from '../state.ts';

interface Served {
  /** How many requests each replica had evaluated when it was last looked at. */
  counts: Record<string, number>;
  /** The latest lease under which any node has served each range, and which node. */
  latest: Record<RangeId, { lease: number; holder: NodeId }>;
}

/** By what nodes do, not by what they believe: a lease that is not used harms nothing. */
const oneLeaseholder = invariant<Served>({
  doc: 'A range has one leaseholder: none serves it under a lease after a later one was used.',
  remember: () => ({ counts: {}, latest: {} }),
  check({ acted, memory }) {
    if (!isNode(acted) || !acted.up) return undefined;
    for (const [range, { served }] of Object.entries(acted.state.replicas)) {
      const name = `${acted.id} ${range}`;
      if ((memory.counts[name] ?? 0) === served.count) continue;
      memory.counts[name] = served.count;
      if (served.count === 0) continue;
      const before = memory.latest[range];
      if (before === undefined || before.lease < served.lease) {
        memory.latest[range] = { lease: served.lease, holder: acted.id };
      } else if (before.holder !== acted.id || before.lease > served.lease) {
        const later = `${before.holder} has served it under lease ${before.lease}`;
        return `${acted.id} served ${range} under lease ${served.lease}, though ${later}.`;
      }
    }
    return undefined;
  },
});

const leasesInOrder = invariant<Record<string, string>>({
  doc: 'A lease begins after the end of the one before it, if it has another sequence number.',
  remember: () => ({}),
  check({ acted, nodes }) {
    if (!isNode(acted)) return undefined;
    for (const [range, { lease }] of Object.entries(acted.state.replicas)) {
      for (const other of nodes) {
        if (!isNode(other) || lease === null) continue;
        const theirs = other.state.replicas[range]?.lease;
        if (theirs === undefined || theirs === null || theirs.sequence >= lease.sequence) continue;
        if (isBefore(theirs.expiration, lease.start)) continue;
        const earlier = `lease ${theirs.sequence} of ${theirs.holder}`;
        const end = timestampText(theirs.expiration);
        const later = `lease ${lease.sequence} of ${lease.holder}`;
        const start = timestampText(lease.start);
        return `${range}: ${later} begins at ${start}, before the end of ${earlier} at ${end}.`;
      }
    }
    return undefined;
  },
});

/** Fails if a replica decides by its own clock or memory what the log should decide. */
const sameLogSameState = invariant<Record<string, number>>({
  doc: 'Replicas that have applied the same entries have the same values, intents and records.',
  remember: () => ({}),
  check({ acted, nodes, memory }) {
    if (!isNode(acted) || !acted.up) return undefined;
    for (const [range, replica] of Object.entries(acted.state.replicas)) {
      const name = `${acted.id} ${range}`;
      if (memory[name] === replica.lastApplied) continue;
      memory[name] = replica.lastApplied;
      const text = stateText(replica);
      for (const other of nodes) {
        if (!isNode(other) || other.id === acted.id || !other.up) continue;
        const theirs = other.state.replicas[range];
        if (theirs?.lastApplied !== replica.lastApplied) continue;
        if (stateText(theirs) === text) continue;
        const entries = `${replica.lastApplied} entries of ${range}`;
        const both = `${acted.id} and ${other.id} have applied ${entries}`;
        return `${both}, but one has ${text} and the other ${stateText(theirs)}.`;
      }
    }
    return undefined;
  },
});

function stateText(replica: Readonly<Replica>): string {
  const { descriptor, lease, versions, intents, records } = replica;
  return JSON.stringify({ descriptor, lease, versions, intents, records });
}

const rangesCoverAllKeys = invariant<Record<NodeId, string>>({
  doc: 'On each node, every key belongs to exactly one range (§2.1).',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isNode(acted) || !acted.up) return undefined;
    const ranges = Object.values(acted.state.replicas).map(({ descriptor }) => descriptor);
    ranges.sort((a, b) => (a.start < b.start ? -1 : 1));
    const text = ranges.map(({ start, end }) => `[${start}, ${end ?? '∞'})`).join(' ');
    if (memory[acted.id] === text) return undefined;
    memory[acted.id] = text;
    const fits = ranges.every(({ start }, i) => start === (i === 0 ? '' : ranges[i - 1].end));
    if (fits && ranges[ranges.length - 1].end === null) return undefined;
    return `The ranges of ${acted.id} are ${text}: a key is in none, or in two.`;
  },
});

const clockMonotone = invariant<Record<NodeId, Timestamp | null>>({
  doc: 'The hybrid logical clock of a running node never goes back, even if its wall clock does.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isNode(acted)) return undefined;
    const { clock } = acted.state;
    const before = memory[acted.id];
    memory[acted.id] = acted.up ? clock : null;
    if (before === undefined || before === null || !acted.up) return undefined;
    if (!isBefore(clock, before)) return undefined;
    const fell = `from ${timestampText(before)} to ${timestampText(clock)}`;
    return `The hybrid logical clock of ${acted.id} went back ${fell}.`;
  },
});

interface Skews {
  /** The reading at which each node was last looked at, and how far that was ahead of real time. */
  nodes: Record<NodeId, { physical: Micros; skew: Micros }>;
  /** Whether the clocks have ever been further apart than the maximum. */
  apart: boolean;
}

/** Every reading comes from some wall clock, so it is as far ahead as that clock at most. */
const clockBounded = invariant<Skews>({
  doc: 'While wall clocks keep to the maximum offset, no clock is ahead of its own by more.',
  remember: () => ({ nodes: {}, apart: false }),
  check({ acted, memory, time }) {
    if (!isNode(acted) || !acted.up) return undefined;
    const { physical, maxOffset, clock } = acted.state;
    // A node that has just started has not read its wall clock yet: 0 is not a reading.
    if (physical === 0 || memory.nodes[acted.id]?.physical === physical) return undefined;
    memory.nodes[acted.id] = { physical, skew: physical - time };
    const skews = Object.values(memory.nodes).map(({ skew }) => skew);
    if (Math.max(...skews) - Math.min(...skews) > maxOffset) memory.apart = true;
    if (memory.apart || clock.wall - physical <= maxOffset) return undefined;
    const [ahead, most] = [clock.wall - physical, maxOffset].map(asDuration);
    return `The clock of ${acted.id} is ${ahead} ahead of its wall clock: the maximum is ${most}.`;
  },
});

const endedIsSilent = invariant<Record<NodeId, string>>({
  doc: 'A node that has ended itself serves nothing any more (§4.3).',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isNode(acted)) return undefined;
    const { ended, replicas, clock } = acted.state;
    if (ended === null || !acted.up) {
      delete memory[acted.id];
      return undefined;
    }
    const counts = Object.values(replicas).map((one) => [one.served.count, one.lastApplied]);
    const text = JSON.stringify([clock, counts]);
    const before = (memory[acted.id] ??= text);
    if (before === text) return undefined;
    return `${acted.id} has ended itself, because ${ended}; yet it goes on.`;
  },
});

export const invariants: Record<string, Invariant> = {
  ...historyInvariants,
  ...commitInvariants,
  'one leaseholder': oneLeaseholder,
  'leases in order': leasesInOrder,
  'same log, same state': sameLogSameState,
  'ranges cover all keys once': rangesCoverAllKeys,
  'the clock never goes back': clockMonotone,
  'the clock stays within the maximum offset': clockBounded,
  'an ended node is silent': endedIsSilent,
  ...raftInvariants,
};
