/** The invariants of the metadata: who may act on which records, and what they say of brokers. */
import { invariant } from '../../../protocol/define.ts';
import type { Invariant, NodeId } from '../../../protocol/types.ts';
import { isActive } from '../quorum/image.ts';
import type { MetadataImage, PartitionRegistration } from '../metadata.ts';
import { follow, noCommitted, noteCommitted, nothingFollowed, type Roles } from './observed.ts';

const ofKRaft = invariant<Roles>();

/** A broker in a step that also commits learns of that only later. */
const brokersAct = ofKRaft({
  doc: 'A broker acts only on batches that are committed.',
  remember: noCommitted,
  check(moment) {
    const { acted, events, memory } = moment;
    void noteCommitted(memory, moment);
    if (acted?.role !== 'broker') return undefined;
    for (const { name, node, fields } of events) {
      if (name !== 'MetadataApplied') continue;
      const { offset } = fields;
      const { leaderEpoch } = acted.state.metadataLog[offset];
      if (memory.batches[offset]?.leaderEpoch === leaderEpoch) continue;
      return `${node} acts on offset ${offset} of epoch ${leaderEpoch}, which is not committed.`;
    }
    return undefined;
  },
});

const answers = ofKRaft({
  doc: 'A controller confirms to a broker only what is committed.',
  remember: nothingFollowed,
  check(moment) {
    const { message, memory } = moment;
    void follow(memory, moment, () => undefined);
    if (message?.body.type === 'BrokerRegistrationResponse') {
      const { error, brokerEpoch } = message.body;
      if (error !== null || brokerEpoch < memory.applied) return undefined;
      const what = `${message.from} gave ${message.to} the broker epoch ${brokerEpoch}`;
      return `${what}, an offset that is not committed.`;
    }
    if (message?.body.type === 'AlterPartitionResponse') {
      const { partition } = message.body;
      const committed = memory.image.partition?.partitionEpoch ?? -1;
      if (partition === null || partition.partitionEpoch <= committed) return undefined;
      const what = `${message.from} confirmed partition epoch ${partition.partitionEpoch}`;
      return `${what} to ${message.to}, and ${committed} is committed.`;
    }
    return undefined;
  },
});

/** Only the last replica in sync may stay in the ISR while it is fenced; then none leads. */
const fenced = ofKRaft({
  doc: 'A broker that is fenced does not lead, and is in sync only as the last one that was.',
  remember: nothingFollowed,
  check(moment) {
    const { memory } = moment;
    return follow(memory, moment, (_before, image) =>
      image.partition === null ? undefined : whyFenced(image, image.partition));
  },
});

function whyFenced(image: MetadataImage, partition: PartitionRegistration): string | undefined {
  const { leader, isr, partitionEpoch } = partition;
  const where = `in partition epoch ${partitionEpoch}`;
  if (leader !== null && !isActive(image, leader)) {
    return `${leader} leads ${where}, and is fenced or shuts down.`;
  }
  const other: NodeId | undefined = isr.find((id) => !isActive(image, id));
  if (other === undefined || (leader === null && isr.length === 1)) return undefined;
  return `${other} is in sync ${where}, and is fenced or shuts down.`;
}

const newLeader = ofKRaft({
  doc: 'Another leader of the partition has a later leader epoch, and the epoch never goes back.',
  remember: nothingFollowed,
  check(moment) {
    const { memory } = moment;
    return follow(memory, moment, ({ partition: before }, { partition }) => {
      if (before === null || partition === null) return undefined;
      const { leader, leaderEpoch } = before;
      if (partition.leaderEpoch > leaderEpoch) return undefined;
      if (partition.leader === leader && partition.leaderEpoch === leaderEpoch) return undefined;
      const what = `The leader changed from ${leader} to ${partition.leader}`;
      return `${what}, and the leader epoch from ${leaderEpoch} to ${partition.leaderEpoch}.`;
    });
  },
});

const registrations = ofKRaft({
  doc: 'A broker that registers again has been fenced before: its former process may still run.',
  remember: nothingFollowed,
  check(moment) {
    const { memory } = moment;
    return follow(memory, moment, ({ brokers }, _after, records) => {
      for (const record of records) {
        if (record.type !== 'RegisterBroker') continue;
        const { brokerId, brokerEpoch } = record;
        const before = brokers[brokerId];
        if (before === undefined || before.fenced) continue;
        const what = `${brokerId} registered again in broker epoch ${brokerEpoch}`;
        return `${what}, and was not fenced in ${before.brokerEpoch}.`;
      }
      return undefined;
    });
  },
});

export const metadataInvariants: Record<string, Invariant> = {
  'Brokers Act On Committed Metadata': brokersAct,
  'Answers Rest On Committed Metadata': answers,
  'Fenced Brokers Do Not Lead': fenced,
  'A New Leader Has A Later Epoch': newLeader,
  'Fenced Before It Registers Again': registrations,
};
