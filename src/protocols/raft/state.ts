/** Figure 2 of the Raft paper as types: a server's state and its RPCs, its options and events. */
import type { Frozen, Json, Micros, Node, NodeId, Range, Role } from '../../protocol/types.ts';
import { between, milliseconds } from '../../protocol/units.ts';
import type { Numbered } from '../shared/execute-once.ts';

/** The blank entry with which a leader begins its term (§8). */
export type NoOp = { readonly op: 'no-op' };

/**
 * An entry of the log: "command for state machine, and term when entry was received by leader".
 * The other fields let the state machine execute a command once (§8).
 */
export interface Entry<Command> {
  readonly term: number;
  readonly command: Command | NoOp;
  /** The client that sent the command; null if the leader made the entry itself. */
  readonly clientId: NodeId | null;
  /** The client's serial number for the command; 0 for a no-op. */
  readonly serial: number;
  /** The client has the responses to all lower serial numbers. */
  readonly oldestPending: number;
}

/** Entries are frozen when they are created: logs, messages and checkpoints share them. */
export type Log<Command> = readonly Frozen<Entry<Command>>[];

/**
 * Figure 2, State. In the paper the first index is 1; here the first entry is `log[0]`, so the
 * entry with index i is `log[i - 1]`.
 */
export interface ReplicaState<Command = Json> extends Contact, Membership {
  // Persistent state on all servers ("updated on stable storage before responding to RPCs").
  currentTerm: number;
  votedFor: NodeId | null;
  log: Frozen<Entry<Command>>[];
  // Volatile state on all servers.
  commitIndex: number;
  lastApplied: number;
  standing: 'follower' | 'pre-candidate' | 'candidate' | 'leader';
  /** The leader of currentTerm, if this server knows it: where it redirects clients to. */
  leaderId: NodeId | null;
  // Volatile state on candidates: the servers that voted for this one in currentTerm.
  votesGranted: NodeId[];
  // Volatile state on leaders ("reinitialized after election"), for each other server.
  nextIndex: Record<NodeId, number>;
  matchIndex: Record<NodeId, number>;
}

/** Volatile state of the options `checkQuorum` and `preVote`, which Figure 2 does not have. */
export interface Contact {
  /** Whether it heard from its leader within the minimum election timeout. */
  hearsLeader: boolean;
  /** On a leader: who answered since it last checked its quorum. Null without the option. */
  active: NodeId[] | null;
  /** How often it has begun to count them. */
  interval: number;
  /** On a pre-candidate: the servers that would vote for it. Null without the option. */
  preVotes: NodeId[] | null;
}

/** The entry that holds a configuration: no state machine executes it. */
export interface Configuration {
  readonly op: 'configuration';
  readonly members: readonly NodeId[];
}

export interface MembershipCommand {
  readonly op: 'addServer' | 'removeServer';
  readonly server: NodeId;
}

/** The change that a leader is making; it is volatile. */
export interface Change extends MembershipCommand {
  readonly clientId: NodeId;
  readonly serial: number;
  phase: 'catching up' | 'waiting' | 'committing';
  /** While the new server catches up: the round, its last entry, and whether it takes long. */
  round: number;
  roundEnd: number;
  late: number;
  /** While it is committing: the index of the configuration. */
  index: number;
}

export interface Membership {
  /** The latest configuration in the log; null for all servers of the scenario. */
  members: readonly NodeId[] | null;
  /** The index of that entry; 0 for the first configuration. */
  membersIndex: number;
  change: Change | null;
}

/**
 * What the commands in the log change. All servers execute the same log, so all of them have the
 * same `State`; a server rebuilds it from the log after a crash.
 */
