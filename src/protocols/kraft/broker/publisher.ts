/** What a broker does with the metadata: it leads or follows as the committed records say. */
// BrokerMetadataPublisher and ReplicaManager.applyDelta. Only what is committed counts: a batch
// above the high watermark may be of a controller that has been replaced, and be truncated.
import type { Node } from '../../../protocol/types.ts';
import { leadOrFollow } from '../../kafka/partition/handlers.ts';
import type { Broker } from '../messages.ts';
import { applyUpTo } from '../quorum/image.ts';
import type { PartitionRegistration } from '../metadata.ts';
import { isrCommitted } from './alter-partition.ts';
import { heartbeat } from './lifecycle.ts';

type Server = Node<Broker>;

export function publish(node: Server): void {
  const { state } = node;
  const { metadataLog, metadataLog: { length }, quorum } = state;
  const end = node.options.actsOn === 'committed' ? quorum.highWatermark ?? 0 : length;
  while (state.applied < end) {
    const offset = state.applied;
    const wasStarted = isStarted(node);
    const wasFenced = state.image.brokers[node.id]?.fenced ?? true;
    applyUpTo(state, offset + 1);
    node.event('MetadataApplied', { offset, records: metadataLog[offset].records });
    if (!isStarted(node)) continue;
    const { brokerEpoch, fenced } = state.image.brokers[node.id];
    if (!wasStarted) {
      node.event('BrokerStarted', { brokerEpoch });
      heartbeat(node);
    } else if (fenced !== wasFenced) {
      node.event('BrokerFencing', { fenced });
    }
  }
  const { partition } = state.image;
  if (partition !== null && isStarted(node)) applyPartition(node, partition);
}

/** Until its own registration is in the image, what that says is about a former process. */
function isStarted({ id, state }: Server): boolean {
  return state.image.brokers[id]?.incarnation === state.incarnation && state.shutdown !== 'done';
}

function applyPartition(node: Server, partition: PartitionRegistration): void {
  const { state } = node;
  if (partition.leaderEpoch <= state.leaderEpoch) {
    if (state.standing === 'leader') isrCommitted(node, partition);
    return;
  }
  state.partitionEpoch = partition.partitionEpoch;
  state.alterPartition = null;
  node.cancelTimer('alterPartition');
  leadOrFollow(node, partition, () => undefined);
}
