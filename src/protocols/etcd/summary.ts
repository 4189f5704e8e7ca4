/** Summaries of the messages and events of members and their clients. */
import type { Frozen, Json, Summary } from '../../protocol/types.ts';
import { replicaSummary } from '../raft/summary.ts';
import { commandWords } from '../shared/command-words.ts';
import type { Answer, ClientReceives, ClientSends, EtcdRequest } from './api.ts';
import type { EtcdReplica } from './state.ts';

/** The fields of a request that say what it is about: a flag that is not set is left out. */
export function requestWords(request: Frozen<EtcdRequest>): string {
  return commandWords(kept(request as Json));
}

function kept(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(kept);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== false && field !== '');
  return Object.fromEntries(fields.map(([name, field]) => [name, kept(field as Json)]));
}

function answerWords(answer: Frozen<Answer>): string {
  if ('error' in answer) return answer.error;
  return Object.entries(answer).map(([name, value]) => fieldWords(name, value as Json))
    .filter((words) => words !== '').join(', ');
}

function fieldWords(name: string, value: Json): string {
  if (!Array.isArray(value)) return `${name} ${String(value)}`;
  const keys = (value.flat() as { key?: string }[]).map((found) => found.key ?? String(found));
  return keys.length === 0 ? '' : `found ${keys.join(' and ')}`;
}

export const requestSummary: NonNullable<Summary<{ sends: ClientSends } & AnyTypes>['messages']> = {
  Request: ({ request, command }) => `request ${request}: ${requestWords(command)}`,
  Cancel: ({ request }) => `request ${request}`,
  WatchCreate: ({ watch, key, prefix, fromRevision }) => {
    const from = fromRevision > 0 ? ` from revision ${fromRevision}` : '';
    return `watch ${watch}: ${prefix ? 'all of ' : ''}${key}${from}`;
  },
  WatchCancel: ({ watch }) => `watch ${watch}`,
};

interface AnyTypes {
  state: object;
  receives: object;
  timers: object;
  events: object;
  options: object;
}

const answerSummary: NonNullable<Summary<{ sends: ClientReceives } & AnyTypes>['messages']> = {
  Response: ({ request, answer }) => `request ${request}: ${answerWords(answer)}`,
  WatchEvents({ watch, events, compacted }) {
    if (compacted > 0) return `watch ${watch}: compacted at revision ${compacted}`;
    const changes = events.map(({ type, key, modRevision }) => `${type} ${key} (${modRevision})`);
    return `watch ${watch}: ${changes.join(', ')}`;
  },
};

const ofRaft = replicaSummary<unknown, unknown>();

export const summary: Summary<EtcdReplica> = {
  events: ofRaft.events as Summary<EtcdReplica>['events'],
  messages: {
    ...(ofRaft.messages as Summary<EtcdReplica>['messages']),
    ...requestSummary,
    ...answerSummary,
    Propose: ({ serial, command }) => `proposal ${serial}: ${requestWords(command)}`,
    ReadIndex: ({ read }) => `read ${read}`,
    ReadIndexResult: ({ read, index }) => `read ${read} at index ${index}`,
    ConfirmLeader: ({ term, member, read }) => `term ${term}, for read ${read} of ${member}`,
    LeaderConfirmed: ({ term, member, read }) => `term ${term}, for read ${read} of ${member}`,
    AskLessor: ({ question }) => commandWords(question),
    LessorAnswer: ({ answer }) => (answer === null ? 'not the primary' : answerWords(answer)),
    TimeoutNow: ({ term }) => `term ${term}`,
  },
};
