/** The partition: who leads it, which replicas are in sync, and what its leader may change. */
// ReplicationControlManager and PartitionChangeBuilder; KIP-497 and KIP-841 for AlterPartition.
import type { NodeId } from '../../../protocol/types.ts';
import type { ControllerError } from '../api.ts';
import type { Received, Voter } from '../messages.ts';
import { isActive as mayLead } from '../quorum/image.ts';
import { append } from '../quorum/leader.ts';
import type { MetadataRecord, PartitionRegistration } from '../metadata.ts';
import { answerLater, whyRefused } from './active.ts';

export function createTopic(node: Voter): void {
  const replicas = node.nodes('broker');
  const before = node.state.image.partition;
  append(node, [
    { type: 'Topic', name: 'orders' },
    { type: 'Partition', replicas, isr: replicas, leader: replicas[0] },
  ]);
  reportChange(node, before);
}

/** What changes when a broker is fenced or shuts down: at most one record. */
export function changeWithout(node: Voter, id: NodeId): MetadataRecord[] {
  const { image } = node.state;
  return changeOf(node, (one) => one !== id && mayLead(image, one), id);
}

/** What changes when a broker is unfenced. */
export function changeWith(node: Voter, id: NodeId): MetadataRecord[] {
  const { image } = node.state;
  return changeOf(node, (one) => one === id || mayLead(image, one), null);
}

/**
 * PartitionChangeBuilder. The leader stays if it can; otherwise the first replica that is active
 * and in sync leads. The last replica in sync stays in the ISR, even without a leader: only it has
 * all records that are committed. A new leader begins a new leader epoch, a smaller ISR does not.
 */
function changeOf(
  node: Voter,
  active: (id: NodeId) => boolean,
  removed: NodeId | null,
): MetadataRecord[] {
  const { partition } = node.state.image;
  if (partition === null) return [];
  const { replicas, isr, leader } = partition;
  const targetIsr = isr.filter((id) => id !== removed);
  const mayStay = leader !== null && targetIsr.includes(leader) && active(leader);
  const clean = mayStay ? leader : replicas.find((id) => targetIsr.includes(id) && active(id));
  // Any replica that is active. What only the old ISR has is lost.
  const unclean = node.options.uncleanElection ? replicas.find(active) : undefined;
  const next = clean ?? unclean ?? null;
  const isUnclean = clean === undefined && next !== null;
  const nextIsr = isUnclean ? [next] : targetIsr.length > 0 ? targetIsr : isr;
  const change = {
    ...(nextIsr.length !== isr.length || isUnclean ? { isr: nextIsr } : {}),
    ...(next === leader ? {} : { leader: next }),
  };
  return Object.keys(change).length === 0 ? [] : [{ type: 'PartitionChange', ...change }];
}

/** Reports what the records that were just appended changed. */
export function reportChange(node: Voter, before: PartitionRegistration | null): void {
  const { partition } = node.state.image;
  if (partition === null || partition.partitionEpoch === before?.partitionEpoch) return;
  const { leader, leaderEpoch, isr, partitionEpoch } = partition;
  if (leader !== null && before !== null && !before.isr.includes(leader)) {
    node.event('UncleanElection', { leader, leaderEpoch, isr: before.isr });
  }
  node.event('PartitionChanged', { leader, leaderEpoch, isr, partitionEpoch });
}

/** The leader of the partition asks for another ISR. */
export function alterPartition(
  node: Voter,
  message: Received<'AlterPartition'>,
  from: NodeId,
): void {
  const { request, newIsr } = message;
  const answer = { type: 'AlterPartitionResponse', request } as const;
  const refused = whyRefused(node, message, from);
  if (refused !== null) {
    node.event('RequestRefused', { error: refused, brokerId: from });
    return node.send(from, { ...answer, error: refused, partition: null });
  }
  const { requests } = node.state.active!;
  // On a connection, a request does not come after a later one.
  if (request <= (requests[from] ?? 0)) return;
  requests[from] = request;
  const error = whyNot(node, message, from);
  if (error !== null) {
    node.event('RequestRefused', { error, brokerId: from });
    // This may rest on what is not committed, and be undone: it waits like any other answer.
    return answerLater(node, from, { ...answer, error, partition: null });
  }
  const before = node.state.image.partition!;
  if (newIsr.join() !== before.isr.join()) append(node, [{ type: 'PartitionChange', isr: newIsr }]);
  reportChange(node, before);
  answerLater(node, from, { ...answer, error: null, partition: node.state.image.partition });
}

/** ReplicationControlManager.validateAlterPartitionData, in its order. */
function whyNot(
  { state: { image } }: Voter,
  message: Received<'AlterPartition'>,
  from: NodeId,
): ControllerError | null {
  const { leaderEpoch, partitionEpoch, newIsr } = message;
  const { partition } = image;
  if (partition === null) return 'INVALID_REQUEST';
  // A leader that knows more than this controller: another one is active.
  if (leaderEpoch > partition.leaderEpoch) return 'NOT_CONTROLLER';
  if (leaderEpoch < partition.leaderEpoch) return 'FENCED_LEADER_EPOCH';
  if (partitionEpoch > partition.partitionEpoch) return 'NOT_CONTROLLER';
  if (from !== partition.leader || !newIsr.includes(from)) return 'INVALID_REQUEST';
  if (partitionEpoch < partition.partitionEpoch) return 'INVALID_UPDATE_VERSION';
  return newIsr.every((id) => mayLead(image, id)) ? null : 'INELIGIBLE_REPLICA';
}