export interface StateMachine<Command, State> {
  /** One sentence: what a server with this state machine is for. */
  readonly doc: string;
  /** The machine's fields, which a server stores beside those of Figure 2. */
  init(): State;
  /**
   * Executes a committed entry, and returns the response for its client. The node may belong to a
   * role that adds messages, timers and events to Raft's own.
   */
  apply(node: Node<Replica<Command, State>>, entry: Frozen<Entry<Command>>): Json;
  /** Handles the response on each server. Without it, the leader sends it to the client. */
  respond?(
    node: Node<Replica<Command, State>>,
    entry: Frozen<Entry<Command>>,
    response: Json,
  ): void;
  /** What panels show of the machine. */
  facts?(state: State): Record<string, Json>;
  /** What these mean, a sentence each. */
  readonly docs?: Readonly<Record<string, string>>;
}

export interface RequestVote {
  term: number;
  candidateId: NodeId;
  lastLogIndex: number;
  lastLogTerm: number;
  /** True if the leader told the candidate to take over (thesis §3.10). */
  transfer?: true;
}

/** The term is that of the election that would follow (thesis §9.6). */
export type PreVote = Omit<RequestVote, 'transfer'>;

export interface RequestVoteResult {
  term: number;
  voteGranted: boolean;
}

export interface AppendEntries<Command = Json> {
  term: number;
  leaderId: NodeId;
  prevLogIndex: number;
  prevLogTerm: number;
  entries: readonly Entry<Command>[];
  leaderCommit: number;
}

/**
 * In the paper an RPC returns its result to the call. Here the result is a message, which may be
 * late, duplicated or lost, so it says which call it answers.
 */
export interface AppendEntriesResult {
  term: number;
  success: boolean;
  /** The prevLogIndex of the call. */
  prevLogIndex: number;
  /** On success: the follower's log matches the leader's up to this index. */
  matchIndex: number;
  /** On failure: where to try next, skipping a whole term (the optimization in §5.3). */
  conflictIndex: number;
}

export type ClientRequest<Command = Json> = Numbered<Command>;

export interface ClientResponse<Response = Json> {
  serial: number;
  status: 'OK' | 'NOT_LEADER';
  response: Response | null;
  /** The server that this one believes to be the leader. */
  leaderHint: NodeId | null;
}

export interface ReplicaEvents<Command = Json> {
  ElectionTimedOut: { term: number };
  TermChanged: { from: number; to: number };
  VoteGranted: { term: number; candidateId: NodeId };
  VoteDenied: { term: number; candidateId: NodeId; reason: string };
  LeaderElected: { term: number; votes: number };
  LeaderSteppedDown: { term: number; newTerm: number };
  QuorumLost: { term: number; answered: number };
  VoteIgnored: { term: number; candidateId: NodeId };
  PreVoteGranted: { term: number; candidateId: NodeId };
  PreVoteDenied: { term: number; candidateId: NodeId; reason: string };
  EntryAppended: { index: number; term: number; command: Frozen<Command | NoOp> };
  EntryCommitted: { index: number; term: number; command: Frozen<Command | NoOp> };
  EntryApplied: { index: number; term: number; command: Frozen<Command | NoOp>; response: Json };
  LogTruncated: { firstIndex: number; lastIndex: number };
  AppendEntriesRejected: { term: number; leaderId: NodeId; prevLogIndex: number; reason: string };
  ClientRedirected: { clientId: NodeId; leaderHint: NodeId | null };
  MembersChanged: { members: NodeId[] };
  ServerCaughtUp: { server: NodeId; rounds: number };
  ChangeAbandoned: { server: NodeId; reason: string };
}

/** A Raft server, by the commands of its state machine and the fields that the machine adds. */
export interface Replica<Command = Json, State = object> {
  state: ReplicaState<Command> & State;
  receives: {
    RequestVote: RequestVote;
    RequestVoteResult: RequestVoteResult;
    PreVote: PreVote;
    PreVoteResult: RequestVoteResult;
    AppendEntries: AppendEntries<Command>;
    AppendEntriesResult: AppendEntriesResult;
    ClientRequest: ClientRequest<Command>;
  };
  sends: {
    RequestVote: RequestVote;
    RequestVoteResult: RequestVoteResult;
    PreVote: PreVote;
    PreVoteResult: RequestVoteResult;
    AppendEntries: AppendEntries<Command>;
    AppendEntriesResult: AppendEntriesResult;
    ClientResponse: ClientResponse;
  };
  timers: {
    election: void;
    heartbeat: void;
    checkQuorum: void;
    leaderContact: void;
    round: void;
  };
  events: ReplicaEvents<Command>;
  options: {
    electionTimeout: Range;
    heartbeatInterval: Micros;
    maxEntriesPerAppend: number;
    conflictHint: boolean;
    checkQuorum: boolean;
    preVote: boolean;
    commitRule: string;
    members: readonly NodeId[];
  };
}

