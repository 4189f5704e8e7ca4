/** Summaries of Spanner's messages and events: timestamps in seconds, records in a few words. */
import type { Frozen, Summary } from '../../protocol/types.ts';
import { asDuration } from '../../protocol/units.ts';
import type { Client } from './client/client-state.ts';
import type { Accept, Outcome } from './messages.ts';
import type { LogRecord, ReadValues, Timestamp, WritesOf } from './records.ts';
import type { Replica } from './state.ts';

function at(timestamp: Timestamp | null): string {
  return timestamp === null ? 'none' : asDuration(timestamp);
}

function writesText(writes: Frozen<WritesOf>): string {
  const all = Object.entries(writes).map(([key, value]) => `${key}=${String(value)}`);
  return all.join(' ') || 'no writes';
}

function valuesText(values: Frozen<ReadValues>): string {
  const all = Object.entries(values).map(
    ([key, { value, timestamp }]) => `${key}=${String(value)} (${at(timestamp)})`,
  );
  return all.join(', ');
}

function recordText(record: Frozen<LogRecord>): string {
  const { kind, transaction } = record;
  if (kind === 'no-op') return 'no-op';
  if (kind === 'abort') return `abort ${transaction}`;
  return `${kind} ${transaction} at ${at(record.timestamp)}`;
}

function acceptText({ ballot, first, records, applied, minNext }: Frozen<Accept>): string {
  const what = records.map(recordText).join(', ') || 'no records';
  const from = records.length === 0 ? '' : `slot ${first}: `;
  const next = minNext === null ? '' : `, next above ${at(minNext.timestamp - 1)}`;
  return `ballot ${ballot}, ${from}${what}, applied ${applied}${next}`;
}

const outcomeText = ({ transaction, timestamp }: Frozen<Outcome>) =>
  timestamp === null ? `${transaction} aborted` : `${transaction} committed at ${at(timestamp)}`;

export const replicaSummary: Summary<Replica> = {
  messages: {
    RequestVote: ({ ballot, applied }) => `ballot ${ballot}, applied ${applied}`,
    VoteReply: ({ ballot, accepted }) => `ballot ${ballot}, voted, ${accepted.length} accepted`,
    Refused: ({ ballot, reason }) => `ballot ${ballot} refused: ${reason}`,
    Accept: acceptText,
    AcceptReply: ({ ballot, upTo, extends: extended }) =>
      `ballot ${ballot}, up to slot ${upTo}${extended ? ', vote extended' : ''}`,
    AdvanceSafeTime: ({ timestamp }) => `to ${at(timestamp)}`,
    ReadResult: ({ transaction, values }) => `${transaction}: ${valuesText(values)}`,
    CommitResult: outcomeText,
    SnapshotResult: ({ timestamp, values }) => `at ${at(timestamp)}: ${valuesText(values)}`,
    PrepareReply: ({ transaction, group, timestamp }) =>
      `${group} prepared ${transaction} at ${at(timestamp)}`,
    PrepareRefused: ({ transaction, group, reason }) =>
      `${group} cannot prepare ${transaction}: ${reason}`,
    Outcome: outcomeText,
    NotLeader: ({ group, leaderHint }) => `of ${group}; leader ${leaderHint ?? 'unknown'}`,
  },
  events: {
    LeaseStarted: ({ ballot, start, end }) => `ballot ${ballot}, from ${at(start)} to ${at(end)}`,
    LeaseExtended: ({ ballot, end }) => `ballot ${ballot}, to ${at(end)}`,
    TimestampAssigned: ({ transaction, kind, timestamp, earliest, latest }) =>
      `${kind} ${transaction}: ${at(timestamp)}, now in [${at(earliest)}, ${at(latest)}]`,
    CommitWaitStarted: ({ transaction, timestamp, remaining }) =>
      `${transaction} at ${at(timestamp)}, about ${asDuration(remaining)} to wait`,
    CommitWaitEnded: ({ transaction, timestamp }) => `${transaction}: ${at(timestamp)} is past`,
    Committed: ({ transaction, timestamp, writes }) =>
      `${transaction} at ${at(timestamp)}: ${writesText(writes)}`,
    OutcomeLearned: outcomeText,
    Prepared: ({ transaction, timestamp }) => `${transaction} at ${at(timestamp)}`,
    SafeTimeAdvanced: ({ timestamp }) => `to ${at(timestamp)}`,
    ReadWaited: ({ timestamp, safeTime, reason }) =>
      `for ${at(timestamp)}, safe up to ${at(safeTime)}: ${reason}`,
    SnapshotRead: ({ timestamp, values }) => `at ${at(timestamp)}: ${valuesText(values)}`,
  },
};

export const clientSummary: Summary<Client> = {
  messages: {
    Read: ({ transaction, keys }) => `${transaction}: ${keys.join(' ')}`,
    Commit: ({ transaction, groups, writes }) =>
      `${transaction} in ${groups.join(' ')}: ${writesText(writes)}`,
    SnapshotRead: ({ keys, timestamp }) =>
      `${keys.join(' ')} ${timestamp === null ? 'now' : `at ${at(timestamp)}`}`,
  },
};
