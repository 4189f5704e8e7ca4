/** A replicated store with a leader, as types: how it elects is an option, naive or by majority. */
import type { Frozen, Micros, NodeId, Range, Role } from '../../protocol/types.ts';
import { between, milliseconds } from '../../protocol/units.ts';
import type { KeyValueCommand, KeyValueStore } from '../raft/key-value-store.ts';
import type { ClientRequest as Request, ClientResponse } from '../raft/state.ts';

/** Versions of the data are ordered by term, then by number: each leader counts from 0. */
export interface Version {
  readonly term: number;
  readonly number: number;
}

/** All that is replicated; a leader sends it as a whole. A witness has none of it. */
export interface Data extends KeyValueStore {
  /** Every write that was executed, such as `client 1: put x 1`. */
  writes: string[];
}

export interface MemberState {
  // Durable.
  /** With elects: majority, the term that it is in; otherwise always 0. */
  term: number;
  votedFor: NodeId | null;
  version: Version;
  /** Null on a witness. */
  data: Data | null;
  // Volatile.
  standing: 'follower' | 'candidate' | 'leader';
  leaderId: NodeId | null;
  /** The other nodes that it heard from lately. */
  visible: NodeId[];
  /** Votes that a candidate received, its own included. */
  votes: NodeId[];
  /** The version that each other node has stored, as the leader knows. */
  stored: Record<NodeId, Version>;
  /** On a leader: the nodes that answered since it last counted. */
  answered: NodeId[];
  /** Answers that wait until enough nodes have stored their version. */
  waiting: {
    readonly client: NodeId;
    readonly serial: number;
    readonly version: Version;
    readonly response: string | number | boolean | null;
  }[];
}

/** A node is alive; a leader says so with its term and its data. */
export interface Hello {
  term: number;
  version: Version;
}

/** The leader's data. */
export interface Store {
  term: number;
  version: Version;
  data: Frozen<Data>;
}

export interface Stored {
  term: number;
  version: Version;
}

export interface RequestVote {
  term: number;
  version: Version;
}

export interface Vote {
  term: number;
  granted: boolean;
}

export type ClientRequest = Request<KeyValueCommand>;

interface Messages {
  Hello: Hello;
  Store: Store;
  Stored: Stored;
  RequestVote: RequestVote;
  Vote: Vote;
}

export interface Member {
  state: MemberState;
  receives: Messages & { ClientRequest: ClientRequest };
  sends: Messages & { ClientResponse: ClientResponse };
  timers: { hello: void; suspect: NodeId; election: void; quorum: void };
  events: {
    NodeSeen: { other: NodeId; visible: number };
    NodeLost: { other: NodeId; visible: number };
    ElectionTimedOut: { term: number };
    VoteGranted: { term: number; candidate: NodeId };
    VoteDenied: { term: number; candidate: NodeId; reason: string };
    LeaderElected: { term: number; of: number; by: number };
    LeaderSteppedDown: { term: number; reason: string };
    WriteExecuted: { write: string };
    WriteAnswered: { client: NodeId; serial: number; stored: number };
    ClientRedirected: { clientId: NodeId; leaderHint: NodeId | null };
  };
  options: {
    elects: string;
    helloInterval: Micros;
    suspectAfter: Micros;
    electionTimeout: Range;
  };
}

export const options: NonNullable<Role<Member>['options']> = {
  elects: {
    kind: 'choice',
    default: 'visible',
    choices: ['visible', 'majority'],
    doc: 'Whether the first node of those it can see leads, or a node for which a majority voted.',
  },
  helloInterval: {
    kind: 'duration',
    default: milliseconds(50),
    min: milliseconds(1),
    below: 'suspectAfter',
    doc: 'How often a node says that it is alive; shorter than suspectAfter.',
  },
  suspectAfter: {
    kind: 'duration',
    default: milliseconds(150),
    min: milliseconds(1),
    doc: 'How long another node may be silent and still count as visible.',
  },
  electionTimeout: {
    kind: 'range',
    default: between(milliseconds(150), milliseconds(300)),
    min: milliseconds(1),
    doc: 'With elects: majority, how long a node waits for a leader until it asks for votes.',
  },
};

export const events: Record<
  keyof Member['events'] | 'ClientRetried' | 'SplitBrain' | 'WritesLost', string
> = {
  NodeSeen: 'A node heard from another one that it had not seen.',
  NodeLost: 'A node has heard nothing from another one for suspectAfter.',
  ElectionTimedOut: 'With elects: majority, a node has no leader and asks for votes.',
  VoteGranted: 'With elects: majority, a node gave its one vote of a term.',
  VoteDenied: 'With elects: majority, a node denied its vote, for the given reason.',
  LeaderElected: 'A node leads: as the first that it sees, or by the votes of a majority.',
  LeaderSteppedDown: 'A leader became a follower, for the given reason.',
  WriteExecuted: 'The leader executed a command on its own data.',
  WriteAnswered: 'The leader answered a client, when that many nodes had stored the write.',
  WritesLost: 'A node replaced its data by that of its leader, and an answered write is gone.',
  ClientRedirected: 'A node that is not the leader told a client which one may be.',
  ClientRetried: 'A client received no answer in time, and tries a randomly chosen node.',
  SplitBrain: 'A node began to lead while another one leads in the same term.',
};
