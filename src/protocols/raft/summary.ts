/** Summaries of Raft's messages and events. */
import type { Frozen, Json, Summary } from '../../protocol/types.ts';
import { commandWords } from '../shared/command-words.ts';
import type {
  ClientRequest, ClientResponse, PreVote, Replica, RequestVoteResult,
} from './state.ts';

/** `3 (term 2)`: the index and the term that the receiver compares with its own log. */
function entryText(index: number, term: number): string {
  return index === 0 ? '0' : `${index} (term ${term})`;
}

/** An entry as its log shows it: `put x 1`. */
interface Logged {
  readonly command: unknown;
}

type Words = (command: unknown) => string;

function entriesText(entries: readonly Logged[], words: Words): string {
  const [first] = entries;
  if (first === undefined) return 'no entries';
  return entries.length === 1 ? words(first.command) : `${entries.length} entries`;
}

interface LoggedAt extends Logged {
  readonly index: number;
  readonly term: number;
}

function loggedText({ index, term, command }: LoggedAt, words: Words): string {
  return `index ${index}, term ${term}: ${words(command)}`;
}

/** The summaries of a server; `words` are those of the commands that its state machine has. */
export function replicaSummary<Command, State>(
  words: Words = commandWords,
): Summary<Replica<Command, State>> {
  return {
    messages: {
      RequestVote: candidateText,
      RequestVoteResult: voteText,
      PreVote: candidateText,
      PreVoteResult: voteText,
      AppendEntries: ({ term, entries, prevLogIndex, prevLogTerm, leaderCommit }) => {
        const what = entriesText(entries as readonly Logged[], words);
        const after = entryText(prevLogIndex, prevLogTerm);
        return `term ${term}, ${what} after ${after}, commit ${leaderCommit}`;
      },
      AppendEntriesResult: ({ term, success, prevLogIndex, matchIndex, conflictIndex }) =>
        success
          ? `term ${term}, success, match ${matchIndex}`
          : `term ${term}, rejected after ${prevLogIndex}, conflict ${conflictIndex}`,
      ClientResponse: clientResponseText,
    },
    events: {
      EntryAppended: (entry) => loggedText(entry, words),
      EntryCommitted: (entry) => loggedText(entry, words),
      EntryApplied: (entry) => `${loggedText(entry, words)}, response ${words(entry.response)}`,
    },
  };
}

/** A vote that is denied, entries that do not follow the log, a server that does not lead. */
export function refusesRaft(message: { readonly type: string; readonly [field: string]: unknown }) {
  const { type, voteGranted, success, status } = message;
  switch (type) {
    case 'RequestVoteResult':
    case 'PreVoteResult':
      return voteGranted === false;
    case 'AppendEntriesResult':
      return success === false;
    default:
      return type === 'ClientResponse' && status === 'NOT_LEADER';
  }
}

/** An `AppendEntries` without entries (§5.2). */
export function isRaftHeartbeat(message: {
  readonly type: string; readonly [field: string]: unknown;
}): boolean {
  const { type, entries } = message;
  return type === 'AppendEntries' && Array.isArray(entries) && entries.length === 0;
}

function candidateText({ term, lastLogIndex, lastLogTerm }: PreVote): string {
  return `term ${term}, last entry ${entryText(lastLogIndex, lastLogTerm)}`;
}

function voteText({ term, voteGranted }: RequestVoteResult): string {
  return `term ${term}, ${voteGranted ? 'granted' : 'denied'}`;
}

function clientResponseText({ serial, status, response, leaderHint }: Frozen<ClientResponse>) {
  if (status === 'OK') return `serial ${serial}: ${commandWords(response)}`;
  return `serial ${serial}, ${status}, leader ${leaderHint ?? 'unknown'}`;
}

/** The summary of a client's request: `serial 1: put x 1`. */
export function requestText({ serial, command }: Frozen<ClientRequest<Json>>): string {
  return `serial ${serial}: ${commandWords(command)}`;
}
