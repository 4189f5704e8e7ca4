/** A server and a client of the store: as types. */
import type { Json, Micros, Node, NodeId, OperationId } from '../../../protocol/types.ts';
import type { CausalEvents, CausalOptions, CausalState } from '../causal/causal-state.ts';
import type { Cells, GossipEvents, GossipOptions } from '../gossip/gossip-state.ts';
import type {
  BetweenServers, LogEntry, OperationName, Register, ToClient, ToServer,
} from './messages.ts';
import type { Session, Versions } from './sessions.ts';
import type { Version } from './versions.ts';

/** A request of a client, at the server that executes it. */
export interface ClientRequest {
  readonly client: NodeId;
  readonly number: number;
  readonly name: OperationName;
  readonly key: string;
  readonly value: Json;
  readonly needs: Versions;
  readonly context: Versions;
}

/** What reads at a server promise: see `promise.ts`. */
export type Promised = 'atomic' | 'regular' | 'nothing';

export interface ServerState {
  /** What its settings promise of reads here. */
  promises: Promised;
  /** Key → its register; one that was never written is absent. */
  registers: Record<string, Register>;
  /** The writes that this server has applied, if its replication counts them. */
  applied: Versions;
  /** Requests that wait until this server has applied what their sessions need. */
  held: ClientRequest[];
  /** Client → the number of the last request by which it changed something here. */
  lastChange: Record<NodeId, number>;

  /** The leader: all writes in their order. */
  log: LogEntry[];
  /** The leader: follower → the index up to which it has said that it has all entries. */
  acknowledged: Record<NodeId, number>;
  /** The leader: writes that wait for followers, in their order. */
  unanswered: { readonly client: NodeId; readonly number: number; readonly index: number }[];
  /** The leader: the index of the first entry that it has collected and not shipped. */
  unshipped: number | null;
  /** The leader: whether its `repeat` timer is set. */
  repeats: boolean;

  /** A coordinator: key → the highest counter of a version that it has issued. */
  issued: Record<string, number>;
  /** A coordinator: the id of a request → how far it is. */
  coordinating: Record<string, Coordination>;
  /** What it keeps for servers that could not be reached. */
  hints: Hint[];

  /** Causal replication: the writes that it has applied and those it holds back. */
  causal: CausalState | null;
  /** Gossip: key → the own copy. */
  cells: Cells;
}

/** A request at its coordinator, which gathers a quorum. */
export interface Coordination {
  readonly request: ClientRequest;
  /**
   * Asking for copies, then storing one. Once the client is answered, a read repairs the copies
   * that were stale, and a write spreads to all that should have it.
   */
  phase: 'asking' | 'storing' | 'repairing' | 'spreading';
  /** The register that was found newest, or that is written. */
  register: Register | null;
  /** Server → the copy that it said it has. */
  copies: Record<NodeId, Register | null>;
  /** Servers that have the register, or a newer one. */
  stored: NodeId[];
  /** Server that cannot be reached → the server that stands in for it. */
  standIns: Record<NodeId, NodeId>;
}

/** A register that another server should have. */
export interface Hint {
  readonly home: NodeId;
  readonly key: string;
  readonly register: Register;
}

export interface ServerOptions extends CausalOptions, GossipOptions {
  replication: string;
  synchronousFollowers: number;
  shipEvery: Micros;
  copies: number;
  readQuorum: number;
  writeQuorum: number;
  writeBack: boolean;
  readRepair: boolean;
  sloppy: boolean;
  standInAfter: Micros;
  handOffEvery: Micros;
  giveUpAfter: Micros;
  repeatEvery: Micros;
}

export interface Server {
  state: ServerState;
  receives: ToServer;
  sends: ToClient & BetweenServers;
  timers: {
    ship: void; repeat: void; ask: string; standIn: string; giveUp: string; handOff: void;
    synchronize: void; gossip: void;
  };
  events: CausalEvents & GossipEvents & {
    RequestHeld: { client: NodeId; key: string; needs: Versions };
    RequestReleased: { client: NodeId; key: string };
    RepetitionIgnored: { client: NodeId; number: number };
    WriteApplied: { key: string; value: Json; index: number; lag: Micros };
    CopyStored: { key: string; value: Json; version: string };
    StaleCopyFound: { server: NodeId; key: string; has: string; newest: string };
    WriteBackStarted: { key: string; version: string; servers: NodeId[] };
    QuorumReached: { client: NodeId; key: string; version: string; servers: NodeId[] };
    WriteAnswered: { client: NodeId; key: string; version: Version; servers: number };
    QuorumMissed: { client: NodeId; key: string; servers: NodeId[]; needed: number };
    StandInAsked: { server: NodeId; home: NodeId };
    HintKept: { home: NodeId; key: string; version: string };
    HintDelivered: { home: NodeId; key: string; version: string };
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
    readonly key: string;
    readonly server: NodeId;
    readonly operation: OperationId;
    readonly sentAt: Micros;
  } | null;
  session: Session;
  /** Gossip: key → the context of its last read. */
  contexts: Record<string, Versions>;
}

export interface ClientOptions {
  replication: string;
  near: NodeId | null;
  readFrom: string;
  writeTo: string;
  session: readonly string[];
  sessionBy: string;
  timeout: Micros;
}

export interface Client {
  state: ClientState;
  receives: ToClient;
  sends: Pick<ToServer, 'Request'>;
  timers: { timeout: void };
  events: {
    TimedOut: { number: number; waited: Micros };
    Answered: {
      name: OperationName; key: string; result: Json; version: Version | null; server: NodeId;
      took: Micros;
    };
  };
  options: ClientOptions;
}

export type ClientNode = Node<Client>;
