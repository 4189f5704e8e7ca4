/** The invariants of Spanner, and the derived event of a clock that breaks its bound. */
import { derivedEvent } from '../../../protocol/define.ts';
import type { Invariant } from '../../../protocol/types.ts';
import { asDuration } from '../../../protocol/units.ts';
import {
  externalConsistency, readsAreCurrent, safeTimeHolds, snapshotsAreExact,
} from './consistency-invariants.ts';
import type { Roles } from './observed.ts';
import {
  chosenByQuorum, leasesAreDisjoint, oneRecordPerSlot, timestampsGrow, timestampsInLease,
} from './paxos-invariants.ts';
import {
  atomicity, commitsFollowPrepares, locksAreHeld, locksExclude, olderNeverWaits,
  operationsHappenOnce,
} from './transaction-invariants.ts';

export const invariants: Record<string, Invariant> = {
  'external consistency': externalConsistency,
  'leases are disjoint': leasesAreDisjoint,
  'one record per slot': oneRecordPerSlot,
  'chosen by a quorum': chosenByQuorum,
  'timestamps grow': timestampsGrow,
  'timestamps are inside the lease': timestampsInLease,
  'a snapshot is exact': snapshotsAreExact,
  'locking reads are current': readsAreCurrent,
  'the safe time is safe': safeTimeHolds,
  'two-phase commit is atomic': atomicity,
  'commits follow their prepares': commitsFollowPrepares,
  'an operation happens once': operationsHappenOnce,
  'a write lock excludes others': locksExclude,
  'locks are held to the end': locksAreHeld,
  'the older does not wait': olderNeverWaits,
};

/**
 * All that Spanner promises rests on clocks that are within their bounds. No node can notice that
 * its own is not: this compares its interval with the time of the run.
 */
export const clockOutsideBound = derivedEvent<Roles>()({
  look({ events, time }) {
    return events.flatMap((event) => {
      if (event.name !== 'TimestampAssigned') return [];
      const { earliest, latest } = event.fields;
      if (earliest <= time && time <= latest) return [];
      const offBy = time < earliest ? earliest - time : time - latest;
      return [{ node: event.node, earliest, latest, offBy }];
    });
  },
  summary: ({ node, earliest, latest, offBy }) =>
    `${node}: [${asDuration(earliest)}, ${asDuration(latest)}], off by ${asDuration(offBy)}`,
});
