/** The in-sync replicas: which of them leave, and which return. */
// Partition.scala. The leader stores a new ISR with the version of the partition that it knows. A
// leader that was replaced knows an old version, so its change is refused.
import type { NodeId } from '../../../protocol/types.ts';
import type { IsrStore, ReplicaNode, ReplicaState } from './replica.ts';

/**
 * The ISR with the replicas that are about to join it, and with those that are about to leave it:
 * as long as it is not answered, any of them may be elected (KIP-497).
 */
export function maximalIsr({ isr, pendingIsr }: Readonly<ReplicaState>): readonly NodeId[] {
  if (pendingIsr === null) return isr;
  return [...isr, ...pendingIsr.isr.filter((id) => !isr.includes(id))];
}

/** A follower outside the ISR that has fetched returns if it has all that may be committed. */
export function consider(node: ReplicaNode, follower: NodeId, inStore: IsrStore): void {
  const { state } = node;
  if (state.pendingIsr !== null || state.isr.includes(follower)) return;
  if (!inStore.mayJoin(node, follower)) return;
  const end = state.remotes[follower].logEndOffset ?? 0;
  if (end < state.highWatermark || end < state.epochStart) return;
  const isr = node.nodes('broker').filter((id) => id === follower || state.isr.includes(id));
  node.event('IsrExpanding', { isr, in: follower });
  change(node, isr, inStore);
}

/** Followers leave the ISR that were not at the end of the log for replica.lag.time.max.ms. */
export function checkIsr(node: ReplicaNode, inStore: IsrStore): void {
  const { state } = node;
  const { lagTimeMax } = node.options;
  node.setTimer('isrCheck', lagTimeMax / 2);
  if (state.pendingIsr !== null) return;
  const out = state.isr.filter((id) => {
    const remote = state.remotes[id];
    if (remote === undefined || remote.logEndOffset === state.log.length) return false;
    return node.now() - remote.lastCaughtUp > lagTimeMax;
  });
  if (out.length === 0) return;
  const isr = state.isr.filter((id) => !out.includes(id));
  node.event('IsrShrinking', { isr, out });
  change(node, isr, inStore);
}

function change(node: ReplicaNode, isr: readonly NodeId[], inStore: IsrStore): void {
  node.state.pendingIsr = { isr, isRefused: false };
  inStore.store(node, isr);
}
