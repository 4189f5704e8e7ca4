/** A replica of the partition, as ZooKeeper mode and KRaft mode have it. */
import type { Admits } from '../../../protocol/look.ts';
import type { Frozen, Micros, Node, NodeId } from '../../../protocol/types.ts';

/** A record of the partition: the epoch is that of the leader which appended it (KIP-101). */
export interface LogRecord {
  readonly value: string | number | boolean;
  readonly producer: NodeId;
  readonly serial: number;
  readonly leaderEpoch: number;
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

/** An ISR that the leader has asked the controller, or ZooKeeper, to store. */
export interface PendingIsr {
  readonly isr: readonly NodeId[];
  /** It was refused: this leader's knowledge is out of date, and it does not try again. */
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

export interface ReplicaState {
  // Durable. The offset of a record is its index in the log.
  log: LogRecord[];
  /** All records below it are committed. */
  highWatermark: number;
  // Volatile: the partition, as the controller said.
  standing: 'offline' | 'follower' | 'leader';
  leader: NodeId | null;
  leaderEpoch: number;
  isr: readonly NodeId[];
  // As the leader.
  epochStart: number;
  pendingIsr: PendingIsr | null;
  remotes: Record<NodeId, Remote>;
  waiting: Waiting[];
  // As a follower.
  /** It compares its log with the leader's before it fetches: OffsetForLeaderEpoch (KIP-101). */
  isTruncating: boolean;
  /** Its fetches name its last epoch, and the leader says where the logs diverge (KIP-595). */
  truncatesOnFetch: boolean;
}

export interface EpochEnd {
  readonly epoch: number;
  readonly endOffset: number;
}

export interface Fetch {
  leaderEpoch: number;
  /** The end of the follower's log: it has all records below. */
  offset: number;
  /** The epoch of its last record; null if the log is empty, or not compared by fetches. */
  lastFetchedEpoch: number | null;
}

export interface FetchResponse {
  error: ErrorCode | null;
  leaderEpoch: number;
  offset: number;
  /** Where the follower's last epoch ends in the leader's log, if it must be truncated. */
  divergingEpoch: EpochEnd | null;
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

export interface BetweenReplicas {
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

export interface ReplicaEvents {
  LeaderStarted: { leaderEpoch: number; logEndOffset: number; highWatermark: number };
  FollowerStarted: { leaderEpoch: number; leader: NodeId | null };
  RecordAppended: {
    offset: number; leaderEpoch: number; value: LogRecord['value']; producer: NodeId;
  };
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

export const replicaEvents: Record<keyof ReplicaEvents, string> = {
  LeaderStarted: 'A broker leads the partition in a new epoch.',
  FollowerStarted: 'A broker follows in a new epoch; without a leader, it waits for one.',
  RecordAppended: 'The leader appended a record to its own log.',
  RecordsReplicated: 'A follower appended records of the leader.',
  LogTruncated: 'A replica removed the end of its log, which differs from the leader\'s.',
  HighWatermarkAdvanced: 'More records are committed, as far as this replica knows.',
  RecordAcknowledged: 'The leader told a producer that its record is stored.',
  ProduceRefused: 'A broker answered a producer with an error.',
  IsrShrinking: 'The leader wants replicas to leave the ISR, because they lag.',
  IsrExpanding: 'The leader wants a replica to return to the ISR, because it has caught up.',
  IsrChanged: 'The ISR of the leader is stored.',
  IsrChangeRefused: 'The ISR of a leader that knows an old version was refused.',
  FollowerFenced: 'A broker refused a fetch: it does not lead, or not in that epoch.',
};

/** What the partition accepts of producers: a write has the epoch of the leader that took it. */
export const admitsRecord: Admits = ({ name, fields }) => {
  const { offset, value, leaderEpoch, producer: from, error } = fields;
  if (name === 'RecordAppended') {
    return { accepted: true, from, what: `offset ${offset}: ${String(value)}`, token: leaderEpoch };
  }
  if (name !== 'ProduceRefused') return undefined;
  return { accepted: false, from, reason: String(error) };
};

export interface ReplicaOptions {
  fetchInterval: Micros;
  fetchMaxRecords: number;
  lagTimeMax: Micros;
  minInsyncReplicas: number;
  freezesBelowMinIsr: boolean;
}

export interface Replica {
  state: ReplicaState;
  receives: BetweenReplicas & FromClients;
  sends: BetweenReplicas & ToClients;
  timers: { fetch: void; isrCheck: void };
  events: ReplicaEvents;
  options: ReplicaOptions;
}

export type ReplicaNode = Node<Replica>;

/** How a leader changes the ISR: it stores it in ZooKeeper, or asks KRaft's controller. */
export interface IsrStore {
  store(node: ReplicaNode, isr: readonly NodeId[]): void;
  /** Whether the follower may be in the ISR, as far as the leader knows. */
  mayJoin(node: ReplicaNode, follower: NodeId): boolean;
}

export type Received<Type extends keyof Replica['receives']> = Frozen<Replica['receives'][Type]>;

export function noReplica(truncatesOnFetch: boolean): ReplicaState {
  return {
    log: [], highWatermark: 0, standing: 'offline', leader: null, leaderEpoch: -1, isr: [],
    epochStart: 0, pendingIsr: null, remotes: {}, waiting: [], isTruncating: false,
    truncatesOnFetch,
  };
}
