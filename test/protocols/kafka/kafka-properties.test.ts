/** Kafka under random faults: its invariants hold, and it recovers when the faults end. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { kafka } from '../../../src/protocols/kafka/kafka.ts';
import type { BrokerState } from '../../../src/protocols/kafka/state.ts';
import type { Cluster } from '../cluster.ts';
import { ending, play } from '../consensus/schedule.ts';
import { endFaults } from '../faults.ts';
import { kafkaFamily } from './family.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => 1 + i * size);

function states({ world }: Cluster): BrokerState[] {
  const brokers = world.nodes.filter(({ role }) => role === 'broker');
  return brokers.map(({ state }) => state as unknown as BrokerState);
}

/** A sentence that says what is wrong; undefined if nothing is. */
function whyWrong(seed: number, reached: { records: number; epochs: number }): string | undefined {
  const { cluster } = play(kafkaFamily, kafka, seed);
  const problem = () => cluster.violations[0]?.why ?? cluster.failures[0];
  if (problem()) return problem();
  endFaults(cluster);
  cluster.run('400ms');
  cluster.do('p1 send {"value":"recovered"}');
  for (let i = 0; i < 30 && !isRecovered(cluster); i++) cluster.run('100ms');
  if (problem()) return problem();
  reached.records += Math.max(...states(cluster).map(({ highWatermark }) => highWatermark));
  reached.epochs += Math.max(...states(cluster).map(({ leaderEpoch }) => leaderEpoch));
  return isRecovered(cluster) ? undefined : 'not all replicas committed the record after the faults';
}

/** All replicas are in sync, with one log, whose last record is committed everywhere. */
function isRecovered(cluster: Cluster): boolean {
  const all = states(cluster);
  const [first] = all.map(({ log }) => JSON.stringify(log));
  return all.every(({ log, highWatermark, leader, isr, standing }) =>
    log.some(({ value }) => value === 'recovered') && highWatermark === log.length &&
    JSON.stringify(log) === first && leader !== null &&
    (standing !== 'leader' || isr.length === all.length));
}

test.each(parts)('Kafka holds under random faults, seeds from %i on', { timeout: 300_000 }, async (from) => {
  const reached = { records: 0, epochs: 0 };
  for (let seed = from; seed < from + size; seed++) {
    if (seed % 20 === 0) await setImmediate();
    const why = whyWrong(seed, reached);
    if (why !== undefined) expect.fail(`${why}\n${ending(kafkaFamily, kafka, seed)}`);
  }
  // The faults are heavy, but not so heavy that nothing happens.
  expect(reached.records / size).toBeGreaterThan(4);
  expect(reached.epochs / size).toBeGreaterThan(1);
});
