/** The state, messages and events of an etcd member: its store, and the requests that it serves. */
import type { Micros, NodeId } from '../../protocol/types.ts';
import type { Replica, ReplicaState } from '../raft/state.ts';
import type {
  Answer, ClientReceives, ClientSends, KeyValue, LeaseQuestion, Logged, Read, Recipe, WatchEvent,
  WatchRequest,
} from './api.ts';

export interface Lease {
  /** In seconds. */
  ttl: number;
  /** The client that requested it; the member, if it was for a member's own client. */
  client: NodeId;
}

/** The state machine: the same on all members that have applied the same entries. */
export interface EtcdStore {
  /** Grows by one with each change; 1 in a store that never changed. */
  revision: number;
  keys: Record<string, KeyValue>;
  /** All changes in their order, so that a watch can begin in the past. */
  history: WatchEvent[];
  /** Changes before this revision cannot be read any more; 0 for none. */
  compacted: number;
  leases: Record<string, Lease>;
  /** How many leases were ever granted without an id of the client's own. */
  leaseCount: number;
}

/** Where a request came from, and where its answer goes. */
export interface Caller {
  readonly client: NodeId;
  /** The connection on which it came; empty for a member's own client. */
  readonly connection: string;
  readonly request: number;
}

/** A request that is in the log, or on its way there. */
export interface Proposal {
  /** Null for a revocation by the lessor, which no client waits for. */
  readonly caller: Caller | null;
  readonly command: Logged;
  /** When it began, by the member's own clock. */
  readonly since: Micros;
  /** Whether it still waits for a leader to send it to. */
  waits: boolean;
}

/** A linearizable read: it waits for an index that the leader confirms, and until it is applied. */
export interface PendingRead {
  readonly caller: Caller;
  readonly read: Read;
  index: number | null;
}

/** On a leader: an index that it gives out once a majority confirms that it still leads. */
export interface ReadConfirmation {
  readonly member: NodeId;
  readonly read: number;
  readonly index: number;
  confirmedBy: NodeId[];
}

/** A question about a lease that is passed on to the leader. */
export interface Forwarded {
  readonly caller: Caller;
  readonly question: LeaseQuestion;
}

/** A recipe in progress: which key it has in its queue, and what it waits for. */
export interface RunningRecipe {
  readonly caller: Caller;
  recipe: Recipe;
  /** Empty until it has a lease. */
  key: string;
  createRevision: number;
  revision: number;
  step: 'grant' | 'enqueue' | 'proclaim' | 'predecessor' | 'wait' | 'withdraw';
}

export interface Watch extends WatchRequest {
  readonly client: NodeId;
  readonly connection: string;
  /** The revision of the last change that it gave; 0 for none. */
  told: number;
}

/** What a member keeps for itself; it does not follow from the log. */
export interface EtcdServing {
  /** The number of the last request; durable, as no number may be used twice. */
  serial: number;
  proposals: Record<number, Proposal>;
  reads: Record<number, PendingRead>;
  forwarded: Record<number, Forwarded>;
  recipes: Record<number, RunningRecipe>;
  watches: Watch[];
  /** The leader that it knew when it last looked; null for none. */
  leaderSeen: NodeId | null;
  /** When it last became the leader, by its own clock. */
  electedAt: Micros | null;
  // On the leader:
  confirmations: ReadConfirmation[];
  /** The last proposal of each member in this term: a copy of it is not taken again. */
  taken: Record<NodeId, number>;
  /** The member to which it hands over its leadership, and the request for that. */
  handover: { readonly to: NodeId; readonly caller: Caller; told: boolean } | null;
  /** The term in which this lessor is the primary, the only one that expires leases; 0 if none. */
  primaryIn: number;
  /** When each lease ends, by the clock of the primary; `noticed` and `revoking` follow that. */
  ends: Record<string, Micros>;
  expired: Record<string, 'noticed' | 'revoking'>;
}

export type EtcdMachine = EtcdStore & EtcdServing;

export type EtcdState = ReplicaState<Logged> & EtcdMachine;

type RaftServer = Replica<Logged, EtcdMachine>;

export interface LeaseEvents {
  LeaseGranted: { lease: string; ttl: number; client: NodeId };
  LeaseExpired: { lease: string; client: NodeId };
  LeasesExtended: { term: number; leases: number };
  WatchFired: { key: string; client: NodeId; revision: number };
  WriteFenced: { token: number; highest: number; from: NodeId };
  RequestFailed: { client: NodeId; error: string };
}

/** What members say to each other besides Raft's RPCs. */
export interface MemberMessages {
  /** A member passes a command on to the leader. */
  Propose: { serial: number; command: Logged };
  /** A member asks the leader up to which index it must have applied the log. */
  ReadIndex: { read: number };
  ReadIndexResult: { read: number; index: number };
  /** The leader confirms with a majority that it still leads. */
  ConfirmLeader: { term: number; leaderId: NodeId; member: NodeId; read: number };
  LeaderConfirmed: { term: number; member: NodeId; read: number };
  /** A question about a lease; the answer is null if the receiver is not the primary. */
  AskLessor: { serial: number; question: LeaseQuestion };
  LessorAnswer: { serial: number; answer: Answer | null };
  /** The leader tells a member to begin an election at once (§3.10 of the thesis). */
  TimeoutNow: { term: number };
}

/** An etcd member: a Raft server with leases and watches beside the replicated store. */
export interface EtcdReplica {
  state: EtcdState;
  receives: Omit<RaftServer['receives'], 'ClientRequest'> & MemberMessages & ClientSends
    & ClientReceives;
  sends: RaftServer['sends'] & MemberMessages & ClientReceives & ClientSends;
  timers: RaftServer['timers'] & {
    lease: string;
    checkLeases: void;
    /** The member gives up a request. */
    requestTimeout: number;
    /** A read asks again. */
    readAgain: number;
    /** A question looks for the leader again. */
    askAgain: number;
    handoverTimeout: void;
  };
  events: RaftServer['events'] & LeaseEvents;
  options: RaftServer['options'];
}

/** The lock of a key in its queue: `order42` for `order42/694d01`. */
export function lockOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}

/** Identifies a grant of a lock: a session may create the same key again, at a later revision. */
export function grantOf(key: string, createRevision: number): string {
  return `${key}@${createRevision}`;
}

export function keyOf({ grant }: { readonly grant: string }): string {
  return grant.slice(0, grant.lastIndexOf('@'));
}
