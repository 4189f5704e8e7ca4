/** The messages of Kafka's brokers and clients, and those of ZooKeeper, with their citations. */
import type { Frozen, Micros, NodeId } from '../../protocol/types.ts';
import type {
  Acks, BrokerState, ErrorCode, LogRecord, PartitionState, ZnodeOp, ZnodeValue,
} from './state.ts';

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

export interface Fetch {
  leaderEpoch: number;
  /** The end of the follower's log: it has all records below. */
  offset: number;
}

export interface FetchResponse {
  error: ErrorCode | null;
  leaderEpoch: number;
  offset: number;
  records: readonly LogRecord[];
  highWatermark: number;
  logEndOffset: number;
}

/** KIP-101: where does this epoch end in the leader's log? */
export interface OffsetForLeaderEpoch {
  currentLeaderEpoch: number;
  epoch: number;
}

export interface EpochEndOffset {
  error: ErrorCode | null;
  currentLeaderEpoch: number;
  asked: number;
  /** The largest epoch of the leader's log that is not above the one that was asked for. */
  epoch: number;
  endOffset: number;
}

export interface Between {
  LeaderAndIsr: LeaderAndIsr;
  LeaderAndIsrResponse: LeaderAndIsrResponse;
  Fetch: Fetch;
  FetchResponse: FetchResponse;
  OffsetForLeaderEpoch: OffsetForLeaderEpoch;
  EpochEndOffset: EpochEndOffset;
}

export interface Produce {
  serial: number;
  acks: Acks;
  value: LogRecord['value'];
}

export interface FromClients {
  Produce: Produce;
  /** A Fetch of a consumer: its replica id is −1 in Kafka. */
  ConsumerFetch: { serial: number; offset: number };
}

export interface ProduceResponse {
  serial: number;
  error: ErrorCode | null;
  offset: number;
  /** The leader that the broker knows (KIP-951). */
  leader: NodeId | null;
}

export interface ConsumerResponse {
  serial: number;
  error: ErrorCode | null;
  offset: number;
  records: readonly LogRecord[];
  /** The end of the leader's log, if the offset is out of range. */
  logEndOffset: number;
  leader: NodeId | null;
}

export interface ToClients {
  ProduceResponse: ProduceResponse;
  ConsumerResponse: ConsumerResponse;
}

export interface BrokerEvents {
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
  LeaderStarted: { leaderEpoch: number; logEndOffset: number; highWatermark: number };
  FollowerStarted: { leaderEpoch: number; leader: NodeId | null };
  RecordAppended: { offset: number; leaderEpoch: number; value: LogRecord['value'] };
  RecordsReplicated: { offset: number; count: number };
  LogTruncated: { from: number; to: number; highWatermark: number };
  HighWatermarkAdvanced: { highWatermark: number };
  RecordAcknowledged: { offset: number; acks: Acks; leaderEpoch: number };
  ProduceRefused: { error: ErrorCode; producer: NodeId };
  IsrShrinking: { isr: readonly NodeId[]; out: readonly NodeId[] };
  IsrExpanding: { isr: readonly NodeId[]; in: NodeId };
  IsrChanged: { isr: readonly NodeId[] };
  IsrChangeRefused: { isr: readonly NodeId[]; leaderEpoch: number };
  FollowerFenced: { error: ErrorCode; follower: NodeId; leaderEpoch: number };
}

export interface Broker {
  state: BrokerState;
  receives: FromZooKeeper & Between & FromClients;
  sends: ToZooKeeper & Between & ToClients;
  timers: {
    ping: void; zkRetry: void; register: void; inform: void; fetch: void; isrCheck: void;
  };
  events: BrokerEvents;
  options: {
    sessionTimeout: Micros;
    requestTimeout: Micros;
    fetchInterval: Micros;
    fetchMaxRecords: number;
    lagTimeMax: Micros;
    minInsyncReplicas: number;
    uncleanElection: boolean;
    truncation: string;
    checksControllerEpoch: boolean;
    freezesBelowMinIsr: boolean;
  };
}

export type Received<Type extends keyof Broker['receives']> = Frozen<Broker['receives'][Type]>;
