/** Single-decree Paxos as types: the three roles, their messages, options and events. */
// The names in capitals of the specifications are kept: maxBal, maxVBal and maxVal are the
// variables of Lamport's TLA+ module Paxos; phases 1a, 1b, 2a and 2b are those of the paper's §2.2.
import type { Micros, NodeId, OperationId, Range, Role } from '../../protocol/types.ts';
import { between, milliseconds } from '../../protocol/units.ts';
import type { Ballot } from './ballot.ts';

export type Value = string | number | boolean;

/** What an acceptor says when it promises: its highest vote. */
export interface Report {
  /** The highest ballot in which it has voted; null for none. */
  readonly maxVBal: Ballot | null;
  /** The value for which it voted there. */
  readonly maxVal: Value | null;
}

/** Phase 1 (a): "a proposer selects a proposal number n and sends a prepare request". */
export interface Phase1a {
  ballot: Ballot;
}

/** Phase 1 (b): a promise, with the highest-numbered proposal that the acceptor has accepted. */
export interface Phase1b extends Report {
  ballot: Ballot;
}

/** Phase 2 (a): "an accept request … for a proposal numbered n with a value v". */
export interface Phase2a {
  ballot: Ballot;
  value: Value;
}

/** Phase 2 (b): the acceptor has accepted the proposal; this is its vote. */
export interface Phase2b {
  ballot: Ballot;
  value: Value;
}

/**
 * "If an acceptor ignores a prepare or accept request because it has already received a prepare
 * request with a higher number, then it should probably inform the proposer" (§2.2).
 */
export interface Refusal {
  /** The ballot of the request. */
  ballot: Ballot;
  maxBal: Ballot;
}

/** Of a proposer that is not the distinguished one: the value that its client wants. */
export interface Forward {
  value: Value;
}

/** A learner asks "a proposer [to] issue a proposal" (§2.3). */
export interface Inquiry {
  readonly learner: NodeId;
  /** The learner counts its inquiries, so that an old answer is not taken for a new one. */
  readonly inquiry: number;
}

export interface Chosen {
  value: Value;
}

/** No value had been chosen when the ballot began, which was after the inquiry. */
export interface Unchosen {
  ballot: Ballot;
  inquiry: number;
}

export interface Proposer {
  state: {
    // "Each proposer remembers (in stable storage) the highest-numbered proposal it has tried to
    // issue" (§2.5).
    number: number;
    // Volatile: the ballot that it conducts.
    phase: 'idle' | '1' | '2' | 'done';
    ballot: Ballot | null;
    /** The promises of phase 1, in the order in which they arrived. */
    promises: ({ readonly acceptor: NodeId } & Report)[];
    /** The value of phase 2. */
    value: Value | null;
    /** The acceptors that voted in this ballot. */
    votes: NodeId[];
    // What it conducts ballots for.
    proposals: { readonly operation: OperationId; readonly value: Value }[];
    /** Values that other proposers forwarded. */
    forwarded: { readonly proposer: NodeId; readonly value: Value }[];
    /** Learners that asked before this ballot began, and those that asked later. */
    asked: Inquiry[];
    asking: Inquiry[];
    /** The value that was chosen, once it knows. */
    chosen: Value | null;
    /** The proposers that it believes to be alive, and itself; null without `distinguished`. */
    alive: NodeId[] | null;
    leader: NodeId | null;
    /** Whether it believes that it is the distinguished proposer itself. */
    leads: boolean;
  };
  receives: {
    Phase1b: Phase1b;
    Phase2b: Phase2b;
    Refusal: Refusal;
    Forward: Forward;
    Inquiry: Inquiry;
    Chosen: Chosen;
    Alive: object;
  };
  sends: {
    Phase1a: Phase1a;
    Phase2a: Phase2a;
    Forward: Forward;
    Inquiry: Inquiry;
    Chosen: Chosen;
    Unchosen: Unchosen;
    Alive: object;
  };
  timers: { retry: void; alive: void; suspect: NodeId };
  events: {
    BallotStarted: { ballot: Ballot };
    ValueProposed: { ballot: Ballot; value: Value };
    ValueAdopted: { ballot: Ballot; value: Value; from: Ballot };
    Preempted: { ballot: Ballot; by: Ballot };
    BallotTimedOut: { ballot: Ballot };
    NothingProposed: { ballot: Ballot };
    Learned: { ballot: Ballot | null; value: Value };
    LeaderChanged: { leader: NodeId };
  };
  options: {
    retryAfter: Range;
    backoff: Range;
    quorum: string;
    distinguished: boolean;
    aliveInterval: Micros;
    suspectAfter: Micros;
  };
}

