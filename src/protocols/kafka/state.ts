/** Kafka with ZooKeeper as types: the partition's znode, requests, and what a broker remembers. */
import type { NodeId } from '../../protocol/types.ts';
import type { ReplicaState } from './partition/replica.ts';

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

export interface BrokerState extends ReplicaState {
  // Volatile: what ZooKeeper and the controller said.
  zk: ZkClient;
  brokerEpoch: number | null;
  controllerId: NodeId | null;
  controllerEpoch: number;
  controller: Controller | null;
  // As the leader of the partition.
  partitionVersion: number;
}
