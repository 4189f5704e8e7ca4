/** The metadata log as types: its records and batches, and what they add up to (KIP-631). */
import type { NodeId } from '../../protocol/types.ts';

/**
 * KIP-631: the records of the metadata log. LeaderChange is a control record of the quorum. The
 * log has one topic, `orders`, with one partition; `fenced` and `inControlledShutdown` are null
 * where a record does not change them.
 */
export type MetadataRecord =
  | { readonly type: 'LeaderChange'; readonly leaderId: NodeId; readonly voters: readonly NodeId[] }
  | {
      readonly type: 'RegisterBroker';
      readonly brokerId: NodeId;
      /** A random number of the process: after a restart it is another one. */
      readonly incarnation: number;
      /** The offset of this record. A new broker is fenced. */
      readonly brokerEpoch: number;
    }
  | {
      readonly type: 'BrokerRegistrationChange';
      readonly brokerId: NodeId;
      readonly brokerEpoch: number;
      readonly fenced: boolean | null;
      readonly inControlledShutdown: true | null;
    }
  | { readonly type: 'Topic'; readonly name: string }
  | {
      readonly type: 'Partition';
      readonly replicas: readonly NodeId[];
      readonly isr: readonly NodeId[];
      readonly leader: NodeId | null;
    }
  | {
      /** Fields that are undefined do not change. Each leader begins a new leader epoch. */
      readonly type: 'PartitionChange';
      readonly isr?: readonly NodeId[];
      readonly leader?: NodeId | null;
    };

/** Records that are appended, committed and applied together. Here a batch has one offset. */
export interface MetadataBatch {
  readonly leaderEpoch: number;
  readonly records: readonly MetadataRecord[];
}

export interface BrokerRegistration {
  readonly incarnation: number;
  readonly brokerEpoch: number;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
}

export interface PartitionRegistration {
  readonly replicas: readonly NodeId[];
  readonly isr: readonly NodeId[];
  readonly leader: NodeId | null;
  readonly leaderEpoch: number;
  /** Grows with each change; AlterPartition names the one that the leader knows. */
  readonly partitionEpoch: number;
}

/** What the records of the metadata log add up to. */
export interface MetadataImage {
  brokers: Record<NodeId, BrokerRegistration>;
  partition: PartitionRegistration | null;
}
