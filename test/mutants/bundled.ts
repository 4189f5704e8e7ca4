/** Mutants of protocols that consist of several files: bundled with one line of one file changed. */
import { expect } from 'vitest';
import { simulateInSlices } from '../../src/check/simulate.ts';
import { violationSentence } from '../../src/check/verdict-words.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import type { Mutant } from './mutant.ts';
import { compile } from './mutants.ts';

/** The file of each protocol. */
const entries = {
  'fenced-lock': 'locks/fenced-lock.ts',
  'redis-lock': 'redis/redis-lock.ts',
  'redlock': 'redis/redlock.ts',
  'redis': 'redis/redis.ts',
  'reentrant-lock': 'redis/reentrant-lock.ts',
  'etcd-lock': 'etcd/etcd-lock.ts',
  'zookeeper-lock': 'zookeeper/zookeeper-lock.ts',
  'consul-lock': 'consul/consul-lock.ts',
  'database': 'database/database.ts',
  'cockroach': 'cockroach/cockroach.ts',
  'swim': 'swim/swim.ts',
} as const;

/** A mutant, its protocol, and the file that contains its line. */
export interface BundledMutant extends Mutant {
  protocol: keyof typeof entries;
  file: string;
}

export async function bundled(name: string, mutant: BundledMutant): Promise<Protocol> {
  const compiled = await compile(entries[mutant.protocol], mutant.file, name, mutant);
  return compiled.find((one) => one.name === mutant.protocol)!;
}

export interface Violated {
  readonly monitor: string;
  readonly why: string;
}

/** Runs the scenario of a mutant until an invariant is violated, and returns that violation. */
export function play(
  name: string,
  source: string,
  protocols: readonly Protocol[],
): Violated | undefined {
  const { scenario, problems } = parseScenario(source, `${name}.yaml`, protocols);
  expect(problems).toEqual([]);
  let first: Violated | undefined;
  const run = simulateInSlices(scenario!, 1, (_world, _action, { violations, failure }) => {
    expect(failure).toBeNull();
    const found = violations.find(({ monitor }) => monitor !== 'scenario');
    if (found) first = { monitor: found.monitor, why: violationSentence(found) };
  });
  // After its violation, a mutant need not continue as the protocol does.
  while (first === undefined && !run.next().done);
  return first;
}
