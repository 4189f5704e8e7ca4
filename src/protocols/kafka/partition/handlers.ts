/** What a replica does in both modes: the messages that it handles, and a new leader epoch. */
import type { NodeId } from '../../../protocol/types.ts';
import { epochAnswered, fetchAnswered, startFollowing } from './follower.ts';
import { consume, epochAsked, produce, startLeading, stopLeading } from './leader.ts';
import type { ReplicaNode } from './replica.ts';

/** All but Fetch, with which the leader may change the ISR where its mode stores that. */
export const replicaHandlers = {
  FetchResponse: fetchAnswered,
  OffsetForLeaderEpoch: epochAsked,
  EpochEndOffset: epochAnswered,
  Produce: produce,
  ConsumerFetch: consume,
};

/** The partition has a later leader epoch. A follower calls `first` before it fetches. */
export function leadOrFollow(
  node: ReplicaNode,
  { leader, leaderEpoch, isr }: {
    readonly leader: NodeId | null; readonly leaderEpoch: number; readonly isr: readonly NodeId[];
  },
  first: () => void,
): void {
  const { state } = node;
  if (state.standing === 'leader' && leader !== node.id) stopLeading(node);
  state.leader = leader;
  state.leaderEpoch = leaderEpoch;
  state.isr = isr;
  if (leader === node.id) startLeading(node);
  else startFollowing(node, first);
}
