/** What the invariants of Kafka share: the partition in ZooKeeper, and unclean elections. */
import type { Observation } from '../../protocol/types.ts';
import type { Consumer } from './consumer.ts';
import type { Broker } from './messages.ts';
import type { Producer } from './producer.ts';
import { type LogRecord, type PartitionState, paths } from './state.ts';
import type { ZooKeeper } from './zookeeper.ts';

export interface Roles {
  zookeeper: ZooKeeper;
  broker: Broker;
  producer: Producer;
  consumer: Consumer;
}

export type Moment<Memory = undefined> = Observation<Memory, Roles>;

/** The partition as ZooKeeper has it. */
export function partitionIn({ acted }: Pick<Moment, 'acted'>): PartitionState | undefined {
  if (acted?.role !== 'zookeeper') return undefined;
  return acted.state.znodes[paths.partition]?.value as PartitionState | undefined;
}

/** Which record it is, wherever a log has it. */
export function recordKey({ leaderEpoch, producer, serial }: LogRecord): string {
  return `${producer} ${serial} of leader epoch ${leaderEpoch}`;
}

export interface Elections {
  /** The ISR when the partition was last written. */
  isr: readonly string[] | null;
  leaderEpoch: number;
  /** The last epoch whose leader was not in sync; null if there is none. */
  unclean: number | null;
}

export function noElections(): Elections {
  return { isr: null, leaderEpoch: -1, unclean: null };
}

/** Notes an unclean election as ZooKeeper stores it: it may lose committed records. */
export function noteElection(memory: Elections, moment: Pick<Moment, 'acted'>): void {
  const partition = partitionIn(moment);
  if (partition === undefined) return;
  const { leader, leaderEpoch, isr } = partition;
  if (leaderEpoch > memory.leaderEpoch) {
    if (leader !== null && !(memory.isr ?? isr).includes(leader)) memory.unclean = leaderEpoch;
    memory.leaderEpoch = leaderEpoch;
  }
  memory.isr = isr;
}
