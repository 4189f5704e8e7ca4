// Runs the same random sequences on a real etcd cluster and on the simulated one, and compares them.
import type { Outcome, Step } from '../../transcripts/adapter.ts';
import type { SuiteResult } from '../../suite.ts';
import { EtcdCluster, etcdVersion, noEtcd } from './etcd-server.ts';
import { etcdSequence } from './etcd-sequences.ts';
import { runSteps } from '../real-steps.ts';
import type { Sequence } from '../recording.ts';
import { compareRandom } from '../random-suite.ts';

export function etcdConformance(args: readonly string[]): Promise<SuiteResult> {
  const version = etcdVersion();
  if (version === undefined) return Promise.resolve({ type: 'unavailable', reason: noEtcd });
  return compareRandom(args, 'etcd', 8, (seed) => etcdRandom(seed, version));
}

export function etcdRandom(seed: number, version: string): Sequence {
  const steps = etcdSequence(seed);
  const settings = { members: 3, 'pre-vote': false };
  const server = { name: 'etcd', version, settings };
  return { path: `etcd/random-${seed}`, server, steps, run: () => run(steps) };
}

/** How often a sequence is tried until no election happens that no step caused. */
const mostTries = 4;

/** On a busy machine a leader loses its followers without any fault. Such a run shows nothing. */
async function run(steps: readonly Step[]): Promise<readonly Outcome[]> {
  const stopped = steps.filter(({ action }) => action === 'stop').map(({ actor }) => actor);
  const isKilled = steps.some(({ actor, action }) => actor === 'L' && action === 'kill');
  const mayElect = isKilled || new Set(stopped).size > 1;
  for (let tries = 1; ; tries++) {
    const cluster = await EtcdCluster.start();
    try {
      const outcomes = await runSteps(steps, (step) => cluster.begin(step));
      if (mayElect || tries === mostTries || !(await cluster.hasElected())) return outcomes;
    } finally {
      await cluster.stop();
    }
  }
}
