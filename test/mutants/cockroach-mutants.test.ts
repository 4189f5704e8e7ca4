/** Each invariant of CockroachDB can fail: a mutant violates it, and CockroachDB does not. */
import { expect, test } from 'vitest';
import type { Protocol } from '../../src/protocol/types.ts';
import { cockroach } from '../../src/protocols/cockroach/cockroach.ts';
import { invariants as ofRaft } from '../../src/protocols/raft/invariants.ts';
import { cockroachStorm } from '../protocols/cockroach-storm.ts';
import { bundled, play, type Violated } from './bundled.ts';
import { type CockroachMutant, cockroachMutants } from './cockroach-mutants.ts';

const table = Object.entries(cockroachMutants).map(([name, mutant]) => ({ name, mutant }));

/** The steps of each random schedule, as in the test of the properties. */
const steps = 350;

function firstViolation(name: string, mutant: CockroachMutant, protocol: Protocol): Violated | undefined {
  if (mutant.steps !== undefined) return play(name, scenarioOf(mutant.steps), [protocol]);
  const { violations: [first], failures } = cockroachStorm(mutant.seed!, steps, protocol);
  if (first === undefined) expect(failures).toEqual([]);
  return first;
}

function scenarioOf(lines: readonly string[]): string {
  const list = lines.map((line) => `  - ${line}\n`).join('');
  return `protocol: cockroach\nnodes: { n1..n3: { splits: [m] } }\nseed: 1\nsteps:\n${list}`;
}

test.each(table)('$name: $mutant.doc', async ({ name, mutant }) => {
  const { seed: _seed, steps: _steps, ...one } = mutant;
  const file = mutant.file.startsWith('shared/') ? mutant.file : `cockroach/${mutant.file}`;
  const broken = await bundled(name, { ...one, file, protocol: 'cockroach' });
  expect(firstViolation(name, mutant, broken)?.monitor).toBe(mutant.violates);
  expect(firstViolation(name, mutant, cockroach)).toBeUndefined();
});

test('every invariant of CockroachDB has a mutant that violates it', () => {
  const violated = new Set(table.map(({ mutant }) => mutant.violates));
  // Those of Raft are violated by mutants of Raft; here by one that breaks a group of a range.
  const own = Object.keys(cockroach.invariants).filter((name) => !Object.hasOwn(ofRaft, name));
  expect([...violated].filter((name) => !Object.hasOwn(ofRaft, name)).sort()).toEqual(own.sort());
  expect([...violated].some((name) => Object.hasOwn(ofRaft, name))).toBe(true);
});
