/** What a server keeps while it looks for a leader (FastLeaderElection). */
import type { Micros, NodeId } from '../../../protocol/types.ts';
import type { PeerState, Vote } from './packets.ts';

/** A vote, and what the server that sent it did at that time. */
export interface ReceivedVote {
  readonly vote: Vote;
  readonly state: PeerState;
}

export interface Election {
  proposed: Vote;
  /** The votes of this round, by server. */
  received: Record<NodeId, ReceivedVote>;
  /** The votes of servers that lead or follow, by server, whatever their round. */
  outOfElection: Record<NodeId, ReceivedVote>;
  /** How many equal votes end the election. */
  readonly needed: number;
  /** How long it waits before it sends its vote again. */
  wait: Micros;
  /** Whether a quorum has its vote, and it waits for a better one. */
  isFinal: boolean;
}
