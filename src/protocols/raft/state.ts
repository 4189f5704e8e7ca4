/** Figure 2 of the Raft paper as types: a server's state, its RPCs; its settings and events. */
import type { Json, Micros, Node, NodeId, Range, Role } from '../../protocol/types.ts';
import { between, milliseconds } from '../../protocol/units.ts';
import type {
  ClientEvents, ClientRequest, ClientResponse, Command, KeyValueStore,
} from './client.ts';

/** An entry of the log: a command for the state machine, and the term in which it was taken. */
export interface Entry {
  readonly term: number;
  readonly command: Command;
  /** Whose command it is and its serial number there (§8); null and 0 for a leader's no-op. */
  readonly clientId: NodeId | null;
  readonly serial: number;
  /** The client has an answer to every serial number below this one. */
  readonly oldestPending: number;
}

/**
 * Figure 2, State, and the state machine, which is rebuilt from the log after a crash. The log's
 * first entry is `log[0]`, its index is 1, as in the paper.
 */
export interface ReplicaState extends KeyValueStore {
  // Persistent state on all servers: on disk before the server answers an RPC.
  currentTerm: number;
  votedFor: NodeId | null;
  log: Entry[];
  // Volatile state on all servers.
  commitIndex: number;
  lastApplied: number;
  standing: 'follower' | 'candidate' | 'leader';
  /** The leader of currentTerm, as far as this server knows: where it redirects clients to. */
  leaderId: NodeId | null;
  // Volatile state on candidates: who voted for this server in currentTerm.
  votesGranted: NodeId[];
  // Volatile state on leaders: for each other server.
  nextIndex: Record<NodeId, number>;
  matchIndex: Record<NodeId, number>;
}

/** What the commands of the log change: alike on all servers, because they execute the same log. */
export interface StateMachine {
  /** One sentence: what a server over it is for. */
  readonly doc: string;
  /** Its fields, beside those of Figure 2. */
  init(): KeyValueStore;
  /** Executes a committed command; what it answers goes to the client that asked. */
  apply(node: Node<Replica>, entry: Entry): Json;
}

export interface RequestVote {
  term: number;
  candidateId: NodeId;
  lastLogIndex: number;
  lastLogTerm: number;
}

export interface RequestVoteResult {
  term: number;
  voteGranted: boolean;
}

export interface AppendEntries {
  term: number;
  leaderId: NodeId;
  prevLogIndex: number;
  prevLogTerm: number;
  entries: readonly Entry[];
  leaderCommit: number;
}

/**
 * An RPC's result is paired with its call; a message may come late, twice or never. So beside
 * `term` and `success` it says what it answers to.
 */
export interface AppendEntriesResult {
  term: number;
  success: boolean;
  /** The call's prevLogIndex. */
  prevLogIndex: number;
  /** On success: the follower's log is the leader's up to here. */
  matchIndex: number;
  /** On failure: where to try next, skipping a whole term at a time (the optimisation in §5.3). */
  conflictIndex: number;
}

export interface ReplicaEvents {
  ElectionTimedOut: { term: number };
  TermChanged: { from: number; to: number };
  VoteGranted: { term: number; candidateId: NodeId };
  VoteDenied: { term: number; candidateId: NodeId; reason: string };
  LeaderElected: { term: number; votes: number };
  LeaderSteppedDown: { term: number; newTerm: number };
  EntryAppended: { index: number; term: number; command: Command };
  EntryCommitted: { index: number; term: number; command: Command };
  EntryApplied: { index: number; term: number; command: Command; response: Json };
  LogTruncated: { firstIndex: number; lastIndex: number };
  AppendEntriesRejected: { term: number; leaderId: NodeId; prevLogIndex: number; reason: string };
  ClientRedirected: { clientId: NodeId; leaderHint: NodeId | null };
}

export interface Replica {
  state: ReplicaState;
  receives: {
    RequestVote: RequestVote;
    RequestVoteResult: RequestVoteResult;
    AppendEntries: AppendEntries;
    AppendEntriesResult: AppendEntriesResult;
    ClientRequest: ClientRequest;
  };
  sends: {
    RequestVote: RequestVote;
    RequestVoteResult: RequestVoteResult;
    AppendEntries: AppendEntries;
    AppendEntriesResult: AppendEntriesResult;
    ClientResponse: ClientResponse;
  };
  timers: { election: void; heartbeat: void };
  events: ReplicaEvents;
  options: {
    electionTimeout: Range;
    heartbeatInterval: Micros;
    maxEntriesPerAppend: number;
    conflictHint: boolean;
  };
}

export const options: Role<Replica>['options'] = {
  electionTimeout: {
    kind: 'range',
    default: between(milliseconds(150), milliseconds(300)),
    doc: 'How long a follower waits for its leader before it stands for election (§5.2).',
  },
  heartbeatInterval: {
    kind: 'duration',
    default: milliseconds(50),
    doc: 'How often a leader sends AppendEntries; shorter than any election timeout.',
  },
  maxEntriesPerAppend: {
    kind: 'integer',
    default: 100,
    doc: 'How many entries one AppendEntries carries at most.',
  },
  conflictHint: {
    kind: 'boolean',
    default: true,
    doc: 'Whether a refused leader goes back a term at a time, not entry by entry (§5.3).',
  },
};

export const events: Record<keyof ReplicaEvents | keyof ClientEvents, string> = {
  ElectionTimedOut: 'A server heard from no leader for its election timeout (§5.2).',
  TermChanged: 'A server moved to a later term, and has not voted in it yet (§5.1).',
  VoteGranted: 'A server gave its one vote of a term to a candidate (§5.2).',
  VoteDenied: 'A server refused its vote to a candidate, and says why (§5.2, §5.4.1).',
  LeaderElected: 'A candidate has the votes of a majority and leads its term (§5.2).',
  LeaderSteppedDown: 'A leader learned of a later term and follows again (§5.1).',
  EntryAppended: 'A server stored an entry at the end of its log (§5.3).',
  EntryCommitted: 'A server knows that an entry is committed and will never be lost (§5.3, §5.4).',
  EntryApplied: 'A server executed a committed entry in its state machine (§5.3).',
  LogTruncated: 'A follower deleted entries that conflict with the log of its leader (§5.3).',
  AppendEntriesRejected: 'A server refused entries, for an old term or a gap before them (§5.3).',
  ClientRedirected: 'A server that does not lead told a client whom it takes for the leader (§8).',
  ClientRetried: 'A client heard no answer in time and asks a server chosen at random (§8).',
};
