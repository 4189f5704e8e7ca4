/** What clients and servers send each other, whatever the replication. */
import type { Json, Micros, NodeId } from '../../../protocol/types.ts';
import type { CausalMessages } from '../causal/causal-state.ts';
import type { GossipMessages } from '../gossip/gossip-state.ts';
import type { Versions } from './sessions.ts';
import type { Version } from './versions.ts';

/** The operations of clients. */
export type OperationName = 'read' | 'write' | GossipOperation;

/** Those that only gossip has: for siblings, counters and sets. */
export type GossipOperation = 'get' | 'put' | 'increment' | 'decrement' | 'add' | 'remove';

/** Whether an operation only reads. */
export const reads = (name: OperationName) => name === 'read' || name === 'get';

/** A client's operation, on its way to the server that executes it or forwards it. */
export interface Request {
  /** Counts the requests of the client. */
  number: number;
  name: OperationName;
  key: string;
  /** What is written; null for a read. */
  value: Json;
  /** What the server must have applied before it executes this, for the session's guarantees. */
  needs: Versions;
  /** What the client read last of the key, which a `put` replaces (Dynamo, §4.4). */
  context: Versions;
  /** The replication that the client was given: it must be the server's. */
  replication: string;
}

/** The answer to a request. */
export interface Reply {
  number: number;
  result: Json;
  /** What the session has seen by it; empty if its replication does not count writes. */
  applied: Versions;
  /** The version of the value that was read or written; null if there is none. */
  version: Version | null;
  /** Which updates of the key a read has seen; empty if its replication does not count them. */
  context: Versions;
}

/** The request was not executed, and will not be. */
export interface Refusal {
  number: number;
  why: string;
}

/** A value with the version of the write that wrote it. */
export interface Register {
  readonly value: Json;
  readonly version: Version;
}

/** A write, as the leader numbered it. */
export interface LogEntry {
  /** From 1 on. */
  readonly index: number;
  readonly key: string;
  readonly value: Json;
  /** When the leader accepted it, by its clock. */
  readonly at: Micros;
}

/** Entries of the leader's log, for a follower. */
export interface Append {
  entries: LogEntry[];
}

/** A follower has applied all entries up to this index. */
export interface Appended {
  index: number;
}

/** A coordinator asks a server for its copy of a register. `id` names the client's request. */
export interface Query {
  id: string;
  key: string;
}

/** The copy of a register that a server has; null if it has none. */
export interface Copy {
  id: string;
  register: Register | null;
}

/** A server must store a register, unless its copy is newer. */
export interface Store {
  id: string;
  key: string;
  register: Register;
  /** The server that should have it, if the receiver only stands in for that one. */
  hintFor: NodeId | null;
}

/** A server has stored a register, or has a newer one. */
export interface Stored {
  id: string;
}

/** A server that stood in for another gives it what it missed. */
export interface HandOff {
  key: string;
  register: Register;
}

/** The other server has it now. */
export interface HandedOff {
  key: string;
  version: Version;
}

/** What servers send each other. */
export interface BetweenServers extends CausalMessages, GossipMessages {
  Append: Append;
  Appended: Appended;
  Query: Query;
  Copy: Copy;
  Store: Store;
  Stored: Stored;
  HandOff: HandOff;
  HandedOff: HandedOff;
}

export interface ToServer extends BetweenServers {
  Request: Request;
}

export interface ToClient {
  Reply: Reply;
  Refusal: Refusal;
}
