/** The state, messages and events of a Consul server: its catalogue, and what it does with it. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Frozen, Micros, Node, NodeId } from '../../protocol/types.ts';
import type { NoOp, Replica, ReplicaState } from '../raft/state.ts';
import type {
  Behavior, ConsulCommand, ConsulResponse, Get, Health, KeyEntry, Logged, Write,
} from './api.ts';

export interface ConsulSession {
  readonly client: NodeId;
  readonly ttl: Micros;
  readonly behavior: Behavior;
  readonly lockDelay: Micros;
  /** The health checks of its node that it is bound to. */
  readonly checks: readonly string[];
}

/** What the log makes of the catalogue: the same on all servers that have applied as much of it. */
export interface Catalog {
  /** The index of the last entry that changed a key. */
  index: number;
  keys: Record<string, KeyEntry>;
  sessions: Record<string, ConsulSession>;
  sessionCount: number;
  /** The checks of nodes that have reported more than that `serfHealth` passes. */
  checks: Record<NodeId, Record<string, Health>>;
  deregistered: Record<NodeId, true>;
}

/** Where a request came from: a client, or a server that forwards it. */
export interface Caller {
  readonly from: NodeId;
  /** The connection on which it came, and on which it is answered. */
  readonly connection: ConnectionId;
  /** The caller's number of the request. */
  readonly serial: number;
}

/** A request that a server passed on to the leader, or that waits until there is one. */
export interface Forwarded {
  readonly caller: Caller;
  readonly command: Frozen<ConsulCommand>;
  /** The client that sent it first. */
  readonly client: NodeId;
  /** The connection to the leader; empty while it waits. */
  readonly connection: ConnectionId;
  /** How often it was tried. */
  readonly tries: number;
}

/** A blocking query, which waits for its key to change. */
export interface BlockedQuery {
  readonly caller: Caller;
  readonly get: Frozen<Get>;
}

/** A consistent read, for which the leader confirms with a majority that it still leads. */
export interface Verification {
  readonly query: BlockedQuery;
  readonly confirmedBy: NodeId[];
}

/** What a server keeps for itself: it does not follow from the log. */
export interface Serving {
  /** Keys in their lock-delay, and when it ends by the server's own clock. */
  delayed: Record<string, Micros>;
  /** The highest index that it has ever applied: its snapshot has all entries up to it. */
  snapshot: number;
  /** The number of the last request between servers; durable, as no number may be used twice. */
  serial: number;
  /** The servers to which it has an open connection. */
  linked: NodeId[];
  forwarded: Record<number, Forwarded>;
  blocked: BlockedQuery[];
  // On the leader:
  /** The term in which its contacts are counted; 0 if it does not lead. */
  contactsIn: number;
  /** The servers that have not answered it within its lease. */
  silent: NodeId[];
  /** The term in which it times the sessions; 0 until it has applied all earlier terms. */
  establishedIn: number;
  /** Entries that it appended, by number: who waits for them to be applied. */
  applies: Record<number, Caller>;
  verifications: Record<number, Verification>;
}

export type ServerState = ReplicaState<Logged> & Catalog & Serving;

export interface ServerEvents {
  SessionCreated: { session: string; client: NodeId; ttl: Micros };
  SessionExpired: { session: string; client: NodeId };
  SessionInvalidated: { session: string; client: NodeId; reason: string };
  LockDelayed: { key: string; delay: Micros };
  LockDelayEnded: { key: string };
  LockDelayForgotten: { key: string };
  KeyDeleted: { key: string; session: string | null; by: NodeId };
  CheckChanged: { client: NodeId; check: string; status: Health };
  NodeDeregistered: { client: NodeId };
  LeaderEstablished: { term: number; sessions: number };
  RequestFailed: { client: NodeId; error: string };
}

export interface ServerAnswers {
  Reply: { serial: number; response: ConsulResponse };
}

export interface ServerRequests {
  Request: { serial: number; command: ConsulCommand };
}

/** What servers send to each other besides Raft's RPCs. */
export interface ServerMessages {
  Forward: { serial: number; client: NodeId; command: ConsulCommand };
  Forwarded: { serial: number; response: ConsulResponse };
  /** The leader confirms with a majority that it still leads: `VerifyLeader` of hashicorp/raft. */
  ConfirmLeader: { term: number; leaderId: NodeId; number: number };
  LeaderConfirmed: { term: number; number: number };
}

type RaftServer = Replica<Logged, Catalog & Serving>;

export interface Server {
  state: ServerState;
  receives: Omit<RaftServer['receives'], 'ClientRequest'> & ServerRequests & ServerMessages;
  sends: RaftServer['sends'] & ServerAnswers & ServerMessages;
  timers: RaftServer['timers'] & {
    /** A session was not renewed for twice its TTL. */
    session: string;
    lockDelay: string;
    /** A blocking query has waited for as long as it may. */
    query: ConnectionId;
    /** A request looks for the leader again. */
    hold: number;
    /** A server did not answer the leader within its lease. */
    contact: NodeId;
    /** Opens a connection to another server. */
    dial: NodeId;
  };
  events: RaftServer['events'] & ServerEvents;
  options: Omit<RaftServer['options'], 'checkQuorum'> & { leaderLease: Micros; failover: boolean };
}

export type ServerNode = Node<Server>;

/** The server as the rules of Raft see it: they move commands without reading them. */
export function inRaft(node: ServerNode): Node<Replica> {
  return node as unknown as Node<Replica>;
}

/** The server as its state machine sees it. */
export function replicating(node: ServerNode): Node<RaftServer> {
  return node as unknown as Node<RaftServer>;
}

export function isLeader({ state }: ServerNode): boolean {
  return state.standing === 'leader';
}

export function isNoOp(command: Frozen<Logged | NoOp>): command is NoOp {
  return command.op === 'no-op';
}

/** Whether a command changes the catalogue, and therefore goes through the log. */
export function isWrite(command: Frozen<ConsulCommand>): command is Frozen<Write> {
  return command.op !== 'get' && command.op !== 'session renew';
}

export const serverEvents: Record<keyof ServerEvents, string> = {
  SessionCreated: 'A client has a session, with which it can hold a lock.',
  SessionExpired: 'The leader saw no renewal for twice the TTL, and has the session destroyed.',
  SessionInvalidated: 'A session is over: its locks are released, or their keys are deleted.',
  LockDelayed: 'The session of a holder was invalidated: its lock is refused for the lock-delay.',
  LockDelayEnded: 'The lock-delay is over: this server would let a session acquire the lock.',
  LockDelayForgotten: 'A server restarted: its lock-delays were only in its memory.',
  KeyDeleted: 'A client deleted a key, whichever session held it. No lock-delay follows.',
  CheckChanged: 'A health check of a node changed. A critical one ends the sessions bound to it.',
  NodeDeregistered: 'A node left the catalogue, which ends its sessions.',
  LeaderEstablished: 'A new leader has applied all earlier entries, and restarts all sessions.',
  RequestFailed: 'A server answered a request with an error.',
};

/** Identifies a grant of a lock, as Consul's documentation does: key, LockIndex and session. */
export function sequencer(key: string, lockIndex: number, session: string): string {
  return `${key}:${lockIndex}:${session}`;
}

/** The session of a sequencer. */
export function sessionOf({ grant }: { readonly grant: string }): string {
  return grant.slice(grant.lastIndexOf(':') + 1);
}
