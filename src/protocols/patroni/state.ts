/** The states, messages, timers and events of members and of the lease store. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Requests } from '../../protocol/patterns.ts';
import type {
  Frozen, Json, MessageOf, Micros, Node, NodeId, OperationId,
} from '../../protocol/types.ts';
import type { MemberOptions } from './options.ts';
import type { Timeline, WalRecord, Written } from './wal.ts';

/** What the lease store holds: the keys /leader, /status, /sync and /history of a cluster. */
export interface Cluster {
  readonly leader: NodeId | null;
  /** Changes with each change of the leader key, except when it is refreshed. */
  readonly leaderRevision: number;
  /** The LSN that the leader wrote last. */
  readonly status: number;
  readonly sync: SyncKey;
  readonly history: readonly Timeline[];
}

/** Only these two may promote in synchronous mode; both null before the first promotion. */
export interface SyncKey {
  readonly leader: NodeId | null;
  readonly standby: NodeId | null;
  readonly revision: number;
}

interface Requested { request: number }

/** A member's requests to the lease store. Each comparison and its change are one transaction. */
export interface DcsRequests {
  ReadCluster: Requested;
  /** Takes the leader key if it is free and has not changed since `seen`. */
  AcquireLeader: Requested & { seen: number; ttl: Micros };
  /** Refreshes the leader key if it is the sender's, and writes the status. */
  RefreshLeader: Requested & { lsn: number; ttl: Micros };
  ReleaseLeader: Requested;
  /** Begins a timeline if the leader key is the sender's and /sync has not changed since `seen`. */
  BeginTimeline: Requested & { timeline: number; after: number; seen: number; isSync: boolean };
  /** Writes /sync if it has not changed since `seen`. */
  WriteSync: Requested & { standby: NodeId | null; seen: number };
}

export type DcsRequest = MessageOf<DcsRequests>;

export interface DcsAnswers {
  /** `ok` says whether the comparison succeeded; `cluster` is what there is afterwards. */
  DcsAnswer: Requested & { ok: boolean; cluster: Cluster };
  /** As an etcd watch on the leader key. */
  LeaderChanged: { leader: NodeId | null };
}

/** What members send each other: streaming replication, and the REST interface of Patroni. */
export interface MemberMessages {
  StartReplication: { lsn: number; timelines: readonly Timeline[] };
  ReplicationStarted: { timelines: readonly Timeline[]; records: readonly WalRecord[] };
  /** The receiver has records after `to` that the sender does not have. */
  RewindNeeded: { to: number };
  ReplicationRefused: object;
  Wal: { records: readonly WalRecord[] };
  Flushed: { lsn: number };
  GetStatus: object;
  Status: StatusFields;
  /** The leader asks whether it may go on without the lease store. */
  Failsafe: object;
  FailsafeAnswer: { accepts: boolean };
}

export interface StatusFields {
  isPrimary: boolean;
  timeline: number;
  lsn: number;
  /** False for a member that may not promote. */
  mayPromote: boolean;
  failoverPriority: number;
}

/** A statement of a client, and its result. */
export interface Statements {
  Write: { statement: number; key: string; value: Json };
  Read: { statement: number; key: string };
}

export interface Results {
  Done: { statement: number; value: Json; timeline: number };
  /** 25006: a write in a read-only transaction, on a replica. */
  ReadOnly: { statement: number };
}

/** A replica that streams from this primary, as in pg_stat_replication. */
export interface Follower {
  readonly node: NodeId;
  readonly connection: ConnectionId;
  flushed: number;
}

/** A commit that waits for the synchronous standby. */
export interface Waiting {
  readonly lsn: number;
  readonly write: string;
  readonly statement: number;
  readonly connection: ConnectionId;
}


export type Answered = { from: NodeId } & StatusFields;

/** Questions to all other members, each on a connection of its own. */
export interface Poll {
  readonly purpose: 'race' | 'failsafe';
  /** Connections without an answer yet. */
  open: ConnectionId[];
  answers: Answered[];
  /** With failsafe: how many accepted. One that does not answer does not accept. */
  accepted: number;
}

