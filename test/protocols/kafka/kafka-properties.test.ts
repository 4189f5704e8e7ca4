/** Kafka under random faults: its invariants hold, and it recovers when the faults end. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { kafka } from '../../../src/protocols/kafka/kafka.ts';
import type { BrokerState } from '../../../src/protocols/kafka/state.ts';
import type { Cluster } from '../cluster.ts';
import { ending, play } from '../consensus/schedule.ts';
import { kafkaFamily } from './family.ts';
import { areInSync, statesOf, whyNotRecovered } from './replicas.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => 1 + i * size);

function states(cluster: Cluster): BrokerState[] {
  return statesOf(cluster, 'broker');
}

/** A sentence that says what is wrong; undefined if nothing is. */
function whyWrong(seed: number, reached: { records: number; epochs: number }): string | undefined {
  const { cluster } = play(kafkaFamily, kafka, seed);
  const why = whyNotRecovered(cluster, (one) => areInSync(states(one)), 30);
  reached.records += Math.max(...states(cluster).map(({ highWatermark }) => highWatermark));
  reached.epochs += Math.max(...states(cluster).map(({ leaderEpoch }) => leaderEpoch));
  return why;
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
