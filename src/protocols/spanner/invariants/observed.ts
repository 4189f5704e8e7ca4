/** What the invariants of Spanner share: the roles that they observe, and how they name things. */
import type { Frozen, Observed, ObservedIn } from '../../../protocol/types.ts';
import { asDuration } from '../../../protocol/units.ts';
import type { Client } from '../client/client-state.ts';
import { groupOf } from '../placement.ts';
import { type LogRecord, type Timestamp, timestampOf } from '../records.ts';
import type { Replica, ReplicaState } from '../state.ts';
import type { TimeMaster } from '../time-master.ts';

export interface Roles {
  replica: Replica;
  client: Client;
  timeMaster: TimeMaster;
}

export type ObservedReplica = Observed<ReplicaState, 'replica'>;

export function isReplica(node: ObservedIn<Roles> | undefined): node is ObservedReplica {
  return node?.role === 'replica';
}

/** The replicas of the same group, itself included. */
export function groupMembers(
  nodes: readonly ObservedIn<Roles>[],
  replica: ObservedReplica,
): ObservedReplica[] {
  const group = groupOf(replica.id);
  return nodes.filter(isReplica).filter(({ id }) => groupOf(id) === group);
}

export const at = (timestamp: Timestamp): string => asDuration(timestamp);

export function describe(record: Frozen<LogRecord> | undefined): string {
  if (record === undefined) return 'nothing';
  const { kind, transaction } = record;
  if (kind === 'no-op') return 'no-op';
  const timestamp = timestampOf(record);
  return `${kind} of ${transaction}${timestamp === 0 ? '' : ` at ${at(timestamp)}`}`;
}

export function sameRecord(
  one: Frozen<LogRecord> | undefined,
  other: Frozen<LogRecord> | undefined,
): boolean {
  return one === other || describe(one) === describe(other);
}
