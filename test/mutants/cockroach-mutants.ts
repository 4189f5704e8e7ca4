/** The mutants of CockroachDB: each changes one line of a file in src/protocols/cockroach. */
import type { BundledMutant } from './bundled.ts';

/** It is caught by a random schedule, or by the steps of a scenario that leads to its violation. */
export interface CockroachMutant extends Omit<BundledMutant, 'protocol'> {
  seed?: number;
  steps?: readonly string[];
}

export const cockroachMutants: Record<string, CockroachMutant> = {
  'cockroach-no-timestamp-cache': {
    doc: 'A write may go below a read of the same key that another transaction has made (§3.3).',
    file: 'ranges/evaluate.ts',
    line: 'return latest(above, mark.transaction === id ? mark.timestamp : next(mark.timestamp));',
    broken: 'return above;',
    seed: 9,
    violates: 'serializable in timestamp order',
  },
  'cockroach-no-uncertainty': {
    doc: 'A value above the timestamp of a read is passed over, however close it is (§4.2).',
    file: 'ranges/evaluate.ts',
    line: 'return !isBefore(limit, timestamp) && !isBefore(local, writtenAt);',
    broken: 'return false;',
    seed: 64,
    violates: 'no stale read',
  },
  'cockroach-recovery-overrules': {
    doc: 'The end of a recovery overwrites what the record says meanwhile (§3.1).',
    file: 'transactions/records.ts',
    line: "const same = record.status === 'STAGING' && !isBefore(request.timestamp, record.timestamp);",
    broken: 'const same = true;',
    steps: [
      'fire n1 election[r1]', 'fire n2 election[r2]', 'wait 100ms',
      'start n3 transfer a x 1', 'wait until TransactionStaged at n1', 'cut n3 -> n1',
      'wait until CommitAcknowledged at n3', 'crash n3', 'heal',
      // Both readers recover the transaction; one of them finds its writes resolved already.
      'start n1 get a', 'start n2 get x', 'wait until RecoveryBegan at n2',
      'delay n2->n1 QueryIntent by 500ms', 'wait 2s',
    ],
    violates: 'one end of a transaction',
  },
  'cockroach-pushed-is-committed': {
    doc: 'The intent of a transaction that was only pushed becomes visible.',
    file: 'ranges/decision.ts',
    line: "if (status === 'PENDING') return { change: 'push', key, transaction, timestamp };",
    broken: "if (status === 'PENDING') return { change: 'commit', key, transaction, timestamp };",
    seed: 106,
    violates: 'visible when committed',
  },
  'cockroach-recovery-aborts': {
    doc: 'A recovery that has found all writes aborts the transaction nevertheless (§3.1).',
    file: 'transactions/recovery.ts',
    line: 'else if (recovery.calls.length === 0) decide(store, recovery, true);',
    broken: 'else if (recovery.calls.length === 0) decide(store, recovery, false);',
    seed: 3,
    violates: 'an implicit commit stays',
  },
  'cockroach-confirms-early': {
    doc: 'A commit is confirmed once the record is staging, without looking for the writes (§3.1).',
    file: 'transactions/coordinator.ts',
    line: 'if (!staging) return;',
    broken: 'return;',
    steps: [
      'fire n1 election[r1]', 'fire n2 election[r2]', 'wait 100ms',
      'n3 begin T', 'n3 write T a 1', 'start n3 write T x 1',
      'wait until EntryAppended at n2 where event.range == "r2" && event.index == 3',
      // The leaseholder of x has answered, and cannot apply the write yet.
      'cut n1 n3 -> n2', 'wait until n3 answered', 'start n3 commit T', 'wait 100ms',
    ],
    violates: 'confirmed means committed',
  },
  'cockroach-prevents-nothing': {
    doc: 'A recovery finds a write missing, and does not prevent it from landing later (§3.1).',
    file: 'ranges/evaluate.ts',
    line: 'markRead(group, key, timestamp, null);',
    broken: '',
    steps: [
      'fire n1 election[r1]', 'fire n2 election[r2]', 'wait 100ms',
      'start n3 transfer a x 1',
      'wait until ValueRead at n3 where event.key == "x"',
      'network delay=9s on n3 -> n2',
      'wait until TransactionStaged at n1', 'crash n3', 'n1 get a', 'wait 10s',
    ],
    violates: 'a prevented write stays away',
  },
  'cockroach-uses-all-of-its-lease': {
    doc: 'A leaseholder serves up to the end of its lease by its own clock, which may be slow (§4.2).',
    file: 'ranges/lease.ts',
    line: 'const end = plus(state.lease.expiration, -store.options.maxOffset);',
    broken: 'const end = state.lease.expiration;',
    steps: [
      'fire n1 election[r1]', 'fire n2 election[r2]', 'wait 100ms',
      'clock n2 offset -400ms', 'partition n2 | n1 n3',
      'n3 get x', 'start n2 get x', 'wait 100ms',
    ],
    violates: 'one leaseholder',
  },
  'cockroach-impatient-lease': {
    doc: 'A leader takes the lease of its range without waiting for the end of the one before it.',
    file: 'ranges/lease.ts',
    line: 'if (isRunning(group)) return waitUntil(group, state.lease!.expiration.wall + 1);',
    broken: '',
    seed: 1,
    violates: 'leases in order',
  },
  'cockroach-decides-by-memory': {
    doc: 'A replica applies a write only if it serves the range itself.',
    file: 'ranges/range.ts',
    line: "if (state.lease?.sequence !== command.lease) return 'another lease';",
    broken: "if (!serves(group)) return 'another lease';",
    seed: 1,
    violates: 'same log, same state',
  },
  'cockroach-split-keeps-its-end': {
    doc: 'The left part of a split keeps the keys that the right part received.',
    file: 'ranges/range.ts',
    line: 'state.descriptor = { range, start: descriptor.start, end: at };',
    broken: 'state.descriptor = { range, start: descriptor.start, end: descriptor.end };',
    seed: 71,
    violates: 'ranges cover all keys once',
  },
  'cockroach-follows-its-wall-clock': {
    doc: 'The hybrid logical clock goes back with the wall clock (§4.1).',
    file: 'shared/hybrid-clock.ts',
    line: 'return { wall: last.wall, logical: last.logical + 1 };',
    broken: 'return { wall: physical, logical: last.logical + 1 };',
    seed: 1,
    violates: 'the clock never goes back',
  },
  'cockroach-clock-of-the-lease': {
    doc: 'A new leaseholder moves its clock to the end of its lease instead of the start.',
    file: 'ranges/lease.ts',
    line: 'store.state.clock = receive(store.state.clock, start);',
    broken: 'store.state.clock = receive(store.state.clock, state.lease!.expiration);',
    // No node reads its clock before the first election.
    steps: ['wait 20s'],
    violates: 'the clock stays within the maximum offset',
  },
  'cockroach-ended-but-alive': {
    doc: 'A node that has ended itself still takes part in its Raft groups (§4.3).',
    file: 'node.ts',
    line: 'if (runs(node)) receiveInGroup(node, message, from);',
    broken: 'receiveInGroup(node, message, from);',
    seed: 41,
    violates: 'an ended node is silent',
  },
  'cockroach-forgets-its-vote': {
    doc: 'A node that restarts has forgotten which candidate it voted for, in each range.',
    file: 'ranges/group.ts',
    line: 'Object.assign(replica, volatile(options), { commitIndex: replica.lastApplied });',
    broken: 'Object.assign(replica, volatile(options), { votedFor: null });',
    seed: 1,
    violates: 'At Most One Vote a Term',
  },
};
