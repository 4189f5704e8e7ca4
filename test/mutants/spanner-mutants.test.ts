/** Each invariant of Spanner can fail: a mutant violates it in a random schedule of 200. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { Protocol } from '../../src/protocol/types.ts';
import { spanner } from '../../src/protocols/spanner/spanner.ts';
import { spannerStorm, stormSteps } from '../protocols/spanner-storm.ts';
import { play } from './bundled.ts';
import { compile } from './mutants.ts';
import { spannerMutants } from './spanner-mutants.ts';

const compiled: Record<string, Protocol> = {};
/** The first sentence of each invariant, of the mutant that is listed first. */
const sentences: Record<string, string> = {};

beforeAll(async () => {
  for (const [name, mutant] of Object.entries(spannerMutants)) {
    [compiled[name]] = await compile('spanner/spanner.ts', `spanner/${mutant.in}`, name, mutant);
  }
}, 60_000);

const table = Object.entries(spannerMutants).map(([name, mutant]) => ({ name, ...mutant }));

/** Without what a sample expects: only invariants judge. */
function scenarioOf(schedule: string | readonly string[]): string {
  if (typeof schedule === 'string') {
    return readFileSync(`samples/spanner/${schedule}.scenario.yaml`, 'utf8').split('\nexpect:')[0];
  }
  const groups = ['a', 'b'];
  const elections = groups.flatMap((one) => [
    `fire ${one}1 election`, `wait until LeaderReady at ${one}1`,
  ]);
  const lines = [...elections, ...schedule].map((step) => `  - ${step}\n`).join('');
  const nodes = 'a1..a3: replica, b1..b3: replica, c1: client, c2: client';
  return `protocol: spanner\nnodes: { ${nodes} }\nnetwork: { latency: 1ms }\nsteps:\n${lines}`;
}

/** The violations in the step of the first one. That the protocol has none is tested elsewhere. */
function violationsOf(name: string): readonly { monitor: string; why: string }[] {
  const { schedule, violates } = spannerMutants[name];
  if (typeof schedule !== 'number') {
    const first = play(name, scenarioOf(schedule), [compiled[name]]);
    return first === undefined ? [] : [first];
  }
  for (let seed = schedule; seed <= 200; seed++) {
    const { violations, failures } = spannerStorm(seed, stormSteps, compiled[name]);
    expect(failures).toEqual([]);
    if (violations.some(({ monitor }) => monitor === violates)) return violations;
  }
  return [];
}

test.each(table)('$name: $doc', ({ name, violates }) => {
  const violations = violationsOf(name);
  expect(violations.map(({ monitor }) => monitor)).toContain(violates);
  sentences[violates] ??= violations.find(({ monitor }) => monitor === violates)!.why;
});

test('every invariant of Spanner has a mutant that violates it', () => {
  const violated = new Set(table.map((one) => one.violates));
  expect([...violated].sort()).toEqual(Object.keys(spanner.invariants).sort());
});

test('a violation is explained in a sentence', () => {
  expect(sentences).toMatchInlineSnapshot(`
    {
      "a snapshot is exact": "a2 read a/x as of 9.050988s and saw the version of 4.002ms, but writer#2 committed it at 8.009ms.",
      "a write lock excludes others": "c2#3 has b/x at b2 for writing, and c1#8 as well.",
      "an operation happens once": "c2#5/2 committed, and c2#5/3 as well.",
      "chosen by a quorum": "a1 took no-op in slot 1 as chosen, but only a1 has it.",
      "commits follow their prepares": "c3#3 committed at 1.223327s, but b prepared it at 1.270005s.",
      "external consistency": "c3#9 committed at 1.03891s and was answered at 991.793ms; c2#8 began at 994.097ms, but committed at 1.002955s: they are in the wrong order.",
      "leases are disjoint": "a3 leads from 25.919ms to 406.512ms with ballot 3, and a1 from 10.296ms to 396.998ms with ballot 1: their leases overlap.",
      "locking reads are current": "c1#2 read a/y as of 46.018ms and saw the version of 0s, but c2#1 committed it at 19.013ms.",
      "locks are held to the end": "c1#1 had no lock on a/y at a1 when it got its timestamp.",
      "one record per slot": "a1 has commit of writer#2 at 10.01ms in slot 3, for which no-op was chosen.",
      "the older does not wait": "c2#1 waits for c2#2 at b3, which is younger.",
      "the safe time is safe": "a3 took 1.550355s as safe, and then applied a write of c1#3 at 1.520711s.",
      "timestamps are inside the lease": "a1 gave up its lease at 626.379ms, but had used 638.033ms.",
      "timestamps grow": "Slot 5 of b1 is commit of c3#6 at 968.326ms, but one before it is of 973.068ms.",
      "two-phase commit is atomic": "c1#4 committed with timestamp 1.16417s at a2, and was aborted at b3.",
    }
  `);
});