/** An answer in the socket of a stalled agent. */
export interface Held {
  readonly message: AgentAnswer;
  readonly from: NodeId;
  readonly connection: ConnectionId;
}

export type AgentAnswer = Frozen<MessageOf<
  Pick<DcsAnswers, 'DcsAnswer'> & Pick<MemberMessages, 'Status' | 'FailsafeAnswer'>
>>;

export interface MemberState extends Written {
  /** PostgreSQL: a primary accepts writes. Stopped: the machine boots, after its watchdog fired. */
  standing: 'primary' | 'replica' | 'stopped';
  /** PostgreSQL as a replica: the primary that it streams from, and the connection; '' for none. */
  follows: NodeId | null;
  link: ConnectionId;
  /** PostgreSQL as a primary. */
  followers: Follower[];
  waiting: Waiting[];
  /** `synchronous_standby_names`, and the LSN when it was set; `*` is any standby. */
  syncStandby: NodeId | null;
  syncFrom: number;
  /** The agent: when its loop began, and whether it has ended. */
  loopBegan: Micros;
  isLooping: boolean;
  requests: Requests<DcsRequest>;
  /** What the agent read last. */
  cluster: Cluster | null;
  poll: Poll | null;
  /** Until when it does not race, because it accepted that a leader goes on. */
  acceptsUntil: Micros;
  /** The agent does not run until then, and PostgreSQL does; answers to the agent are held. */
  stall: { until: Micros; held: Held[]; readonly operation: OperationId } | null;
  /** Whether the machine starts because its watchdog fired. */
  wasReset: boolean;
  /** When the watchdog resets the machine, by its clock; null while it is not armed. */
  watchdogAt: Micros | null;
  /** Settings that invariants compare with. */
  readonly limits: {
    readonly maximumLag: number; readonly priority: number; readonly margin: Micros;
  };
}

export interface MemberEvents {
  LeaderKeyAcquired: object;
  LeaderKeyRefused: { leader: NodeId | null };
  RaceBegan: { lsn: number; timeline: number };
  RaceWon: { lsn: number };
  RaceRefused: { reason: string };
  Promoted: { timeline: number; lsn: number };
  Demoted: { reason: string };
  DcsFailed: { waited: Micros };
  FailsafeContinued: { accepted: number };
  FailsafeAccepted: { leader: NodeId };
  WriteAppended: { lsn: number; timeline: number; write: string };
  WriteAcknowledged: { lsn: number; timeline: number; write: string; mode: string };
  WriteRefused: { key: string; client: NodeId };
  WriteFenced: { key: string; client: NodeId };
  ReplicationBegan: { from: NodeId; lsn: number };
  WritesLost: { writes: readonly string[]; to: NodeId };
  StandbyChanged: { standby: NodeId | null };
  WatchdogArmed: { until: Micros };
  WatchdogFed: { until: Micros };
  WatchdogFired: object;
  AgentStalled: { for: Micros };
  AgentResumed: object;
}

export interface Member {
  state: MemberState;
  receives: MemberMessages & DcsAnswers & Statements;
  sends: MemberMessages & DcsRequests & Results;
  timers: {
    loop: void;
    requestTimeout: string;
    poll: void;
    walReceiver: void;
    watchdog: void;
    boot: void;
    agent: void;
  };
  events: MemberEvents;
  options: MemberOptions;
}

export type MemberNode = Node<Member>;

export interface Dcs {
  state: { -readonly [Field in keyof Cluster]: Cluster[Field] } & { ttl: Micros };
  receives: DcsRequests;
  sends: DcsAnswers;
  timers: { lease: void };
  events: {
    LeaderKeyTaken: { leader: NodeId };
    LeaderKeyRefreshed: { leader: NodeId };
    LeaderKeyExpired: { leader: NodeId };
    LeaderKeyReleased: { leader: NodeId };
    TimelineBegan: { timeline: number; by: NodeId };
    SyncWritten: { leader: NodeId; standby: NodeId | null };
  };
  options: object;
}
