/** The state and events of a ZooKeeper server: znodes, sessions, connections, watches. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Micros, Node, NodeId, Observed } from '../../protocol/types.ts';
import type { Tree } from './tree.ts';
import type { Watch } from './watches.ts';
import type { ServerAnswers, ServerRequests } from './wire.ts';

export interface Session {
  readonly client: NodeId;
  readonly password: string;
  /** The timeout that was negotiated when it was created. */
  readonly timeout: Micros;
}

/** A connection on which a session goes on. */
export interface Attached {
  readonly session: string;
  readonly client: NodeId;
  /** Negotiated anew for each connection; what arrives on it extends the session by this. */
  readonly timeout: Micros;
}

export interface ServerState extends Tree {
  /** The last transaction: the leader's epoch in the upper 32 bits, a counter in the lower. */
  zxid: number;
  sessions: Record<string, Session>;
  sessionCount: number;
  connections: Record<ConnectionId, Attached>;
  /** A watch fires once. */
  watches: Watch[];
}

export interface ServerEvents {
  SessionCreated: { session: string; client: NodeId; timeout: Micros };
  SessionResumed: { session: string; client: NodeId; connection: ConnectionId };
  SessionExpired: { session: string; client: NodeId };
  WatchFired: { key: string; client: NodeId };
}

export interface Server {
  state: ServerState;
  receives: ServerRequests;
  sends: ServerAnswers;
  timers: { session: string };
  events: ServerEvents;
  options: { tickTime: Micros };
}

export type ServerNode = Node<Server>;

export const serverEvents: Record<keyof ServerEvents, string> = {
  SessionCreated: 'A client has a session: its ephemeral nodes exist while the server hears of it.',
  SessionResumed: 'A session goes on over another connection, with its ephemeral nodes.',
  SessionExpired:
    'The server has not heard from a client for its timeout: its session and nodes are deleted.',
  WatchFired: 'A client was notified that what it watched has changed; a watch fires once.',
};

export function isServer(node: Observed | undefined): node is Observed<ServerState> {
  return node?.role === 'server';
}
