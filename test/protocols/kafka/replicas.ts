/** What the schedules of Kafka and of KRaft share: their clients, and how a partition recovers. */
import type { NodeSetup } from '../../../src/kernel/plan.ts';
import type { ReplicaState } from '../../../src/protocols/kafka/partition/replica.ts';
import type { Cluster } from '../cluster.ts';
import type { Family } from '../consensus/schedule.ts';
import type { Dice } from '../dice.ts';
import { endFaults } from '../faults.ts';

export function clients(): NodeSetup[] {
  const client = { requestTimeout: 150_000, retryBackoff: 20_000 };
  return [
    { id: 'p1', role: 'producer', options: { ...client, deliveryTimeout: 1_000_000 } },
    { id: 'p2', role: 'producer', options: { ...client, acks: '1', retries: 1 } },
    { id: 'c', role: 'consumer', options: client },
  ];
}

export function clientOperation(dice: Dice): ReturnType<Family['operation']> {
  if (dice.chance(0.25)) return { node: 'c', operation: 'poll' };
  const node = dice.one(['p1', 'p1', 'p2']);
  return { node, operation: 'send', args: { value: dice.below(100) } };
}

export function statesOf<State>({ world }: Cluster, role: string): State[] {
  return world.nodes.filter((one) => one.role === role)
    .map(({ state }) => state as unknown as State);
}

/**
 * Ends the faults of a schedule and sends a record. Returns a sentence that says what is wrong;
 * undefined if nothing is.
 */
export function whyNotRecovered(
  cluster: Cluster,
  isRecovered: (cluster: Cluster) => boolean,
  attempts: number,
): string | undefined {
  const problem = () => cluster.violations[0]?.why ?? cluster.failures[0];
  if (problem()) return problem();
  endFaults(cluster);
  cluster.run('400ms');
  cluster.do('p1 send {"value":"recovered"}');
  for (let i = 0; i < attempts && !isRecovered(cluster); i++) cluster.run('100ms');
  if (problem()) return problem();
  return isRecovered(cluster) ? undefined : 'not all replicas committed the record after the faults';
}

/** All replicas are in sync, with one log, which has the record and is committed everywhere. */
export function areInSync(all: readonly ReplicaState[]): boolean {
  const [first] = all.map(({ log }) => JSON.stringify(log));
  return all.every(({ log, highWatermark, leader, isr, standing }) =>
    log.some(({ value }) => value === 'recovered') && highWatermark === log.length &&
    JSON.stringify(log) === first && leader !== null &&
    (standing !== 'leader' || isr.length === all.length));
}