export interface Acceptor {
  /** All of it is durable: an acceptor must remember it "even if it fails" (§2.2). */
  state: Report & {
    /** The highest ballot in which it has promised or voted; null for none. */
    maxBal: Ballot | null;
    maxVBal: Ballot | null;
    maxVal: Value | null;
  };
  receives: { Phase1a: Phase1a; Phase2a: Phase2a };
  sends: { Phase1b: Phase1b; Phase2b: Phase2b; Refusal: Refusal };
  timers: object;
  events: {
    Promised: { ballot: Ballot; maxVBal: Ballot | null };
    Accepted: { ballot: Ballot; value: Value };
    Refused: { ballot: Ballot; phase: string; maxBal: Ballot };
  };
  options: { replies: boolean };
}

export interface Learner {
  state: {
    /** The votes that it has heard, by ballot. */
    heard: { readonly ballot: Ballot; readonly value: Value; acceptors: NodeId[] }[];
    chosen: Value | null;
    /** The number of the last inquiry. */
    inquiry: number;
    /** Operations that wait for the value, each with the first inquiry that was made for it. */
    waiting: { readonly operation: OperationId; readonly inquiry: number }[];
  };
  receives: { Phase2b: Phase2b; Chosen: Chosen; Unchosen: Unchosen };
  sends: { Inquiry: Inquiry };
  timers: { retry: void };
  events: { Learned: { ballot: Ballot | null; value: Value } };
  options: { quorum: string; retryAfter: Micros };
}

export interface Roles {
  proposer: Proposer;
  acceptor: Acceptor;
  learner: Learner;
}

const quorum = {
  kind: 'choice',
  default: 'majority',
  choices: ['majority', 'one too small'],
  doc: 'How many acceptors it takes for a quorum; with one less than a majority, safety is lost.',
} as const;

export const proposerOptions: NonNullable<Role<Proposer>['options']> = {
  retryAfter: {
    kind: 'range',
    default: between(milliseconds(100), milliseconds(200)),
    min: milliseconds(1),
    doc: 'How long a ballot may take until its proposer begins another one.',
  },
  backoff: {
    kind: 'range',
    default: between(milliseconds(10), milliseconds(100)),
    min: milliseconds(0),
    doc: 'How long a proposer waits after a refusal until it begins another ballot.',
  },
  quorum,
  distinguished: {
    kind: 'boolean',
    default: false,
    doc: 'Whether only one proposer begins ballots, the first that is alive (§2.4).',
  },
  aliveInterval: {
    kind: 'duration',
    default: milliseconds(50),
    min: milliseconds(1),
    below: 'suspectAfter',
    doc: 'With distinguished: how often it says that it is alive; shorter than suspectAfter.',
  },
  suspectAfter: {
    kind: 'duration',
    default: milliseconds(150),
    min: milliseconds(1),
    doc: 'With distinguished: how long another proposer may be silent and still count as alive.',
  },
};

export const acceptorOptions: NonNullable<Role<Acceptor>['options']> = {
  replies: {
    kind: 'boolean',
    default: true,
    doc: 'Whether it sends phase 2b; if a majority does not, no value is ever learned.',
  },
};

export const learnerOptions: NonNullable<Role<Learner>['options']> = {
  quorum,
  retryAfter: {
    kind: 'duration',
    default: milliseconds(200),
    min: milliseconds(1),
    doc: 'How long it waits for the value until it asks a randomly chosen proposer again.',
  },
};

type EventNames = keyof Proposer['events'] | keyof Acceptor['events'] | 'ValueChosen';

export const events: Record<EventNames, string> = {
  BallotStarted: 'A proposer began a ballot: it sends phase 1a, a prepare request (§2.2).',
  ValueProposed: 'A majority promised, so the proposer sends phase 2a, an accept request (§2.2).',
  ValueAdopted: 'A promise reported a vote, so the proposer must propose its value (§2.2, P2c).',
  Preempted: 'A proposer abandoned its ballot, because an acceptor promised a higher one (§2.2).',
  BallotTimedOut: 'A ballot did not end in time, so its proposer begins another one.',
  NothingProposed: 'No promise reported a vote, and the proposer has no value: none was chosen.',
  Learned: 'A proposer or a learner knows that the value is chosen (§2.3).',
  LeaderChanged: 'With distinguished: a proposer believes that another one is the leader (§2.4).',
  Promised: 'An acceptor promised to accept nothing below a ballot: phase 1b (§2.2).',
  Accepted: 'An acceptor accepted a proposal, which is its vote: phase 2b (§2.2).',
  Refused: 'An acceptor refused a request, because it has promised a higher ballot (§2.2).',
  ValueChosen: 'A majority of acceptors voted in a ballot: its value is chosen, known or not.',
};
