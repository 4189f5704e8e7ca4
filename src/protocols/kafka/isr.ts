/** The in-sync replicas: who leaves, who returns, and what ZooKeeper says to that. */
// Partition.scala. The leader stores a new ISR with the version of the partition's znode that it
// knows. A leader that was replaced knows an old version, so its change is refused.
import type { Node, NodeId } from '../../protocol/types.ts';
import type { Broker, Received } from './messages.ts';
import { type BrokerState, type PartitionState, paths, type RequestBody } from './state.ts';
import { submit } from './zk-client.ts';

type Server = Node<Broker>;

/**
 * The ISR with the replicas that are about to join it, and with those that are about to leave it:
 * as long as ZooKeeper has not answered, any of them may be elected (KIP-497).
 */
export function maximalIsr({ isr, pendingIsr }: Readonly<BrokerState>): readonly NodeId[] {
  if (pendingIsr === null) return isr;
  return [...isr, ...pendingIsr.isr.filter((id) => !isr.includes(id))];
}

/** A follower outside the ISR that has fetched returns if it has all that may be committed. */
export function consider(node: Server, follower: NodeId): void {
  const { state } = node;
  if (state.pendingIsr !== null || state.isr.includes(follower)) return;
  const end = state.remotes[follower].logEndOffset ?? 0;
  if (end < state.highWatermark || end < state.epochStart) return;
  const isr = node.nodes('broker').filter((id) => id === follower || state.isr.includes(id));
  node.event('IsrExpanding', { isr, in: follower });
  change(node, isr);
}

/** Followers leave the ISR that were not at the end of the log for replica.lag.time.max.ms. */
export function checkIsr(node: Server): void {
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
  change(node, isr);
}

function change(node: Server, isr: readonly NodeId[]): void {
  const { state } = node;
  const { leaderEpoch, controllerEpoch } = state;
  state.pendingIsr = { isr, isRefused: false };
  const value: PartitionState = { leader: node.id, leaderEpoch, isr, controllerEpoch };
  submit(node, 'change isr', {
    type: 'Multi',
    ops: [{ op: 'set', path: paths.partition, value, version: state.partitionVersion }],
  });
}

/** Returns whether the ISR is the one that the leader wanted. */
export function isrAnswered(
  node: Server,
  { error, value, version }: Received<'MultiReply'>,
  body: RequestBody,
): boolean {
  const { state } = node;
  const { pendingIsr, leaderEpoch } = state;
  // The answer to a change of an earlier leader epoch says nothing of this one.
  if (pendingIsr === null || epochOf(body) !== leaderEpoch) return false;
  // The write may have been executed in a session that has ended: then it is there.
  const stored = value as PartitionState;
  const isStored = stored.leader === node.id && stored.leaderEpoch === leaderEpoch &&
    stored.isr.join() === pendingIsr.isr.join();
  if (error !== null && !isStored) {
    // It does not try again. If it still leads, the controller will say so, in a new epoch.
    state.pendingIsr = { ...pendingIsr, isRefused: true };
    node.event('IsrChangeRefused', { isr: pendingIsr.isr, leaderEpoch });
    return false;
  }
  state.isr = pendingIsr.isr;
  state.pendingIsr = null;
  state.partitionVersion = version;
  node.event('IsrChanged', { isr: state.isr });
  return true;
}

function epochOf(body: RequestBody): number | undefined {
  const [first] = body.type === 'Multi' ? body.ops : [];
  return first?.op === 'set' ? (first.value as PartitionState).leaderEpoch : undefined;
}
