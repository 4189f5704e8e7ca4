/** The state, events and options of a ZooKeeper server. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Micros, Node, NodeId, Observed } from '../../protocol/types.ts';
import type { Tree } from './tree.ts';
import type { Watch } from './watches.ts';
import type { Command, ServerAnswers, ServerRequests } from './wire.ts';
import type { Election } from './zab/election-state.ts';
import type { Following } from './zab/learner-state.ts';
import type { Leading } from './zab/leader-state.ts';
import type {
  ChangedVote, PeerMessages, PeerState, Session, Snapshot, Transaction, Vote,
} from './zab/packets.ts';

/** A request of a client that has no reply yet. */
export interface Queued {
  readonly xid: number;
  readonly command: Command | { readonly op: 'ping' };
  /** Whether its reply waits until it is committed. */
  readonly needsCommit: boolean;
}

/** A connection on which a session goes on. */
export interface Attached {
  readonly session: string;
  readonly client: NodeId;
  /** Negotiated anew for each connection; what arrives on it extends the session by this. */
  readonly timeout: Micros;
  /** Whether it was opened for a new session, or goes on with one. */
  readonly isNew: boolean;
  /** Whether the session is known to exist, so that its requests are executed. */
  isReady: boolean;
  /** In the order of their arrival, which is that of their replies. */
  queue: Queued[];
}

/** The tree and the sessions, as all transactions up to `zxid` left them (ZKDatabase). */
export interface Database extends Tree {
  /** The last transaction that was executed. */
  zxid: number;
  sessions: Record<string, Session>;
}

export interface ServerState extends Database {
  /** On disk: the transactions since the snapshot, committed or not. */
  log: Transaction[];
  snapshot: Snapshot;
  /** The last epoch that it promised to follow, and the last whose leader's log it has. */
  acceptedEpoch: number;
  currentEpoch: number;
  /** How many sessions this server has created. */
  sessionCount: number;

  peerState: PeerState;
  /** The phase of Zab; it serves clients in the last one. */
  zabState: 'ELECTION' | 'DISCOVERY' | 'SYNCHRONIZATION' | 'BROADCAST';
  /** The round of elections. */
  logicalClock: number;
  /** The vote that ended its last election. */
  vote: Vote | null;
  /** Its part in the election; null while it leads or follows. */
  election: Election | null;
  /** Its connections for elections, one to each server. */
  links: Record<NodeId, ConnectionId>;
  leading: Leading | null;
  following: Following | null;
  /** Whether its log cannot be truncated as it should be, so that it needs a snapshot. */
  needsSnapshot: boolean;

  connections: Record<ConnectionId, Attached>;
  /**
   * The writes of each session, by their xids, whose connection ended before they were committed.
   * They need no reply, but the requests of the session on its next connection wait for them.
   */
  unanswered: Record<string, number[]>;
  /** A watch fires once. */
  watches: Watch[];
  /** The sessions heard since the leader's last ping, with their timeouts. */
  touched: Record<string, Micros>;
}

export interface ServerEvents {
  ElectionStarted: { round: number };
  /** `from` is the vote that it had before. */
  VoteChanged: ChangedVote & { from: ChangedVote };
  ElectionEnded: { leader: NodeId; round: number };
  EpochAccepted: { epoch: number };
  EpochEstablished: { epoch: number };
  LearnerSynchronized: { learner: NodeId; by: 'DIFF' | 'TRUNC' | 'SNAP'; zxid: number };
  LogTruncated: { zxid: number; removed: number };
  LeaderFollowed: { leader: NodeId; epoch: number };
  TransactionCommitted: { zxid: number };
  QuorumLost: { epoch: number; synced: number };
  LeaderLost: { leader: NodeId };
  SessionCreated: { session: string; client: NodeId; timeout: Micros };
  SessionResumed: { session: string; client: NodeId; connection: ConnectionId };
  SessionExpired: { session: string; client: NodeId };
  SessionMoved: { session: string; client: NodeId };
  ClientRefused: { client: NodeId; seen: number; zxid: number };
  WatchFired: { key: string; client: NodeId };
}

export interface ServerOptions {
  tickTime: Micros;
  initLimit: number;
  syncLimit: number;
  commitLogCount: number;
}

export interface Server {
  state: ServerState;
  receives: ServerRequests & PeerMessages;
  sends: ServerAnswers & PeerMessages;
  timers: {
    session: string; tick: void; notification: void; finalize: void; limit: void;
    read: ConnectionId; connectLeader: void; connectPeer: NodeId; logged: string;
  };
  events: ServerEvents;
  options: ServerOptions;
}

export type ServerNode = Node<Server>;

export const serverEvents: Record<keyof ServerEvents, string> = {
  ElectionStarted: 'A server has no leader: it begins a round of elections and proposes itself.',
  VoteChanged: 'A server proposes another one as leader: a better vote, or a newer round.',
  ElectionEnded: 'A server has seen the same vote from a quorum: it leads, follows or observes.',
  EpochAccepted: 'A server promises to follow no leader of an earlier epoch.',
  EpochEstablished: 'A quorum has the log of the leader, which begins to broadcast.',
  LearnerSynchronized: 'A leader sends a learner what its log lacks, or what it has too much of.',
  LogTruncated: 'A server deleted transactions that its leader does not have.',
  LeaderFollowed: 'A learner has the log of its leader, and serves clients.',
  TransactionCommitted: 'A quorum has logged a transaction: its leader commits it.',
  QuorumLost: 'A leader has no quorum of synchronized servers: it stops leading.',
  LeaderLost: 'A learner has no connection to its leader, or does not hear from it.',
  SessionCreated: 'A client has a session: its ephemeral nodes exist while the server hears of it.',
  SessionResumed: 'A session goes on over another connection, with its ephemeral nodes.',
  SessionExpired:
    'The leader has not heard of a client for its timeout: it ends its session, with its nodes.',
  SessionMoved: 'A request came where its session no longer is: the connection is closed.',
  ClientRefused: 'A client has seen a later state than that of this server, which refuses it.',
  WatchFired: 'A client was notified that what it watched has changed; a watch fires once.',
};

export function isServer(node: Observed | undefined): node is Observed<ServerState> {
  return node?.role === 'server' || node?.role === 'observer';
}

/** The server that knows most of those that serve clients; undefined while none does. */
export function newestServer(nodes: readonly Observed[]): Observed<ServerState> | undefined {
  let newest: Observed<ServerState> | undefined;
  for (const node of nodes) {
    if (!isServer(node) || node.state.zabState !== 'BROADCAST') continue;
    if (newest === undefined || node.state.zxid > newest.state.zxid) newest = node;
  }
  return newest;
}
