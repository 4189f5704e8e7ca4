/** Multi-Paxos as types: the state of a replica, its messages, options and events. */
// "Paxos Made Simple", §3: "a sequence of separate instances of the Paxos consensus algorithm, the
// value chosen by the ith instance being the ith state machine command". An instance is a slot
// here. Each replica is proposer, acceptor and learner of all slots. maxBal is one for all of them,
// because the leader executes phase 1 once "for infinitely many instances".
import type { Frozen, Micros, NodeId, Range, Role } from '../../protocol/types.ts';
import { between, milliseconds } from '../../protocol/units.ts';
import type { Ballot } from '../paxos/ballot.ts';
import type { Entry as LogEntry } from '../raft/state.ts';
import type { KeyValueCommand, KeyValueStore } from '../raft/key-value-store.ts';
import type { ClientRequest as Request, ClientResponse } from '../raft/state.ts';

/** What a slot holds: a client's command, or a no-op that fills a gap. */
export type Entry = Frozen<Omit<LogEntry<KeyValueCommand>, 'term'>>;

/** The vote of an acceptor in a slot: maxVBal and maxVal of that instance. */
export interface SlotVote {
  readonly ballot: Ballot;
  readonly entry: Entry;
}

/** A vote that a promise reports. */
export interface Reported extends SlotVote {
  readonly slot: number;
}

/** Phase 1 (a), once for all slots from `firstSlot` on. */
export interface Phase1a {
  ballot: Ballot;
  firstSlot: number;
}

/** Phase 1 (b): a promise for all slots, with the votes from `firstSlot` on. */
export interface Phase1b {
  ballot: Ballot;
  votes: readonly Reported[];
}

export interface Phase2a {
  ballot: Ballot;
  slot: number;
  entry: Entry;
}

export interface Phase2b {
  ballot: Ballot;
  slot: number;
}

export interface Refusal {
  ballot: Ballot;
  maxBal: Ballot;
}

/** The leader is alive, and all slots up to `chosenUpTo` are chosen. */
export interface Heartbeat {
  ballot: Ballot;
  chosenUpTo: number;
}

/** A replica lacks slots that are chosen. */
export interface CatchUp {
  firstSlot: number;
}

export interface Decided {
  firstSlot: number;
  entries: readonly Entry[];
}

/** A proposal of the leader, and the acceptors that voted for it. */
export interface Proposed {
  readonly entry: Entry;
  votes: NodeId[];
}

export interface ReplicaState extends KeyValueStore {
  // Durable. As a proposer: the highest number that it has used.
  number: number;
  // As an acceptor, with one vote for each slot.
  maxBal: Ballot | null;
  votes: (SlotVote | null)[];
  // As a learner. The entry with slot i is at `[i - 1]`, as in `votes`.
  chosen: (Entry | null)[];
  // Volatile: the state machine has executed the slots up to this one.
  applied: number;
  standing: 'follower' | 'preparing' | 'leader';
  /** The leader that it follows, if it knows one. */
  leaderId: NodeId | null;
  /** Its own ballot, while it is preparing or the leader. */
  ballot: Ballot | null;
  promises: { readonly from: NodeId; readonly votes: readonly Reported[] }[];
  /** The leader's proposals that are not chosen yet: slot → proposal. */
  proposed: Record<string, Proposed>;
  /** The slot for the next command. */
  nextSlot: number;
}

interface Messages {
  Phase1a: Phase1a;
  Phase1b: Phase1b;
  Phase2a: Phase2a;
  Phase2b: Phase2b;
  Refusal: Refusal;
  Heartbeat: Heartbeat;
  CatchUp: CatchUp;
  Decided: Decided;
}

export type ClientRequest = Request<KeyValueCommand>;

export interface Replica {
  state: ReplicaState;
  receives: Messages & { ClientRequest: ClientRequest };
  sends: Messages & { ClientResponse: ClientResponse };
  timers: { election: void; heartbeat: void };
  events: {
    ElectionTimedOut: { maxBal: Ballot | null };
    BallotStarted: { ballot: Ballot; firstSlot: number };
    Promised: { ballot: Ballot; votes: number };
    LeaderElected: { ballot: Ballot; votes: number };
    SteppedDown: { ballot: Ballot; maxBal: Ballot | null };
    ValueAdopted: { slot: number; ballot: Ballot; from: Ballot; command: Entry['command'] };
    GapFilled: { slot: number; ballot: Ballot };
    Proposed: { slot: number; ballot: Ballot; command: Entry['command'] };
    Accepted: { slot: number; ballot: Ballot; command: Entry['command'] };
    Refused: { ballot: Ballot; maxBal: Ballot };
    Learned: { slot: number; command: Entry['command'] };
    Applied: { slot: number; command: Entry['command'] };
    CatchUpStarted: { firstSlot: number; chosenUpTo: number };
    ClientRedirected: { clientId: NodeId; leaderHint: NodeId | null };
  };
  options: {
    electionTimeout: Range;
    heartbeatInterval: Micros;
    quorum: string;
    replies: boolean;
    slotsPerCatchUp: number;
  };
}

export const options: NonNullable<Role<Replica>['options']> = {
  electionTimeout: {
    kind: 'range',
    default: between(milliseconds(150), milliseconds(300)),
    min: milliseconds(1),
    doc: 'How long a replica waits for the leader before it begins a ballot.',
  },
  heartbeatInterval: {
    kind: 'duration',
    default: milliseconds(50),
    min: milliseconds(1),
    below: 'electionTimeout',
    doc: 'How often the leader repeats what is not chosen yet; shorter than electionTimeout.',
  },
  quorum: {
    kind: 'choice',
    default: 'majority',
    choices: ['majority', 'one too small'],
    doc: 'How many replicas are a quorum; with one less than a majority, safety is lost.',
  },
  replies: {
    kind: 'boolean',
    default: true,
    doc: 'Whether it sends phase 2b; if a majority does not, no command is ever chosen.',
  },
  slotsPerCatchUp: {
    kind: 'integer',
    default: 20,
    min: 1,
    doc: 'The maximum number of slots in one answer to a replica that lags.',
  },
};

export const events: Record<keyof Replica['events'] | 'ClientRetried', string> = {
  ElectionTimedOut: 'A replica heard nothing from a leader for its election timeout.',
  BallotStarted: 'A replica began a ballot: one phase 1a for all slots (§3).',
  Promised: 'A replica promised a ballot in all slots, and reports its votes: phase 1b.',
  LeaderElected: 'A majority promised: phase 1 is over for all slots, now and later (§3).',
  SteppedDown: 'A replica ended its ballot, because there is a higher one.',
  ValueAdopted: 'The new leader proposes the highest vote reported for a slot again (P2c).',
  GapFilled: 'The new leader proposes a no-op in a slot for which no vote was reported (§3).',
  Proposed: 'The leader sends phase 2a for a slot.',
  Accepted: 'A replica voted for a command in a slot: phase 2b.',
  Refused: 'A replica refused a request, because it has promised a higher ballot.',
  Learned: 'A replica knows that the command of a slot is chosen.',
  Applied: 'A replica executed the command of the next slot.',
  CatchUpStarted: 'A replica lacks slots that are chosen, and requests them from the leader.',
  ClientRedirected: 'A replica that is not the leader told a client which one may be.',
  ClientRetried: 'A client received no answer in time, and tries a randomly chosen replica.',
};
