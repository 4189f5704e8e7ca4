/** A server and a client of the store: as types. */
import type { Json, Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import type { OperationName, ToClient, ToServer } from './messages.ts';
import type { Session, Versions } from './sessions.ts';

/** The order of the writes of a register: by counter, then by node (Lamport's total order). */
export interface Version {
  readonly counter: number;
  readonly node: NodeId;
}

/** A value with the version of the write that wrote it. */
export interface Register {
  readonly value: Json;
  readonly version: Version;
}

/** A request of a client, at the server that executes it. */
export interface ClientRequest {
  readonly client: NodeId;
  readonly number: number;
  readonly name: OperationName;
  readonly key: string;
  readonly value: Json;
  readonly needs: Versions;
}

export interface ServerState {
  /** Key → its register; one that was never written is absent. */
  registers: Record<string, Register>;
  /** The writes that this server has applied, if its replication counts them. */
  applied: Versions;
  /** Requests that wait until this server has applied what their sessions need. */
  held: ClientRequest[];
}

export interface ServerOptions {
  replication: string;
}

export interface Server {
  state: ServerState;
  receives: ToServer;
  sends: ToClient;
  timers: object;
  events: {
    RequestHeld: { client: NodeId; key: string; needs: Versions };
    RequestReleased: { client: NodeId; key: string };
  };
  options: ServerOptions;
}

export type ServerNode = Node<Server>;

export interface ClientState {
  /** The number of its last request. */
  number: number;
  pending: {
    readonly number: number;
    readonly name: OperationName;
    readonly server: NodeId;
    readonly operation: OperationId;
    readonly sentAt: Micros;
  } | null;
  session: Session;
}

export interface ClientOptions {
  replication: string;
  near: NodeId | null;
  session: readonly string[];
  timeout: Micros;
}

export interface Client {
  state: ClientState;
  receives: ToClient;
  sends: ToServer;
  timers: { timeout: void };
  events: {
    TimedOut: { number: number; waited: Micros };
    Answered: { name: OperationName; result: Json; server: NodeId; took: Micros };
  };
  options: ClientOptions;
}

export type ClientNode = Node<Client>;

export const events: Record<keyof Server['events'] | keyof Client['events'], string> = {
  RequestHeld: 'A server holds a request until it has applied what the session needs.',
  RequestReleased: 'A server has applied what a held request needs, and executes it.',
  TimedOut: 'No answer came in time: the client does not know whether a write took effect.',
  Answered: 'A client has the answer to its request.',
};
