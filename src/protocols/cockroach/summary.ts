/** Summaries of a node's messages and events. */
import type { Frozen, Json, Summary } from '../../protocol/types.ts';
import { asDuration } from '../../protocol/units.ts';
import { replicaSummary } from '../raft/summary.ts';
import type { NoOp } from '../raft/state.ts';
import { kvNames, type KvRequest, type KvResponse, type Outcome } from './api.ts';
import { type Timestamp, timestampText } from '../shared/hybrid-clock.ts';
import type { CockroachNode } from './node-types.ts';
import type { Change, RangeCommand } from './data.ts';

/** A command as its log shows it: `intent x=1 of n1.3, n1.3 STAGING`. */
export function commandText(command: Frozen<RangeCommand | NoOp>): string {
  if (command.op === 'no-op') return 'no-op';
  if (command.op === 'write') return command.changes.map(changeText).join(', ');
  const { holder, sequence, expiration } = command.lease;
  return `lease ${sequence} of ${holder} until ${timestampText(expiration)}`;
}

function changeText(change: Frozen<Change>): string {
  switch (change.change) {
    case 'intent': {
      const { value, transaction } = change.intent;
      return `intent ${change.key}=${JSON.stringify(value)} of ${transaction.id}`;
    }
    case 'commit':
      return `${change.key} committed`;
    case 'remove':
      return `intent ${change.key} removed`;
    case 'push':
      return `intent ${change.key} moved up`;
    case 'record':
      return `${change.record.id} ${change.record.status}`;
    case 'split':
      return `split at ${change.at}`;
  }
}

function requestText(body: Frozen<KvRequest>): string {
  switch (body.op) {
    case 'get':
      return `${body.key} at ${timestampText(body.transaction.readTimestamp)}`;
    case 'put':
      return `${body.key}=${JSON.stringify(body.value)} for ${body.transaction.id}`;
    case 'refresh':
      return `${body.key} to ${timestampText(body.to)}`;
    case 'query-intent':
      return `the write of ${body.key} by ${body.transaction}`;
    case 'end': {
      const how = body.commit ? (body.staging ? 'stage' : 'commit') : 'abort';
      return `${how} ${body.transaction.id}`;
    }
    case 'heartbeat':
      return body.transaction.id;
    case 'push':
      return `${body.pusher.id} pushes ${body.pushee.id} (${body.how})`;
    case 'recover':
      return `${body.transaction} is ${body.committed ? 'committed' : 'not committed'}`;
    case 'resolve':
      return `${body.key} of ${body.transaction}: ${body.status}`;
    case 'dependents':
      return `what waits for ${body.transaction}`;
  }
}

function outcomeText(outcome: Frozen<Outcome>): string {
  switch (outcome.result) {
    case 'value':
      return `value ${JSON.stringify(outcome.value)}`;
    case 'written':
      return `written at ${timestampText(outcome.timestamp)}`;
    case 'found':
      return outcome.found ? 'the write is there' : 'the write is missing, and prevented';
    case 'record':
    case 'indeterminate':
      return `${outcome.record.id} ${outcome.record.status}`;
    case 'uncertain':
      return `uncertain: a value at ${timestampText(outcome.timestamp)}`;
    case 'pushed':
      return `pushed to ${timestampText(outcome.timestamp)}`;
    case 'stale':
    case 'refused':
      return `${outcome.result}: ${outcome.reason}`;
    case 'waiters':
      return outcome.dependents.join(' ') || 'none';
    case 'not leaseholder':
      return `not the leaseholder${outcome.hint === null ? '' : `: ask ${outcome.hint}`}`;
    default:
      return outcome.result;
  }
}

interface LoggedEvent {
  readonly range: string;
  readonly index: number;
  readonly term: number;
  readonly command: Frozen<RangeCommand | NoOp>;
}

function loggedText({ range, index, term, command }: LoggedEvent): string {
  return `${range}, index ${index}, term ${term}: ${commandText(command)}`;
}

