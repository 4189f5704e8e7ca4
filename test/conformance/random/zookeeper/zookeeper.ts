// Runs the same random sequences on real servers of ZooKeeper and on simulated ones, and compares.
import type { SuiteResult } from '../../suite.ts';
import { compareRandom } from '../random-suite.ts';
import { runSteps } from '../real-steps.ts';
import type { Sequence } from '../recording.ts';
import { limits, RealEnsemble } from './zookeeper-ensemble.ts';
import { ensembleSequence } from './ensemble-sequences.ts';
import { hasZooKeeper, noZooKeeper, tickMs, ZooKeeper } from './zookeeper-server.ts';
import { zookeeperSequence } from './zookeeper-sequences.ts';

export async function zookeeperConformance(args: readonly string[]): Promise<SuiteResult> {
  if (!hasZooKeeper()) return { type: 'unavailable', reason: noZooKeeper };
  const server = await ZooKeeper.start();
  let ofOne: SuiteResult;
  try {
    ofOne = await compareRandom(args, 'zookeeper', 12, (seed) => zookeeperRandom(server, seed));
  } finally {
    await server.stop();
  }
  const ofThree = await compareRandom(args, 'zookeeper, three servers', 4, ensembleRandom);
  return ofOne.type === 'equal' ? ofThree : ofOne;
}

/** Three servers, which start and are killed within the sequence. */
export function ensembleRandom(seed: number): Sequence {
  const steps = ensembleSequence(seed);
  const settings = { servers: 3, 'tickTime ms': tickMs, ...limits };
  return {
    path: `zookeeper/ensemble-${seed}`,
    server: { name: 'ZooKeeper', version: '3.8', settings },
    steps,
    async run() {
      const ensemble = await RealEnsemble.create();
      try {
        return await runSteps(steps, (step) => ensemble.begin(step));
      } finally {
        await ensemble.stop();
      }
    },
  };
}

export function zookeeperRandom(server: ZooKeeper, seed: number): Sequence {
  const steps = zookeeperSequence(seed);
  const settings = { servers: 1, 'tickTime ms': tickMs };
  return {
    path: `zookeeper/random-${seed}`,
    server: { name: 'ZooKeeper', version: server.version, settings },
    steps,
    // The server ends sessions at its ticks, and a sequence begins anywhere between two of them.
    slackMs: tickMs,
    async run() {
      const run = await server.open();
      try {
        return await runSteps(steps, (step) => run.begin(step));
      } finally {
        await run.close();
      }
    },
  };
}
