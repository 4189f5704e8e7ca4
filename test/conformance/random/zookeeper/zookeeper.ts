// Runs the same random sequences on a real ZooKeeper and on the simulated one, and compares them.
import type { SuiteResult } from '../../suite.ts';
import { compareRandom } from '../random-suite.ts';
import { runSteps } from '../real-steps.ts';
import type { Sequence } from '../recording.ts';
import { hasZooKeeper, noZooKeeper, tickMs, ZooKeeper } from './zookeeper-server.ts';
import { zookeeperSequence } from './zookeeper-sequences.ts';

export async function zookeeperConformance(args: readonly string[]): Promise<SuiteResult> {
  if (!hasZooKeeper()) return { type: 'unavailable', reason: noZooKeeper };
  const server = await ZooKeeper.start();
  try {
    return await compareRandom(args, 'zookeeper', 12, (seed) => zookeeperRandom(server, seed));
  } finally {
    await server.stop();
  }
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
