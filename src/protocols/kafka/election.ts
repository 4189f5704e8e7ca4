/** Which replica leads the partition: Kafka's offline partition leader election. */
import type { NodeId } from '../../protocol/types.ts';
import type { PartitionState } from './state.ts';

type Chosen = Omit<PartitionState, 'controllerEpoch'>;

/** Returns the next state of the partition in a new leader epoch; null if nothing must change. */
export function electLeader(
  { leader, leaderEpoch, isr }: PartitionState,
  assignment: readonly NodeId[],
  isUp: (id: NodeId) => boolean,
  uncleanElection: boolean,
): Chosen | null {
  const next = leaderEpoch + 1;
  const inSync = isr.filter(isUp);
  if (leader !== null && isUp(leader)) {
    // onReplicasBecomeOffline: the leader stays, without the replicas that are gone.
    return inSync.length === isr.length ? null : { leader, leaderEpoch: next, isr: inSync };
  }
  // The first replica in the order of the assignment that is up and in sync.
  const clean = assignment.find((id) => inSync.includes(id));
  if (clean !== undefined) return { leader: clean, leaderEpoch: next, isr: inSync };
  // Any replica that is up. What only the old ISR has is lost.
  const unclean = uncleanElection ? assignment.find(isUp) : undefined;
  if (unclean !== undefined) return { leader: unclean, leaderEpoch: next, isr: [unclean] };
  // No leader. The ISR stays as it is: only a replica that was in sync may lead later.
  return leader === null ? null : { leader: null, leaderEpoch: next, isr };
}