export const options: NonNullable<Role<Replica>['options']> = {
  electionTimeout: {
    kind: 'range',
    default: between(milliseconds(150), milliseconds(300)),
    min: milliseconds(1),
    doc: 'How long a follower waits for its leader before it starts an election (§5.2).',
  },
  heartbeatInterval: {
    kind: 'duration',
    default: milliseconds(50),
    min: milliseconds(1),
    below: 'electionTimeout',
    doc: 'How often a leader sends AppendEntries; shorter than any election timeout.',
  },
  maxEntriesPerAppend: {
    kind: 'integer',
    default: 100,
    min: 1,
    doc: 'The maximum number of entries in one AppendEntries.',
  },
  conflictHint: {
    kind: 'boolean',
    default: true,
    doc: 'Whether a rejected leader goes back a term at a time, not an entry at a time (§5.3).',
  },
  checkQuorum: {
    kind: 'boolean',
    default: false,
    doc: 'Whether a leader without a quorum steps down, and a server votes only without a leader.',
  },
  preVote: {
    kind: 'boolean',
    default: false,
    doc: 'Whether a server asks for votes before it begins a new term (thesis §9.6).',
  },
  commitRule: {
    kind: 'choice',
    default: 'own term',
    choices: ['own term', 'any term'],
    doc: 'Whether a leader counts only entries of its own term as committed (§5.4.2, Figure 8).',
  },
  members: {
    kind: 'list',
    of: 'node',
    role: 'replica',
    default: [],
    doc: 'The first configuration, the same at all servers; empty for all servers (thesis §4).',
  },
};

export const replicaEvents: Record<keyof ReplicaEvents, string> = {
  ElectionTimedOut: 'A server received nothing from a leader for its election timeout (§5.2).',
  TermChanged:
    'A server moved to a later term, in which it has not voted yet (§5.1). A term is a period ' +
    'with at most one leader; each election begins a new one.',
  VoteGranted: 'A server gave a candidate its vote: it has only one in each term (§5.2).',
  VoteDenied: 'A server denied its vote to a candidate, for the given reason (§5.2, §5.4.1).',
  LeaderElected: 'A server has the votes of a majority: no other can lead in its term (§5.2).',
  LeaderSteppedDown: 'A leader learned of a later term, or lost its quorum: it follows (§5.1).',
  QuorumLost: 'With checkQuorum: a majority did not answer the leader for an election timeout.',
  VoteIgnored: 'With checkQuorum: a server ignored a candidate, because it hears its leader.',
  PreVoteGranted: 'With preVote: a server would vote for the candidate (thesis §9.6).',
  PreVoteDenied: 'With preVote: a server would not vote for the candidate, for the given reason.',
  EntryAppended: 'A server stored an entry at the end of its log (§5.3).',
  EntryCommitted: 'A server knows that an entry is committed: it will not be lost (§5.3, §5.4).',
  EntryApplied: 'A server executed a committed entry in its state machine (§5.3).',
  LogTruncated: 'A follower deleted entries that conflict with the log of its leader (§5.3).',
  AppendEntriesRejected: 'A server rejected entries, for an old term or a gap before them (§5.3).',
  ClientRedirected: 'A server that is not the leader told a client which server may be (§8).',
  MembersChanged: 'A server stored a configuration, and uses it from now on (thesis §4.1).',
  ServerCaughtUp: 'A new server has the log of the leader, which can add it now (thesis §4.2.1).',
  ChangeAbandoned: 'A leader did not add a server, which is too slow or silent (thesis §4.2.1).',
};
