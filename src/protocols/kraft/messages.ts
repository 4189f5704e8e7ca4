/** The messages of the quorum, and the types of its roles: controllers and brokers. */
import type { Frozen, Micros, Node, NodeId } from '../../protocol/types.ts';
import type {
  BetweenReplicas, EpochEnd, FromClients, ReplicaEvents, ReplicaOptions, ToClients,
} from '../kafka/partition/replica.ts';
import type { ControllerError, FromController, ToController } from './api.ts';
import type { MetadataBatch, MetadataRecord, PartitionRegistration } from './metadata.ts';
import type { BrokerState, ControllerState, MemberState, Standing } from './state.ts';

export type QuorumError =
  | 'FENCED_LEADER_EPOCH' | 'UNKNOWN_LEADER_EPOCH' | 'NOT_LEADER_OR_FOLLOWER';

/** What each answer of a member says of the leader: with it, the receiver catches up. */
export interface LeaderAndEpoch {
  error: QuorumError | null;
  leaderId: NodeId | null;
  leaderEpoch: number;
}

/** KIP-595, Vote. With `preVote` the epoch is the sender's own, not one higher (KIP-996). */
export interface Vote {
  leaderEpoch: number;
  lastEpoch: number | null;
  lastOffset: number;
  preVote: boolean;
}

export interface VoteResponse extends LeaderAndEpoch {
  voteGranted: boolean;
  preVote: boolean;
}

/** KIP-595, BeginQuorumEpoch: the leader tells the voters that it has been elected. */
export interface BeginQuorumEpoch {
  leaderEpoch: number;
}

/** KIP-595, EndQuorumEpoch: the leader resigns; the first successor need not wait. */
export interface EndQuorumEpoch {
  leaderEpoch: number;
  preferredSuccessors: readonly NodeId[];
}

/** KIP-595, Fetch, for the metadata log. Its offset says what the sender has stored. */
export interface MetadataFetch {
  currentLeaderEpoch: number;
  fetchOffset: number;
  lastFetchedEpoch: number | null;
  /** What the sender knows; a leader that knows more answers at once (KIP-1166). */
  highWatermark: number | null;
}

export interface MetadataFetchResponse extends LeaderAndEpoch {
  /** As in the request: a late answer fits no longer. */
  fetchOffset: number;
  lastFetchedEpoch: number | null;
  /** Where the sender's last epoch ends in the leader's log, if it must be truncated. */
  divergingEpoch: EpochEnd | null;
  records: readonly MetadataBatch[];
  highWatermark: number | null;
}

/** From a voter to a voter. */
export interface BetweenVoters {
  Vote: Vote;
  VoteResponse: VoteResponse;
  BeginQuorumEpoch: BeginQuorumEpoch;
  BeginQuorumEpochResponse: LeaderAndEpoch;
  EndQuorumEpoch: EndQuorumEpoch;
  EndQuorumEpochResponse: LeaderAndEpoch;
}

/** Events of voters and observers. */
export interface MemberEvents {
  EpochChanged: { from: number; to: number };
  LeaderDiscovered: { epoch: number; leaderId: NodeId };
  FetchTimedOut: { epoch: number; leaderId: NodeId | null };
  MetadataReplicated: { offset: number; count: number };
  MetadataTruncated: { from: number; to: number; highWatermark: number | null };
  MetadataCommitted: { highWatermark: number };
}

/** What voters and observers share: following the leader. */
export interface Member {
  state: MemberState;
  receives: { MetadataFetchResponse: MetadataFetchResponse };
  sends: { MetadataFetch: MetadataFetch };
  timers: { fetchTimeout: void; request: void; retry: void };
  events: MemberEvents;
  options: { fetchTimeout: Micros; requestTimeout: Micros; retryBackoff: Micros };
}

export interface VoterEvents extends MemberEvents {
  ElectionTimedOut: { epoch: number; standing: Standing };
  PreVoteGranted: { epoch: number; candidateId: NodeId };
  PreVoteRejected: { epoch: number; candidateId: NodeId; reason: string };
  VoteGranted: { epoch: number; candidateId: NodeId };
  VoteRejected: { epoch: number; candidateId: NodeId; reason: string };
  ElectionBackedOff: { epoch: number; rejected: number };
  QuorumLeaderElected: { epoch: number; votes: number };
  LeaderResigned: { epoch: number; reason: string };
  FetchRefused: { error: QuorumError; from: NodeId; currentLeaderEpoch: number };
}

export interface ControllerEvents extends VoterEvents {
  ControllerActivated: { epoch: number };
  ControllerDeactivated: { epoch: number; undone: number };
  MetadataAppended: { offset: number; epoch: number; records: readonly MetadataRecord[] };
  BrokerRegistered: { brokerId: NodeId; brokerEpoch: number };
  BrokerFenced: { brokerId: NodeId; brokerEpoch: number };
  BrokerUnfenced: { brokerId: NodeId; brokerEpoch: number };
  RequestRefused: { error: ControllerError; brokerId: NodeId };
  PartitionChanged: Omit<PartitionRegistration, 'replicas'>;
  UncleanElection: { leader: NodeId; leaderEpoch: number; isr: readonly NodeId[] };
}

export interface Controller {
  state: ControllerState;
  receives: BetweenVoters & ToController & { MetadataFetch: MetadataFetch } & Member['receives'];
  sends: BetweenVoters & FromController & Member['sends'] & Member['receives'];
  timers: Member['timers'] & {
    election: void; backoff: void; fetchWait: string; checkQuorum: void; beginQuorumEpoch: void;
    endQuorumEpoch: void; session: string;
  };
  events: ControllerEvents;
  options: Member['options'] & {
    electionTimeout: Micros;
    electionBackoffMax: Micros;
    fetchMaxWait: Micros;
    fetchMaxBatches: number;
    preVote: boolean;
    brokerSessionTimeout: Micros;
    uncleanElection: boolean;
  };
}

export interface BrokerEvents extends MemberEvents, ReplicaEvents {
  MetadataApplied: { offset: number; records: readonly MetadataRecord[] };
  BrokerStarted: { brokerEpoch: number };
  BrokerFencing: { fenced: boolean };
  BrokerShutDown: { brokerEpoch: number };
}

export interface Broker {
  state: BrokerState;
  receives: Member['receives'] & FromController & BetweenReplicas & FromClients;
  sends: Member['sends'] & ToController & BetweenReplicas & ToClients;
  timers: Member['timers'] & {
    register: void; heartbeat: void; alterPartition: void; fetch: void; isrCheck: void;
  };
  events: BrokerEvents;
  options: Member['options'] & ReplicaOptions & {
    heartbeatInterval: Micros;
    actsOn: string;
  };
}

export type Voter = Node<Controller>;
export type Received<Type extends keyof Controller['receives']> =
  Frozen<Controller['receives'][Type]>;
export type ReceivedByBroker<Type extends keyof Broker['receives']> =
  Frozen<Broker['receives'][Type]>;
