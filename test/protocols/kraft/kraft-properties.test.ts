/** KRaft under random faults: its invariants hold, and it recovers when the faults end. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { kraft } from '../../../src/protocols/kraft/kraft.ts';
import type { BrokerState, ControllerState } from '../../../src/protocols/kraft/state.ts';
import type { Cluster } from '../cluster.ts';
import { ending, play } from '../consensus/schedule.ts';
import { endFaults } from '../faults.ts';
import { kraftFamily } from './family.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => 1 + i * size);

function brokers({ world }: Cluster): BrokerState[] {
  return world.nodes.filter(({ role }) => role === 'broker')
    .map(({ state }) => state as unknown as BrokerState);
}

function controllers({ world }: Cluster): ControllerState[] {
  return world.nodes.filter(({ role }) => role === 'controller')
    .map(({ state }) => state as unknown as ControllerState);
}

interface Reached {
  records: number;
  leaderEpochs: number;
  quorumEpochs: number;
}

/** A sentence that says what is wrong; undefined if nothing is. */
function whyWrong(seed: number, reached: Reached): string | undefined {
  const { cluster } = play(kraftFamily, kraft, seed);
  const problem = () => cluster.violations[0]?.why ?? cluster.failures[0];
  if (problem()) return problem();
  endFaults(cluster);
  cluster.run('400ms');
  cluster.do('p1 send {"value":"recovered"}');
  for (let i = 0; i < 40 && !isRecovered(cluster); i++) cluster.run('100ms');
  if (problem()) return problem();
  reached.records += Math.max(...brokers(cluster).map(({ highWatermark }) => highWatermark));
  reached.leaderEpochs += Math.max(...brokers(cluster).map(({ leaderEpoch }) => leaderEpoch));
  reached.quorumEpochs +=
    Math.max(...controllers(cluster).map(({ quorumState }) => quorumState.leaderEpoch));
  return isRecovered(cluster) ? undefined : 'not all replicas committed the record after the faults';
}

/** All replicas are in sync with one log, and all voters and observers have one metadata log. */
function isRecovered(cluster: Cluster): boolean {
  const all = brokers(cluster);
  const members = [...all, ...controllers(cluster)];
  const [first] = all.map(({ log }) => JSON.stringify(log));
  const [metadata] = members.map(({ metadataLog }) => JSON.stringify(metadataLog));
  return members.every(({ metadataLog }) => JSON.stringify(metadataLog) === metadata) &&
    all.every(({ log, highWatermark, leader, isr, standing }) =>
      log.some(({ value }) => value === 'recovered') && highWatermark === log.length &&
      JSON.stringify(log) === first && leader !== null &&
      (standing !== 'leader' || isr.length === all.length));
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
