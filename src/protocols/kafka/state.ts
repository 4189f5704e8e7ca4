/** Kafka's replication as types: the partition's state, its log, and what a broker remembers. */
import type { Micros, NodeId } from '../../protocol/types.ts';

/** A record of the partition: the epoch is that of the leader which appended it (KIP-101). */
export interface LogRecord {
  readonly value: string | number | boolean;
  readonly producer: NodeId;
  readonly serial: number;
  readonly leaderEpoch: number;
}

/** The partition's znode: who leads in which epoch, and the in-sync replicas. */
export interface PartitionState {
  readonly leader: NodeId | null;
  readonly leaderEpoch: number;
  readonly isr: readonly NodeId[];
  /** The epoch of the controller that wrote it last. */
  readonly controllerEpoch: number;
}

export const paths = {
  controller: '/controller',
  controllerEpoch: '/controller_epoch',
  brokers: '/brokers/ids',
  partition: '/brokers/topics/orders/partitions/0/state',
} as const;

export type ZnodeValue = null | NodeId | number | PartitionState;

/** An operation of a `multi`, which succeeds or fails as a whole. */
export type ZnodeOp =
  | { readonly op: 'check'; readonly path: string; readonly version: number }
  | { readonly op: 'create ephemeral'; readonly path: string; readonly value: ZnodeValue }
  | {
      readonly op: 'set';
      readonly path: string;
      readonly value: ZnodeValue;
      readonly version: number;
    };

export type RequestBody =
  | { readonly type: 'Read'; readonly path: string; readonly watch: boolean }
  | { readonly type: 'Multi'; readonly ops: readonly ZnodeOp[] };

/** What a broker sends a request to ZooKeeper for. */
export type Purpose =
  | 'register' | 'find controller' | 'read epoch' | 'elect' | 'read brokers' | 'read partition'
  | 'write partition' | 'change isr';

export interface ZkRequest {
  readonly purpose: Purpose;
  readonly body: RequestBody;
}

/** A broker's end of its ZooKeeper session. */
export interface ZkClient {
  session: number | null;
  /** Identifies the last request for a session. */
  attempt: number;
  /** The number of the request that is first in the queue. */
  serial: number;
  /** Requests are executed in order; the first one is under way. */
  queue: ZkRequest[];
  /** Path → the zxid at which it was read. */
  watches: Record<string, number>;
}

/** What a broker knows while it is the controller. */
export interface Controller {
  readonly epoch: number;
  /** The version of /controller_epoch, which each of its writes checks. */
  readonly epochVersion: number;
  /** Live broker → its broker epoch, the zxid of its registration (KIP-380). */
  live: Record<NodeId, number>;
  /** Brokers that registered again before the controller saw that they were gone. */
  bounced: NodeId[];
  partition: PartitionState | null;
  partitionVersion: number;
  isWriting: boolean;
  /** Brokers that have answered LeaderAndIsr for the current leader epoch. */
  informed: NodeId[];
}

/** What a leader knows of a follower, from its fetches in this leader epoch. */
export interface Remote {
  logEndOffset: number | null;
  lastCaughtUp: Micros;
  lastFetch: Micros;
  /** The end of the leader's log at that fetch. */
  endAtLastFetch: number;
  /** The offset of the fetch that waits for an answer; null if none does. */
  asked: number | null;
  toldHighWatermark: number;
}

/** An ISR that the leader has asked ZooKeeper to store. */
export interface PendingIsr {
  readonly isr: readonly NodeId[];
  /** ZooKeeper refused it: this leader's knowledge is out of date, and it does not try again. */
  isRefused: boolean;
}

export type Acks = '0' | '1' | 'all';

/** A producer that waits until the record is below the high watermark. */
export interface Waiting {
  readonly producer: NodeId;
  readonly serial: number;
  readonly offset: number;
}

export type ErrorCode =
  | 'NOT_LEADER_OR_FOLLOWER' | 'NOT_ENOUGH_REPLICAS' | 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'
  | 'FENCED_LEADER_EPOCH' | 'UNKNOWN_LEADER_EPOCH' | 'OFFSET_OUT_OF_RANGE'
  | 'STALE_CONTROLLER_EPOCH' | 'STALE_BROKER_EPOCH';

export interface BrokerState {
  // Durable. The offset of a record is its index in the log.
  log: LogRecord[];
  /** All records below it are committed. */
  highWatermark: number;
  // Volatile: what ZooKeeper and the controller said.
  zk: ZkClient;
  brokerEpoch: number | null;
  controllerId: NodeId | null;
  controllerEpoch: number;
  controller: Controller | null;
  // The partition, as the last LeaderAndIsr said.
  standing: 'offline' | 'follower' | 'leader';
  leader: NodeId | null;
  leaderEpoch: number;
  isr: readonly NodeId[];
  // As the leader.
  partitionVersion: number;
  epochStart: number;
  pendingIsr: PendingIsr | null;
  remotes: Record<NodeId, Remote>;
  waiting: Waiting[];
  // As a follower: it compares its log with the leader's before it fetches.
  isTruncating: boolean;
}
