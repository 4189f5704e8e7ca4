/** The metadata image: what the records of the metadata log add up to (KIP-631). */
import type { NodeId } from '../../../protocol/types.ts';
import type {
  BrokerRegistration, MetadataBatch, MetadataImage, MetadataRecord,
} from '../metadata.ts';
import type { MemberState } from '../state.ts';

export function emptyImage(): MetadataImage {
  return { brokers: {}, partition: null };
}

/** Applies the log to the image up to this offset. */
export function applyUpTo(state: MemberState, end: number): void {
  for (; state.applied < end; state.applied++) {
    replayBatch(state.image, state.metadataLog[state.applied]);
  }
}

/** Takes back what was applied above this offset, as a snapshot registry does. */
export function revertTo(state: MemberState, end: number): void {
  if (state.applied <= end) return;
  state.image = emptyImage();
  state.applied = 0;
  applyUpTo(state, end);
}

export function replayBatch(image: MetadataImage, { records }: MetadataBatch): void {
  for (const record of records) replay(image, record);
}

function replay(image: MetadataImage, record: MetadataRecord): void {
  const { brokers } = image;
  switch (record.type) {
    case 'RegisterBroker': {
      const { brokerId, incarnation, brokerEpoch } = record;
      brokers[brokerId] = { incarnation, brokerEpoch, fenced: true, inControlledShutdown: false };
      return;
    }
    case 'BrokerRegistrationChange': {
      const { brokerId, fenced, inControlledShutdown } = record;
      const before: BrokerRegistration = brokers[brokerId];
      brokers[brokerId] = {
        ...before,
        fenced: fenced ?? before.fenced,
        inControlledShutdown: inControlledShutdown ?? before.inControlledShutdown,
      };
      return;
    }
    case 'Partition': {
      const { replicas, isr, leader } = record;
      image.partition = { replicas, isr, leader, leaderEpoch: 0, partitionEpoch: 0 };
      return;
    }
    case 'PartitionChange':
      return replayChange(image, record);
    case 'LeaderChange':
    case 'Topic':
  }
}

/** PartitionRegistration.merge: a record that names a leader begins a new leader epoch. */
function replayChange(
  image: MetadataImage,
  { isr, leader }: Extract<MetadataRecord, { type: 'PartitionChange' }>,
): void {
  const before = image.partition!;
  image.partition = {
    ...before,
    isr: isr ?? before.isr,
    leader: leader === undefined ? before.leader : leader,
    leaderEpoch: leader === undefined ? before.leaderEpoch : before.leaderEpoch + 1,
    partitionEpoch: before.partitionEpoch + 1,
  };
}

/** Whether the broker may lead and be in sync: registered, not fenced, and not shutting down. */
export function isActive({ brokers }: Readonly<MetadataImage>, id: NodeId): boolean {
  const broker: BrokerRegistration | undefined = brokers[id];
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
}
