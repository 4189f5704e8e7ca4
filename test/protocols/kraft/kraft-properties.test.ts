/** KRaft under random faults: its invariants hold, and it recovers when the faults end. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { kraft } from '../../../src/protocols/kraft/kraft.ts';
import type { BrokerState, ControllerState } from '../../../src/protocols/kraft/state.ts';
import type { Cluster } from '../cluster.ts';
import { ending, play } from '../consensus/schedule.ts';
import { areInSync, statesOf, whyNotRecovered } from '../kafka/replicas.ts';
import { kraftFamily } from './family.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => 1 + i * size);

function brokers(cluster: Cluster): BrokerState[] {
  return statesOf(cluster, 'broker');
}

function controllers(cluster: Cluster): ControllerState[] {
  return statesOf(cluster, 'controller');
}

interface Reached {
  records: number;
  leaderEpochs: number;
  quorumEpochs: number;
}

/** A sentence that says what is wrong; undefined if nothing is. */
function whyWrong(seed: number, reached: Reached): string | undefined {
  const { cluster } = play(kraftFamily, kraft, seed);
  const why = whyNotRecovered(cluster, isRecovered, 40);
  reached.records += Math.max(...brokers(cluster).map(({ highWatermark }) => highWatermark));
  reached.leaderEpochs += Math.max(...brokers(cluster).map(({ leaderEpoch }) => leaderEpoch));
  reached.quorumEpochs +=
    Math.max(...controllers(cluster).map(({ quorumState }) => quorumState.leaderEpoch));
  return why;
}

/** All replicas are in sync with one log, and all voters and observers have one metadata log. */
function isRecovered(cluster: Cluster): boolean {
  const all = brokers(cluster);
  const members = [...all, ...controllers(cluster)];
  const [metadata] = members.map(({ metadataLog }) => JSON.stringify(metadataLog));
  return members.every(({ metadataLog }) => JSON.stringify(metadataLog) === metadata) &&
    areInSync(all);
}

test.each(parts)('KRaft holds under random faults, seeds from %i on', { timeout: 300_000 }, async (from) => {
  const reached: Reached = { records: 0, leaderEpochs: 0, quorumEpochs: 0 };
  for (let seed = from; seed < from + size; seed++) {
    if (seed % 20 === 0) await setImmediate();
    const why = whyWrong(seed, reached);
    if (why !== undefined) expect.fail(`${why}\n${ending(kraftFamily, kraft, seed)}`);
  }
  // The faults are heavy, but not so heavy that nothing happens.
  expect(reached.records / size).toBeGreaterThan(2);
  expect(reached.leaderEpochs / size).toBeGreaterThan(1);
  expect(reached.quorumEpochs / size).toBeGreaterThan(2);
});
