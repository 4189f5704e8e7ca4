/** The events of Spanner's replicas, each with the sentence that says what happened. */
import type { NodeId } from '../../protocol/types.ts';
import type { ReadTimestamps, ReadValues, Timestamp, TransactionId, WritesOf } from './records.ts';
import { type ClockEvents, clockEvents } from './true-time.ts';

export interface ReplicaEvents extends ClockEvents {
  ElectionStarted: { ballot: number };
  VoteGranted: { ballot: number; leader: NodeId; end: Timestamp };
  VoteRefused: { ballot: number; leader: NodeId; reason: string };
  LeaseStarted: { ballot: number; start: Timestamp; end: Timestamp };
  LeaseExtended: { ballot: number; end: Timestamp };
  LeaseExpired: { ballot: number; end: Timestamp };
  LeaseAbdicated: { ballot: number; end: Timestamp };
  LeaderReady: { ballot: number; prepared: TransactionId[] };
  LeaderSteppedDown: { ballot: number; reason: string };
  RecordAccepted: { slot: number; ballot: number; kind: string; transaction: TransactionId };
  RecordChosen: { slot: number; ballot: number; kind: string; transaction: TransactionId };
  RecordApplied: { slot: number; kind: string; transaction: TransactionId };
  TimestampAssigned: {
    transaction: TransactionId; kind: string; timestamp: Timestamp;
    earliest: Timestamp; latest: Timestamp;
  };
  LockGranted: { transaction: TransactionId; keys: string[]; mode: string };
  LockWaited: { transaction: TransactionId; key: string; for: TransactionId };
  Wounded: { transaction: TransactionId; by: TransactionId; key: string };
  LocksReleased: { transaction: TransactionId; reason: string };
  Prepared: {
    transaction: TransactionId; timestamp: Timestamp; writes: WritesOf; reads: ReadTimestamps;
  };
  PrepareRefused: { transaction: TransactionId; reason: string };
  CommitWaitStarted: { transaction: TransactionId; timestamp: Timestamp; remaining: number };
  CommitWaitEnded: { transaction: TransactionId; timestamp: Timestamp };
  Committed: {
    transaction: TransactionId; timestamp: Timestamp; groups: string[];
    writes: WritesOf; reads: ReadTimestamps;
  };
  Aborted: { transaction: TransactionId; reason: string };
  OutcomeLearned: { transaction: TransactionId; timestamp: Timestamp | null };
  SafeTimeAdvanced: { timestamp: Timestamp };
  ReadWaited: { timestamp: Timestamp; safeTime: Timestamp; reason: string };
  SnapshotRead: { timestamp: Timestamp; values: ReadValues };
}

export const replicaEvents: Record<keyof ReplicaEvents, string> = {
  ...clockEvents,
  ElectionStarted: 'A replica asks the others of its group for timed votes (§2.1).',
  VoteGranted: 'A replica voted for a leader, and helps no other one until the end (§2.1).',
  VoteRefused: 'A replica refused a vote, for the given reason: its last vote may not have ended.',
  LeaseStarted: 'A leader has a quorum of votes: its lease starts (§4.1, appendix A).',
  LeaseExtended: 'A quorum extended its votes, so that the lease ends later (§2.1).',
  LeaseExpired: 'A leader has no quorum of votes any more: it stops leading when its lease ends.',
  LeaseAbdicated: 'A leader gave up its lease after its last timestamp was past (§4.1).',
  LeaderReady: 'A new leader has applied what earlier ones logged, and has their locks (§4.2.1).',
  LeaderSteppedDown: 'A leader or a candidate follows again, for the given reason.',
  RecordAccepted: 'A replica accepted the record of a slot: the second phase of Paxos (§2.1).',
  RecordChosen: 'The leader knows that a quorum accepted a record: it will not be lost (§2.1).',
  RecordApplied: 'A replica executed the record of a slot, in the order of the slots (§2.1).',
  TimestampAssigned: 'A leader gave a record its timestamp, above those before (§4.1.2).',
  LockGranted: 'A transaction holds the locks that it asked for (§4.2.1).',
  LockWaited: 'A transaction waits for a lock of an older one, or of a prepared one (§4.2.1).',
  Wounded: 'An older transaction took a lock of a younger one, which must be aborted (§4.2.1).',
  LocksReleased: 'A transaction has no locks at this leader any more, for the given reason.',
  Prepared: 'A participant can commit a transaction, and cannot abort it by itself (§4.2.1).',
  PrepareRefused: 'A participant cannot prepare a transaction: its coordinator must abort it.',
  CommitWaitStarted: 'The commit is in the log, but invisible until its timestamp is past.',
  CommitWaitEnded: 'TT.after(s) is true: the timestamp is past on all clocks (§4.1.2).',
  Committed: 'A transaction committed: its client is answered, its writes are visible (§4.2.1).',
  Aborted: 'A transaction was aborted, and has no effect.',
  OutcomeLearned: 'A participant applied the outcome of a prepared transaction (§4.2.1).',
  SafeTimeAdvanced: 'The leader promised that no later timestamp is below this one (§4.2.4).',
  ReadWaited: 'A read waits until the safe time of the replica reaches its timestamp (§4.1.3).',
  SnapshotRead: 'A replica read the versions at a timestamp, without locks (§4.1.4).',
};
