/** The mutants of CockroachDB: each changes one line of a file in src/protocols/cockroach. */
import type { BundledMutant } from './bundled.ts';

type CockroachMutant = Omit<BundledMutant, 'protocol'>;

export const cockroachMutants: Record<string, CockroachMutant> = {
  'cockroach-no-timestamp-cache': {
    doc: 'A write may go below a read of the same key that another transaction has made (§3.3).',
    file: 'ranges/evaluate.ts',
    line: 'return latest(above, mark.transaction === id ? mark.timestamp : next(mark.timestamp));',
    broken: 'return above;',
    violates: 'serializable in timestamp order',
  },
  'cockroach-no-uncertainty': {
    doc: 'A value above the timestamp of a read is passed over, however close it is (§4.2).',
    file: 'ranges/evaluate.ts',
    line: 'return !isBefore(limit, timestamp) && !isBefore(local, writtenAt);',
    broken: 'return false;',
    violates: 'no stale read',
  },
  'cockroach-recovery-overrules': {
    doc: 'The end of a recovery overwrites what the record says meanwhile (§3.1).',
    file: 'transactions/records.ts',
    line: "const same = record.status === 'STAGING' && !isBefore(request.timestamp, record.timestamp);",
    broken: 'const same = true;',
    violates: 'one end of a transaction',
  },
  'cockroach-pushed-is-committed': {
    doc: 'The intent of a transaction that was only pushed becomes visible.',
    file: 'ranges/decision.ts',
    line: "if (status === 'PENDING') return { change: 'push', key, transaction, timestamp };",
    broken: "if (status === 'PENDING') return { change: 'commit', key, transaction, timestamp };",
    violates: 'visible when committed',
  },
  'cockroach-recovery-aborts': {
    doc: 'A recovery that has found all writes aborts the transaction nevertheless (§3.1).',
    file: 'transactions/recovery.ts',
    line: 'else if (recovery.calls.length === 0) decide(store, recovery, true);',
    broken: 'else if (recovery.calls.length === 0) decide(store, recovery, false);',
    violates: 'an implicit commit stays',
  },
  'cockroach-confirms-early': {
    doc: 'A commit is confirmed once the record is staging, without looking for the writes (§3.1).',
    file: 'transactions/coordinator.ts',
    line: 'if (!staging) return;',
    broken: 'return;',
    violates: 'confirmed means committed',
  },
  'cockroach-prevents-nothing': {
    doc: 'A recovery finds a write missing, and does not prevent it from landing later (§3.1).',
    file: 'ranges/evaluate.ts',
    line: 'markRead(group, key, timestamp, null);',
    broken: '',
    violates: 'a prevented write stays away',
  },
  'cockroach-uses-all-of-its-lease': {
    doc: 'A leaseholder serves up to the end of its lease by its own clock, which may be slow (§4.2).',
    file: 'ranges/lease.ts',
    line: 'const end = plus(state.lease.expiration, -store.options.maxOffset);',
    broken: 'const end = state.lease.expiration;',
    violates: 'one leaseholder',
  },
  'cockroach-impatient-lease': {
    doc: 'A leader takes the lease of its range without waiting for the end of the one before it.',
    file: 'ranges/lease.ts',
    line: 'if (isRunning(group)) return waitUntil(group, state.lease!.expiration.wall + 1);',
    broken: '',
    violates: 'leases in order',
  },
  'cockroach-decides-by-memory': {
    doc: 'A replica applies a write only if it serves the range itself.',
    file: 'ranges/range.ts',
    line: "if (state.lease?.sequence !== command.lease) return 'another lease';",
    broken: "if (!serves(group)) return 'another lease';",
    violates: 'same log, same state',
  },
  'cockroach-split-keeps-its-end': {
    doc: 'The left part of a split keeps the keys that the right part received.',
    file: 'ranges/range.ts',
    line: 'state.descriptor = { range, start: descriptor.start, end: at };',
    broken: 'state.descriptor = { range, start: descriptor.start, end: descriptor.end };',
    violates: 'ranges cover all keys once',
  },
  'cockroach-follows-its-wall-clock': {
    doc: 'The hybrid logical clock goes back with the wall clock (§4.1).',
    file: 'hlc.ts',
    line: 'return { wall: last.wall, logical: last.logical + 1 };',
    broken: 'return { wall: physical, logical: last.logical + 1 };',
    violates: 'the clock never goes back',
  },
  'cockroach-clock-of-the-lease': {
    doc: 'A new leaseholder moves its clock to the end of its lease instead of the start.',
    file: 'ranges/lease.ts',
    line: 'store.state.clock = receive(store.state.clock, start);',
    broken: 'store.state.clock = receive(store.state.clock, state.lease!.expiration);',
    violates: 'the clock stays within the maximum offset',
  },
  'cockroach-ended-but-alive': {
    doc: 'A node that has ended itself still takes part in its Raft groups (§4.3).',
    file: 'node.ts',
    line: 'if (runs(node)) receiveInGroup(node, message, from);',
    broken: 'receiveInGroup(node, message, from);',
    violates: 'an ended node is silent',
  },
  'cockroach-one-group-for-all': {
    doc: 'The messages of all ranges reach the Raft group of the first one.',
    file: 'ranges/replica.ts',
    line: 'const group = groupOf(store, message.range);',
    broken: "const group = groupOf(store, 'r1');",
    violates: 'matchIndex Holds',
  },
  'cockroach-forgets-its-vote': {
    doc: 'A node that restarts has forgotten which candidate it voted for, in each range.',
    file: 'ranges/group.ts',
    line: 'Object.assign(replica, volatile(options), { commitIndex: replica.lastApplied });',
    broken: 'Object.assign(replica, volatile(options), { votedFor: null });',
    violates: 'At Most One Vote a Term',
  },
};
