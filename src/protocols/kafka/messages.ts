/** The messages of Kafka's brokers and clients, and those of ZooKeeper, with their citations. */
import type { Frozen, Micros, NodeId } from '../../protocol/types.ts';
import type {
  BetweenReplicas, ErrorCode, FromClients, ReplicaEvents, ReplicaOptions, ToClients,
} from './partition/replica.ts';
import type { BrokerState, PartitionState, ZnodeOp, ZnodeValue } from './state.ts';

/** From a broker to ZooKeeper. */
export interface ToZooKeeper {
  OpenSession: { attempt: number; timeout: Micros };
  /** Keeps the session, and sets the watches again: as SetWatches does on a new connection. */
  Ping: { session: number; watches: readonly { path: string; zxid: number }[] };
  Read: { session: number; serial: number; path: string; watch: boolean };
  Multi: { session: number; serial: number; ops: readonly ZnodeOp[] };
}

export interface ReadReply {
  session: number;
  serial: number;
  zxid: number;
  value: ZnodeValue;
  version: number;
  /** The children of the path, with the zxid that created each. */
  children: readonly { name: string; czxid: number }[];
}

export interface MultiReply {
  session: number;
  serial: number;
  zxid: number;
  error: 'NODE_EXISTS' | 'BAD_VERSION' | null;
  /** The path of the operation that failed; of the last one if none did. */
  path: string;
  /** Its value and version now. */
  value: ZnodeValue;
  version: number;
}

export interface FromZooKeeper {
  SessionOpened: { attempt: number; session: number };
  SessionExpired: { session: number };
  ReadReply: ReadReply;
  MultiReply: MultiReply;
  WatchEvent: { session: number; path: string; zxid: number };
}

/** From the controller to all replicas; in Kafka, UpdateMetadata tells the other brokers. */
export interface LeaderAndIsr {
  controllerEpoch: number;
  brokerEpoch: number;
  partition: Omit<PartitionState, 'controllerEpoch'>;
  partitionVersion: number;
}

export interface LeaderAndIsrResponse {
  controllerEpoch: number;
  leaderEpoch: number;
  error: ErrorCode | null;
}

export interface Between extends BetweenReplicas {
  LeaderAndIsr: LeaderAndIsr;
  LeaderAndIsrResponse: LeaderAndIsrResponse;
}

export interface BrokerEvents extends ReplicaEvents {
  BrokerRegistered: { brokerEpoch: number };
  SessionLost: { session: number };
  ControllerElected: { controllerEpoch: number };
  ControllerElectionLost: { controllerId: NodeId | null };
  ControllerFenced: { controllerEpoch: number; current: number };
  ControllerResigned: { controllerEpoch: number; controllerId: NodeId | null };
  PartitionDecided: PartitionState;
  PartitionChanged: PartitionState;
  UncleanElection: { leader: NodeId; leaderEpoch: number; isr: readonly NodeId[] };
  StaleControllerRefused: { controllerEpoch: number; current: number };
}

export interface Broker {
  state: BrokerState;
  receives: FromZooKeeper & Between & FromClients;
  sends: ToZooKeeper & Between & ToClients;
  timers: {
    ping: void; zkRetry: void; register: void; inform: void; fetch: void; isrCheck: void;
  };
  events: BrokerEvents;
  options: ReplicaOptions & {
    sessionTimeout: Micros;
    requestTimeout: Micros;
    uncleanElection: boolean;
    truncation: string;
    checksControllerEpoch: boolean;
  };
}

export type Received<Type extends keyof Broker['receives']> = Frozen<Broker['receives'][Type]>;