type Words = (fields: never) => string;

const ofRaft = replicaSummary<RangeCommand, object>().messages as Record<string, Words>;

/** A message of Raft, behind the name of its group. */
function inRange(type: string) {
  return (message: { readonly range: string }) => {
    const words = ofRaft[type](message as never);
    return `${message.range}: ${words}`;
  };
}

type Requests = Frozen<{ request: number; body: KvRequest }>;

const asked = ({ request, body }: Requests): string => `request ${request}: ${requestText(body)}`;
const told = ({ request, outcome }: Frozen<KvResponse>): string =>
  `request ${request}: ${outcomeText(outcome)}`;

/** The same words for all requests, and for all responses. */
function ofKv(request: typeof asked, response: typeof told): Summary<CockroachNode>['messages'] {
  return Object.fromEntries(
    Object.values(kvNames).flatMap((name) => [[name, request], [`${name}Response`, response]]),
  );
}

export const summary: Summary<CockroachNode> = {
  messages: {
    RequestVote: inRange('RequestVote'),
    RequestVoteResult: inRange('RequestVoteResult'),
    PreVote: inRange('PreVote'),
    PreVoteResult: inRange('PreVoteResult'),
    AppendEntriesResult: inRange('AppendEntriesResult'),
    AppendEntries({ range, term, entries, prevLogIndex, leaderCommit }) {
      const what = entries.map(({ command }) => commandText(command)).join('; ') || 'no entries';
      return `${range}: term ${term}, ${what} after ${prevLogIndex}, commit ${leaderCommit}`;
    },
    Propose: ({ range, command }) => `${range}: ${commandText(command)}`,
    ...ofKv(asked, told),
    ClockProbe: ({ sent }) => `sent at ${asDuration(sent)}`,
    ClockReading: ({ clock }) => `the clock shows ${asDuration(clock)}`,
  },
  events: {
    EntryAppended: loggedText,
    EntryCommitted: loggedText,
    EntryApplied: (entry) => `${loggedText(entry)}: ${String(entry.response)}`,
    IntentWritten: ({ key, transaction, timestamp }) =>
      `${key} by ${transaction} at ${text(timestamp)}`,
    IntentMet: ({ key, transaction, by }) => `${by} met the intent of ${transaction} on ${key}`,
    WriteMovedUp: ({ key, transaction, from, to }) =>
      `${key} by ${transaction}: from ${text(from)} to ${text(to)}`,
    WritePrevented: ({ key, transaction, timestamp }) =>
      `${key} by ${transaction} at or below ${text(timestamp)}`,
    UncertaintyRestart: ({ key, transaction, readTimestamp, value, limit }) =>
      `${transaction} reads ${key} at ${text(readTimestamp)}: a value at ${text(value)}, ` +
      `uncertain up to ${text(limit)}`,
    TransactionStaged: ({ transaction, timestamp }) => `${transaction} at ${text(timestamp)}`,
    TransactionCommitted: ({ transaction, timestamp }) => `${transaction} at ${text(timestamp)}`,
    TransactionBegan: ({ transaction, timestamp }) => `${transaction} at ${text(timestamp)}`,
    ReadsRefreshed: ({ transaction, from, to }) =>
      `${transaction} from ${text(from)} to ${text(to)}`,
    CommitAcknowledged: ({ transaction, timestamp, implicit }) =>
      `${transaction} at ${text(timestamp)}${implicit ? ', implicitly' : ''}`,
    ValueRead: ({ key, transaction, version, own }) =>
      `${key} by ${transaction}: ${own ? 'its own write' : versionText(version as Json)}`,
  },
};

function text(timestamp: Frozen<Timestamp>): string {
  return timestampText(timestamp);
}

function versionText(version: Json): string {
  return version === null ? 'nothing' : `the version at ${timestampText(version as never)}`;
}
