/** The ISR in KRaft mode: the leader of the partition asks the active controller (KIP-497). */
// Partition.scala, AlterPartitionManager. Until it is answered, the leader counts the larger ISR.
import type { Node } from '../../../protocol/types.ts';
import { advanceHighWatermark } from '../../kafka/partition/leader.ts';
import type { IsrStore } from '../../kafka/partition/replica.ts';
import type { Broker, ReceivedByBroker } from '../messages.ts';
import { isActive } from '../quorum/image.ts';
import type { PartitionRegistration } from '../metadata.ts';

type Server = Node<Broker>;

export const isrAtController: IsrStore = {
  store: (replica) => request(replica as unknown as Server),
  mayJoin: (replica, follower) => isActive((replica as unknown as Server).state.image, follower),
};

/** Asks for the pending ISR, until there is an answer. */
export function request(node: Server): void {
  const { state } = node;
  const { pendingIsr, brokerEpoch, leaderEpoch, partitionEpoch, quorumState } = state;
  if (pendingIsr === null || pendingIsr.isRefused || brokerEpoch === null) return;
  const { isr: newIsr } = pendingIsr;
  state.alterPartition = ++state.requests;
  node.setTimer('alterPartition', node.options.requestTimeout);
  const { leaderId, leaderEpoch: controllerEpoch } = quorumState;
  if (leaderId === null) return;
  node.send(leaderId, {
    type: 'AlterPartition', controllerEpoch, request: state.requests, brokerEpoch, leaderEpoch,
    partitionEpoch, newIsr,
  });
}

export function alterPartitionAnswered(
  node: Server,
  { request: answered, error, partition }: ReceivedByBroker<'AlterPartitionResponse'>,
): void {
  const { state } = node;
  const { pendingIsr, leaderEpoch } = state;
  if (state.alterPartition !== answered || pendingIsr === null) return;
  state.alterPartition = null;
  node.cancelTimer('alterPartition');
  if (partition !== null) return isrCommitted(node, partition);
  if (error === 'NOT_CONTROLLER' || error === 'STALE_BROKER_EPOCH') {
    return node.setTimer('alterPartition', node.options.requestTimeout);
  }
  node.event('IsrChangeRefused', { isr: pendingIsr.isr, leaderEpoch });
  // A replica that may not be in sync now: the controller has kept the ISR, and so does the leader.
  if (error === 'INELIGIBLE_REPLICA') state.pendingIsr = null;
  // Otherwise this leader knows an old partition. It waits for the metadata.
  else state.pendingIsr = { ...pendingIsr, isRefused: true };
}

/** The controller has committed another partition in the same leader epoch. */
export function isrCommitted(node: Server, partition: PartitionRegistration): void {
  const { state } = node;
  const { leaderEpoch, partitionEpoch, isr } = partition;
  if (leaderEpoch !== state.leaderEpoch || partitionEpoch < state.partitionEpoch) return;
  // The controller confirmed an ISR that it had already.
  const isConfirmed = isr.join() === state.pendingIsr?.isr.join();
  if (partitionEpoch === state.partitionEpoch && !isConfirmed) return;
  state.isr = isr;
  state.partitionEpoch = partitionEpoch;
  state.pendingIsr = null;
  state.alterPartition = null;
  node.cancelTimer('alterPartition');
  node.event('IsrChanged', { isr });
  advanceHighWatermark(node);
}
