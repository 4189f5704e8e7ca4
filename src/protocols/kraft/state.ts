/** KRaft as types: the quorum-state file, and what voters, controllers and brokers remember. */
import type { NodeId } from '../../protocol/types.ts';
import type { ReplicaState } from '../kafka/partition/replica.ts';
import type { ToBroker } from './api.ts';
import type { MetadataBatch, MetadataImage } from './metadata.ts';

/** KIP-595, Quorum State: the file `quorum-state`, written before anything is said of it. */
export interface QuorumStateFile {
  leaderEpoch: number;
  leaderId: NodeId | null;
  votedId: NodeId | null;
}

/** The states of a voter. An observer is only `unattached` or `follower`. */
export type Standing =
  | 'unattached' | 'voted' | 'prospective' | 'candidate' | 'leader' | 'follower' | 'resigned';

/** A fetch that waits at the leader for records or for a higher high watermark. */
export interface WaitingFetch {
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number | null;
  readonly highWatermark: number | null;
}

/** LeaderState: what only the leader of the quorum knows. */
export interface QuorumLeader {
  epochStartOffset: number;
  /** Voter → the offset of its last fetch; null before its first. */
  endOffsets: Record<NodeId, number | null>;
  /** The voters that fetched since the check-quorum timer was reset. */
  fetchedVoters: NodeId[];
  waiting: Record<NodeId, WaitingFetch>;
}

/** The volatile part of QuorumState. */
export interface Quorum {
  standing: Standing;
  /** All batches below it are committed; null until this process knows one. */
  highWatermark: number | null;
  /** As a prospective or candidate. */
  granted: NodeId[];
  rejected: NodeId[];
  retries: number;
  isBackingOff: boolean;
  /** As a follower: whether it has fetched from the leader with success (KIP-996). */
  hasFetched: boolean;
  leader: QuorumLeader | null;
  /** As resigned: the voters that have not answered EndQuorumEpoch. */
  unacknowledged: NodeId[];
  successors: readonly NodeId[];
}

/** What voters and observers have in common. */
export interface MemberState {
  // Durable.
  quorumState: QuorumStateFile;
  /** The offset of a batch is its index. */
  metadataLog: MetadataBatch[];
  // Volatile.
  quorum: Quorum;
  image: MetadataImage;
  /** How many batches of the log are in the image. */
  applied: number;
}

/** An answer that leaves once what it is based on is committed. */
export interface Deferred {
  readonly offset: number;
  readonly to: NodeId;
  readonly message: ToBroker;
}

/** What the active controller remembers: QuorumController. */
export interface ActiveController {
  /** The controller epoch is the leader epoch of the quorum. */
  readonly epoch: number;
  /** The brokers whose session has not ended. */
  sessions: NodeId[];
  deferred: Deferred[];
  /** Broker → its last AlterPartition: on a connection, an earlier one does not come later. */
  requests: Record<NodeId, number>;
  /** Broker → the offset that it had applied at its last heartbeat. */
  offsets: Record<NodeId, number>;
  /** Broker in controlled shutdown → the offset of the batch that took its leadership. */
  shutdowns: Record<NodeId, number>;
}

export interface ControllerState extends MemberState {
  active: ActiveController | null;
}

export interface BrokerState extends MemberState, ReplicaState {
  incarnation: number;
  /** Null until the controller has answered BrokerRegistration. */
  brokerEpoch: number | null;
  /** A controlled shutdown: after it, the process has ended. */
  shutdown: 'no' | 'wanted' | 'done';
  /** The partition epoch that this replica acts on. */
  partitionEpoch: number;
  /** The number of the AlterPartition that is not answered yet. */
  alterPartition: number | null;
  requests: number;
}

