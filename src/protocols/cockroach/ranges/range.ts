/** What the log of a range does: writes, intents, transaction records, leases and splits. */
// A write was evaluated by the leaseholder that proposed it. What is left to do below Raft is to
// check that the lease is still the one under which it was evaluated, and to change the state.
import { frozen } from '../../../protocol/define.ts';
import type { Frozen } from '../../../protocol/types.ts';
import { resetElectionTimer } from '../../raft/raft.ts';
import type { Entry } from '../../raft/state.ts';
import { type Group, groupOf, inRaft, isLeader, newReplica, notServing } from './group.ts';
import { compare, isBefore } from '../../shared/hybrid-clock.ts';
import {
  type Change, contains, type Lease, type RangeCommand, type RangeState, type TransactionRecord,
} from '../data.ts';
import type { Serving } from '../state.ts';

/** What became of a command. */
export type Applied = 'applied' | 'another lease' | 'a later index was applied' | 'no-op';

export function apply(group: Group, { command }: Frozen<Entry<RangeCommand>>): Applied {
  const { state } = group;
  if (command.op === 'no-op') return 'no-op';
  if (command.op === 'lease') {
    if (!replaces(command.lease, command.previous, state.lease)) return 'another lease';
    state.lease = command.lease;
    return 'applied';
  }
  if (state.lease?.sequence !== command.lease) return 'another lease';
  if (command.index <= state.leaseIndex) return 'a later index was applied';
  state.leaseIndex = command.index;
  for (const change of command.changes) make(group, change);
  return 'applied';
}

/**
 * A lease request names the lease that it replaces; of two such requests the second one fails. That
 * the earlier lease had ended was checked when it was proposed.
 */
function replaces(
  lease: Frozen<Lease>,
  previous: Frozen<Lease> | null,
  current: Lease | null,
): boolean {
  if (previous === null || current === null) return previous === current;
  if (previous.sequence !== current.sequence) return false;
  if (compare(previous.expiration, current.expiration) !== 0) return false;
  return lease.sequence > current.sequence || isBefore(current.expiration, lease.expiration);
}

function make(group: Group, change: Frozen<Change>): void {
  const { state } = group;
  switch (change.change) {
    case 'intent':
      state.intents[change.key] = change.intent as RangeState['intents'][string];
      return report(group, 'IntentWritten', change.key, change.intent.transaction.id, {
        timestamp: change.intent.timestamp,
      });
    case 'commit':
      return commit(group, change);
    case 'remove':
      delete state.intents[change.key];
      if (change.aborted) state.abortSpan[change.transaction] = true;
      return report(group, 'IntentResolved', change.key, change.transaction, { status: 'ABORTED' });
    case 'push': {
      const intent = state.intents[change.key];
      if (isBefore(intent.timestamp, change.timestamp)) {
        state.intents[change.key] = frozen({ ...intent, timestamp: change.timestamp });
      }
      return report(group, 'IntentResolved', change.key, change.transaction, { status: 'PENDING' });
    }
    case 'record':
      state.records[change.record.id] = change.record as RangeState['records'][string];
      return reportRecord(group, change.record);
    case 'split':
      return split(group, change);
  }
}

/** The intent becomes a committed value, at the timestamp of the commit. */
function commit(group: Group, change: Extract<Frozen<Change>, { change: 'commit' }>): void {
  const { state } = group;
  const { key, transaction, timestamp } = change;
  const { value, writtenAt } = state.intents[key];
  delete state.intents[key];
  const versions = (state.versions[key] ??= []);
  const older = versions.findIndex((one) => isBefore(one.timestamp, timestamp));
  const at = older < 0 ? versions.length : older;
  versions.splice(at, 0, frozen({ timestamp, value, transaction, writtenAt }));
  report(group, 'IntentResolved', key, transaction, { status: 'COMMITTED' });
}

/** Only the leaseholder reports what happened: on the other nodes it is the same. */
function report(
  group: Group,
  name: 'IntentWritten' | 'IntentResolved',
  key: string,
  transaction: string,
  fields: object,
): void {
  if (!serves(group)) return;
  group.event(name as 'EntryApplied', { key, transaction, ...fields } as never);
}

function reportRecord(group: Group, record: Frozen<TransactionRecord>): void {
  if (!serves(group)) return;
  const { store } = group;
  const { id: transaction, status, timestamp } = record;
  if (status === 'STAGING') store.event('TransactionStaged', { transaction, timestamp });
  if (status === 'COMMITTED') store.event('TransactionCommitted', { transaction, timestamp });
  if (status === 'ABORTED') store.event('TransactionAborted', { transaction });
}

/** Whether this process is the leaseholder, by what it has applied. */
export function serves({ state }: Group): boolean {
  return state.usable !== 0 && state.lease?.sequence === state.usable;
}

// Splits: one command divides the state, on each node when it applies it

function split(group: Group, { at, right }: Extract<Frozen<Change>, { change: 'split' }>): void {
  const { store, state, range } = group;
  const { descriptor } = state;
  const left = takeRight(state, { range: right, start: at, end: descriptor.end });
  state.descriptor = { range, start: descriptor.start, end: at };
  state.splits++;
  if (serves(group)) store.event('RangeSplit', { range, right, at });
  const replica = newReplica(left, store.options);
  if (serves(group)) Object.assign(replica, servingRight(state, replica));
  store.state.replicas[right] = replica;
  // The leader of the left range stands at once, so that the right one is not without a leader.
  if (isLeader(group)) store.setTimer('election', 1, right);
  else resetElectionTimer(inRaft(groupOf(store, right)));
  if (serves(group)) store.setTimer('lease', store.options.leaseRenewal, right);
}

/** Removes from a range what belongs to the right of the split, and returns it. */
function takeRight(state: RangeState, descriptor: RangeState['descriptor']): RangeState {
  const isRight = (key: string) => contains(descriptor, key);
  const { lease, abortSpan } = state;
  return {
    descriptor, lease, leaseIndex: 0, splits: 0, abortSpan: { ...abortSpan },
    versions: taken(state.versions, isRight),
    intents: taken(state.intents, isRight),
    records: taken(state.records, (_id, { anchor }) => isRight(anchor)),
  };
}

function taken<Item>(
  from: Record<string, Item>,
  isTaken: (key: string, item: Item) => boolean,
): Record<string, Item> {
  const right: Record<string, Item> = {};
  for (const [key, item] of Object.entries(from)) {
    if (!isTaken(key, item)) continue;
    right[key] = item;
    delete from[key];
  }
  return right;
}

/** The leaseholder of the left range is that of the right one, and remembers what was read. */
function servingRight(state: Serving, { descriptor }: RangeState): Serving {
  const { usable, reads, lowWater } = state;
  const right = Object.entries(reads).filter(([key]) => contains(descriptor, key));
  return { ...notServing(), usable, lowWater, reads: Object.fromEntries(right) };
}
