/** Each invariant of the Kubernetes lease can fail: random schedules catch a mutant of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { simulate } from '../../../src/check/simulate.ts';
import { violationSentence } from '../../../src/check/verdict-words.ts';
import type { Protocol } from '../../../src/protocol/types.ts';
import { kubernetesLease } from '../../../src/protocols/kubernetes/kubernetes-lease.ts';
import { parseScenario } from '../../../src/scenario/parse/parse.ts';
import { play } from '../../protocols/consensus/schedule.ts';
import { leaseFamily } from '../../protocols/kubernetes/family.ts';
import { compile } from '../mutants.ts';
import { leaseMutants } from './lease-mutants.ts';

const samples = fileURLToPath(new URL('../../../samples/kubernetes/', import.meta.url));

function whyInSample(sample: string, protocol: Protocol, violates: string): string | undefined {
  const source = readFileSync(join(samples, `${sample}.scenario.yaml`), 'utf8');
  const { scenario, problems } = parseScenario(source, `${sample}.yaml`, [protocol]);
  expect(problems).toEqual([]);
  let why: string | undefined;
  simulate(scenario!, (_world, _action, { violations }) => {
    const found = violations.find(({ monitor }) => monitor === violates);
    if (found) why ??= violationSentence(found);
  });
  return why;
}

const sentences: string[] = [];
const table = Object.entries(leaseMutants).map(([name, mutant]) => ({ name, ...mutant }));

test.each(table)('$name: $doc', async ({ name, sample, ...mutant }) => {
  const all = await compile('kubernetes/kubernetes-lease.ts', mutant.in!, name, mutant);
  const protocol = all.find((one) => one.name === 'kubernetes-lease')!;
  let why = sample && whyInSample(sample, protocol, mutant.violates);
  for (let seed = 1; seed <= 200 && !sample && why === undefined; seed++) {
    const { cluster } = play(leaseFamily, protocol, seed, { violated: mutant.violates });
    why = cluster.violations.find(({ monitor }) => monitor === mutant.violates)?.why;
  }
  expect(why, `${mutant.violates} is not violated`).toBeDefined();
  sentences.push(`${mutant.violates}: ${why}`);
});

test('every invariant of the Kubernetes lease has a mutant that violates it', () => {
  const violated = new Set(table.map(({ violates }) => violates));
  expect([...violated].sort()).toEqual(Object.keys(kubernetesLease.invariants).sort());
});

test('a violation is explained in a sentence', () => {
  expect(sentences).toMatchInlineSnapshot(`
    [
      "One Update A Version: api replaced version 10, held by B_2, for A, which read version 8.",
      "One Update A Version: api lost version 14 in a crash.",
      "A Whole Lease Without A Change: A_1 took the lease of B_1 without having seen it unchanged for 1s.",
      "A Whole Lease Without A Change: A_1 took the lease of C_1 without having seen it unchanged for 3s.",
      "A Whole Lease Without A Change: A_1 took the lease of C_1 without having seen it unchanged for 1s.",
      "Transitions Count Holders: The lease went from A_1 to A_2, and leaseTransitions went from 0 to 0.",
      "Transitions Count Holders: The lease stayed with A_2, and leaseTransitions went from 1 to 0.",
      "One Process A Transition: process 2 of C leads with 0 transitions, with which process 1 of C has led.",
      "A Leader Gives Up: A has tried 6 times to renew, and by its deadline could do so 5 times.",
      "Only The Holder Releases: A released the lease, which B_1 held: B_1 leads, and others may too.",
      "An Older Token Never Overwrites A Newer One: db let A write shards="a2" with token 0, though B had written shards="b1" with token 1: the lock had gone to B, and A did not know.",
      "An Earlier Leader Never Overwrites: A_1 wrote shards=a2 after B_1, which began to lead later, had written it: A_1 went on after its term, and the write of B_1 is lost.",
    ]
  `);
});
