/** CockroachDB: serializable transactions over ranges, each replicated by its own Raft group. */
// The files follow the paper: `shared/hybrid-clock` (§4.1); in `ranges`, `group`, `range` and
// `lease` (§2.2), `evaluate` and `serve` (§3.2, §3.3); in `transactions`, `coordinator` (§3.1,
// §3.4), `records` (§3.1 to §3.3) and `recovery` (§3.1); `clock-check` (§4.3). Not modelled: the
// meta ranges, more nodes than a range has replicas, lease transfers, reads of followers and of
// several keys at once, and the removal of old values.
import { defineProtocol } from '../../protocol/define.ts';
import { replicaEvents } from '../raft/state.ts';
import { invariants } from './invariants/invariants.ts';
import { cockroachNode } from './node.ts';
import type { CoordinatorEvents, StoreEvents } from './node-types.ts';
import { transactions } from './transaction-effects.ts';
import { isRaftHeartbeat, refusesRaft } from '../raft/summary.ts';

const { ClientRedirected: _none, ...raftEvents } = replicaEvents;

const storeEvents: Record<keyof StoreEvents, string> = {
  LeaseAcquired: 'A replica took the lease of its range: it serves reads and proposes writes.',
  LeaseExtended: 'The leaseholder extended its lease.',
  IntentWritten: 'A provisional value was applied: it counts once its transaction has committed.',
  IntentMet: 'A request met the intent of another transaction, which is pushed.',
  IntentResolved: 'An intent was resolved: committed, removed, or moved to a later timestamp.',
  WriteMovedUp: 'A write goes above a read or a write that was there before it (§3.3).',
  WritePrevented: 'A write was not there, and cannot land any more at or below the timestamp.',
  UncertaintyRestart: 'A read met a value that may have been written before it began (§4.2).',
  TransactionWaits: 'A transaction waits for another one whose intent it met.',
  TransactionPushed: 'A push succeeded: the other transaction is aborted, or must commit later.',
  DeadlockFound: 'Transactions wait for each other in a cycle, and one of them is aborted.',
  TransactionStaged: 'The record is staging: the transaction commits once its writes are there.',
  TransactionCommitted: 'The record says that the transaction is committed.',
  TransactionAborted: 'The record says that the transaction is aborted.',
  RangeSplit: 'A range was divided in two by the commit trigger of a transaction.',
};

const coordinatorEvents: Record<keyof CoordinatorEvents, string> = {
  TransactionBegan: 'A transaction began: the clock of its coordinator gave it a timestamp.',
  ValueRead: 'A transaction received the value of a key, and the timestamp of the version.',
  ReadsRefreshed: 'The reads of a transaction would be the same at a later timestamp (§3.4).',
  RefreshFailed: 'A value that a transaction has read has changed: it must be restarted.',
  TransactionRestarted: 'A transaction had no effect: it is tried again, or its client must do so.',
  CommitAcknowledged: 'The client has its answer: implicitly committed, or by its record.',
  RecoveryBegan: 'A staging transaction is silent: its writes are looked for.',
  TransactionRecovered: 'The recovery of a staging transaction has ended, by what its record says.',
  ClockRefused: 'A request came with a timestamp too far ahead of the clock of this node.',
  NodeEnded: 'A node ended itself, because its clock cannot be relied on.',
};

export const cockroach = defineProtocol({
  name: 'cockroach',
  aliases: ['cockroachdb'],
  doc: 'Serializable transactions across ranges: Raft groups, leases, intents, parallel commits.',
  source: 'Taft et al.: CockroachDB, the Resilient Geo-Distributed SQL Database, SIGMOD 2020',
  noSpecification: 'its operations make up transactions, so expect `history is serializable`',
  events: { ...raftEvents, ...storeEvents, ...coordinatorEvents },
  roles: { node: cockroachNode },
  defaultRole: 'node',
  transactions,
  invariants,
  isHeartbeat: isRaftHeartbeat,
  refuses: (message) =>
    refusesRaft(message) ||
    ['refused', 'aborted', 'stale'].includes(message.outcome?.result),
  units: {
    wall: 'microseconds', sent: 'microseconds', clock: 'none', offset: 'microseconds',
    uncertainty: 'microseconds', measuredAt: 'microseconds',
    physical: 'microseconds', probedAt: 'microseconds',
    ahead: 'microseconds', until: 'microseconds',
  },
});
