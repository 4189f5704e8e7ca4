/** What the invariants of Kafka share: the partition in ZooKeeper, and unclean elections. */
import type { Observation } from '../../protocol/types.ts';
import type { Consumer } from './consumer.ts';
import type { Broker } from './messages.ts';
import type { Producer } from './producer.ts';
import type { AnyMoment, Elections } from './partition/log-invariants.ts';
import { type PartitionState, paths } from './state.ts';
import type { ZooKeeper, ZooKeeperState } from './zookeeper.ts';

export interface Roles {
  zookeeper: ZooKeeper;
  broker: Broker;
  producer: Producer;
  consumer: Consumer;
}

export type Moment<Memory = undefined> = Observation<Memory, Roles>;

/** The partition as ZooKeeper has it. */
export function partitionIn({ acted }: Pick<AnyMoment, 'acted'>): PartitionState | undefined {
  if (acted?.role !== 'zookeeper') return undefined;
  const { znodes } = acted.state as ZooKeeperState;
  return znodes[paths.partition]?.value as PartitionState | undefined;
}

/** Notes an unclean election as ZooKeeper stores it: it may lose committed records. */
export function noteElection(memory: Elections, moment: AnyMoment): void {
  const partition = partitionIn(moment);
  if (partition === undefined) return;
  const { leader, leaderEpoch, isr } = partition;
  if (leaderEpoch > memory.leaderEpoch) {
    if (leader !== null && !(memory.isr ?? isr).includes(leader)) memory.unclean = leaderEpoch;
    memory.leaderEpoch = leaderEpoch;
  }
  memory.isr = isr;
}
