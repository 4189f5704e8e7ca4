/** The ISR in ZooKeeper: the leader sets the partition's znode if it has the version it knows. */
import type { Node } from '../../protocol/types.ts';
import type { Broker, Received } from './messages.ts';
import { advanceHighWatermark } from './partition/leader.ts';
import type { IsrStore } from './partition/replica.ts';
import { type PartitionState, paths, type RequestBody } from './state.ts';
import { submit } from './zk-client.ts';

type Server = Node<Broker>;

export const isrInZooKeeper: IsrStore = {
  store(replica, isr) {
    const node = replica as unknown as Server;
    const { leaderEpoch, controllerEpoch, partitionVersion: version } = node.state;
    const value: PartitionState = { leader: node.id, leaderEpoch, isr, controllerEpoch };
    submit(node, 'change isr', {
      type: 'Multi', ops: [{ op: 'set', path: paths.partition, value, version }],
    });
  },
  mayJoin: () => true,
};

export function isrAnswered(
  node: Server,
  { error, value, version }: Received<'MultiReply'>,
  body: RequestBody,
): void {
  const { state } = node;
  const { pendingIsr, leaderEpoch } = state;
  // The answer to a change of an earlier leader epoch says nothing of this one.
  if (pendingIsr === null || epochOf(body) !== leaderEpoch) return;
  // The write may have been executed in a session that has ended: then it is there.
  const stored = value as PartitionState;
  const isStored = stored.leader === node.id && stored.leaderEpoch === leaderEpoch &&
    stored.isr.join() === pendingIsr.isr.join();
  if (error !== null && !isStored) {
    // It does not try again. If it still leads, the controller will say so, in a new epoch.
    state.pendingIsr = { ...pendingIsr, isRefused: true };
    return node.event('IsrChangeRefused', { isr: pendingIsr.isr, leaderEpoch });
  }
  state.isr = pendingIsr.isr;
  state.pendingIsr = null;
  state.partitionVersion = version;
  node.event('IsrChanged', { isr: state.isr });
  advanceHighWatermark(node);
}

function epochOf(body: RequestBody): number | undefined {
  const [first] = body.type === 'Multi' ? body.ops : [];
  return first?.op === 'set' ? (first.value as PartitionState).leaderEpoch : undefined;
}
