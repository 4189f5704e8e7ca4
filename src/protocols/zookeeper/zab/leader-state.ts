/** What a leader keeps of its epoch, its learners and its proposals (Leader, LearnerHandler). */
import type { ConnectionId } from '../../../protocol/connection.ts';
import type { Micros, NodeId } from '../../../protocol/types.ts';
import type { Znode } from '../tree.ts';
import type { Request, Transaction } from './packets.ts';

/** A connection of a learner (LearnerHandler). */
export interface LearnerHandler {
  readonly server: NodeId;
  readonly isObserver: boolean;
  /** What the learner has to do, or the leader to reach, before it goes on. */
  waitsFor: 'epoch' | 'ACKEPOCH' | 'election' | 'NEWLEADER' | 'startup' | 'nothing';
  /** The last transaction that it has logged, from its ACKEPOCH. */
  zxid: number;
  /** Whether it is sent each new proposal. */
  isForwarding: boolean;
  /** The tick by which it must have been heard again. */
  deadline: number;
  /** The oldest proposal that it has not acknowledged, and when that was sent. */
  unacknowledged: { readonly zxid: number; readonly at: Micros } | null;
}

export interface Proposal {
  readonly transaction: Transaction;
  /** The voters that have logged it. */
  acks: NodeId[];
}

/** A znode as the proposals that are not committed yet will leave it; null if it is deleted. */
export interface ChangeRecord {
  readonly zxid: number;
  readonly znode: Znode | null;
}

/** A session, as its leader keeps it (SessionTracker). */
export interface Tracked {
  readonly timeout: Micros;
  /** The server at which its client is; empty until a request shows it. */
  owner: NodeId;
  isClosing: boolean;
}

export interface Leading {
  /** −1 until a quorum of voters is connected. */
  epoch: number;
  /** The highest epoch that a connected server has accepted, plus one. */
  proposedEpoch: number;
  /** The voters that are connected, that accepted the epoch, and that have the leader's log. */
  connecting: NodeId[];
  electing: NodeId[];
  newLeaderAcks: NodeId[];
  learners: Record<ConnectionId, LearnerHandler>;
  tick: number;
  /** After how many ticks a learner that is not heard does not count (an option). */
  readonly syncLimit: number;
  /** It checks its quorum at every other half tick. */
  skipsTick: boolean;
  lastProposed: number;
  lastCommitted: number;
  outstanding: Proposal[];
  outstandingChanges: Record<string, ChangeRecord>;
  /** Each waits until a proposal is committed. */
  syncs: { readonly zxid: number; readonly connection: ConnectionId; readonly request: Request }[];
  tracked: Record<string, Tracked>;
}
