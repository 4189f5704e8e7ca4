/** What a Paxos group of Spanner guarantees: its log, its leaders' leases and their timestamps. */
import { invariant } from '../../../protocol/define.ts';
import type { Frozen, NodeId } from '../../../protocol/types.ts';
import {
  at, describe, groupMembers, isReplica, type ObservedReplica, type Roles, sameRecord,
} from './observed.ts';
import { groupOf } from '../placement.ts';
import type { LogRecord, Timestamp } from '../records.ts';

const spannerInvariant = invariant<Roles>();

interface Interval {
  leader: NodeId;
  ballot: number;
  start: Timestamp;
  end: Timestamp;
}

/** A leader that abdicated has used no timestamp after that: its lease ended there. */
export const leasesAreDisjoint = spannerInvariant<Record<string, Interval[]>>({
  doc: 'The leases of the leaders of a group never overlap (§4.1, appendix A).',
  remember: () => ({}),
  check({ acted, events, memory }) {
    if (!isReplica(acted)) return undefined;
    const leases = (memory[groupOf(acted.id)] ??= []);
    for (const { name, fields } of events) {
      if (name !== 'LeaseAbdicated') continue;
      const one = leases.find(({ ballot }) => ballot === fields.ballot);
      if (one !== undefined) one.end = fields.end;
    }
    const { lease } = acted.state;
    if (lease === null) return undefined;
    const { ballot, start, end } = lease;
    let own = leases.find((one) => one.ballot === ballot && one.leader === acted.id);
    if (own?.end === end) return undefined;
    if (own === undefined) leases.push((own = { leader: acted.id, ballot, start, end }));
    own.end = end;
    const other = leases.find(
      (one) =>
        (one.ballot !== ballot || one.leader !== acted.id) && one.start <= end && start <= one.end,
    );
    if (other === undefined) return undefined;
    const overlap = `${acted.id} leads from ${at(start)} to ${at(end)} with ballot ${ballot}`;
    const from = `from ${at(other.start)} to ${at(other.end)} with ballot ${other.ballot}`;
    return `${overlap}, and ${other.leader} ${from}: their leases overlap.`;
  },
});

export const oneRecordPerSlot = spannerInvariant<Record<string, Frozen<LogRecord>[]>>({
  doc: 'All replicas of a group choose and apply the same record in a slot (§2.1).',
  remember: () => ({}),
  check({ acted, events, memory }) {
    if (!isReplica(acted)) return undefined;
    for (const { name, fields } of events) {
      if (name !== 'RecordChosen' && name !== 'RecordApplied') continue;
      const { slot } = fields;
      const { record } = acted.state.log[slot - 1];
      const chosen = (memory[groupOf(acted.id)] ??= []);
      const first = (chosen[slot - 1] ??= record);
      if (sameRecord(first, record)) continue;
      const both = `${describe(record)} in slot ${slot}`;
      return `${acted.id} has ${both}, for which ${describe(first)} was chosen.`;
    }
    return undefined;
  },
});

/** The log is durable, so a replica that is crashed still counts. */
export const chosenByQuorum = spannerInvariant({
  doc: 'A quorum of the group has accepted a record when its leader takes it as chosen (§2.1).',
  check({ acted, events, nodes }) {
    if (!isReplica(acted)) return undefined;
    for (const { name, fields } of events) {
      if (name !== 'RecordChosen') continue;
      const { slot, ballot } = fields;
      const { record } = acted.state.log[slot - 1];
      const all = groupMembers(nodes, acted);
      const accepted = all.filter((one) => hasAccepted(one, slot, ballot, record));
      if (accepted.length > all.length / 2) continue;
      const by = accepted.map(({ id }) => id).join(' and ');
      const what = `${describe(record)} in slot ${slot}`;
      return `${acted.id} took ${what} as chosen, but only ${by} has it.`;
    }
    return undefined;
  },
});

function hasAccepted(
  { state }: ObservedReplica,
  slot: number,
  ballot: number,
  record: Frozen<LogRecord>,
): boolean {
  const own = state.log[slot - 1];
  if (own === undefined || !sameRecord(own.record, record)) return false;
  // A replica that has applied the slot need not accept it again in the ballot of a new leader.
  return own.ballot >= ballot || state.applied >= slot;
}

interface LastTimestamp {
  slot: number;
  timestamp: Timestamp;
}

/** The outcome of a participant has the timestamp of its coordinator, not one of its own order. */
export const timestampsGrow = spannerInvariant<Record<string, LastTimestamp>>({
  doc: 'Along the log of a group, the timestamps of commits and prepares increase (§4.1.2).',
  remember: () => ({}),
  check({ acted, events, memory }) {
    if (!isReplica(acted)) return undefined;
    for (const { name, fields } of events) {
      if (name !== 'RecordApplied') continue;
      const { slot } = fields;
      const last = (memory[groupOf(acted.id)] ??= { slot: 0, timestamp: 0 });
      const { record } = acted.state.log[slot - 1];
      if (slot <= last.slot) continue;
      last.slot = slot;
      if (record.kind !== 'commit' && record.kind !== 'prepare') continue;
      const before = last.timestamp;
      last.timestamp = record.timestamp;
      if (record.timestamp > before) continue;
      const what = `Slot ${slot} of ${acted.id} is ${describe(record)}`;
      return `${what}, but one before it is of ${at(before)}.`;
    }
    return undefined;
  },
});

/** What a leader promised not to use counts as used: an abdication must come after all of it. */
export const timestampsInLease = spannerInvariant<Record<string, Timestamp>>({
  doc: 'A leader uses only timestamps inside its lease, which also an abdication ends (§4.1).',
  remember: () => ({}),
  check({ acted, events, memory }) {
    if (!isReplica(acted)) return undefined;
    for (const { name, fields } of events) {
      const { lease } = acted.state;
      if (name === 'LeaseAbdicated') {
        const used = memory[`${acted.id} ${fields.ballot}`] ?? 0;
        if (used < fields.end) continue;
        return `${acted.id} gave up its lease at ${at(fields.end)}, but had used ${at(used)}.`;
      }
      if (name !== 'TimestampAssigned' && name !== 'SafeTimeAdvanced') continue;
      const { timestamp } = fields;
      const used = `${acted.id} used the timestamp ${at(timestamp)}`;
      if (lease === null) return `${used}, but has no lease.`;
      memory[`${acted.id} ${lease.ballot}`] = timestamp;
      if (lease.start <= timestamp && timestamp <= lease.end) continue;
      return `${used}, but leads from ${at(lease.start)} to ${at(lease.end)}.`;
    }
    return undefined;
  },
});
