/** Each invariant of the job scheduler can fail: random schedules catch a mutant of it. */
import { expect, test } from 'vitest';
import { jobScheduler } from '../../../src/protocols/scheduler/job-scheduler.ts';
import { play } from '../../protocols/consensus/schedule.ts';
import { jobFamily } from '../../protocols/scheduler/family.ts';
import { compile } from '../mutants.ts';
import { jobMutants } from './job-mutants.ts';

const sentences: string[] = [];
const table = Object.entries(jobMutants).map(([name, mutant]) => ({ name, ...mutant }));

test.each(table)('$name: $doc', async ({ name, ...mutant }) => {
  const all = await compile('scheduler/job-scheduler.ts', mutant.in!, name, mutant);
  const protocol = all.find((one) => one.name === 'job-scheduler')!;
  let why: string | undefined;
  for (let seed = 1; seed <= 200 && why === undefined; seed++) {
    const { cluster } = play(jobFamily, protocol, seed, { violated: mutant.violates });
    why = cluster.violations.find(({ monitor }) => monitor === mutant.violates)?.why;
  }
  expect(why, `${mutant.violates} is not violated`).toBeDefined();
  sentences.push(`${mutant.violates}: ${why}`);
});

test('every invariant of the job scheduler has a mutant that violates it', () => {
  const violated = new Set(table.map(({ violates }) => violates));
  expect([...violated].sort()).toEqual(Object.keys(jobScheduler.invariants).sort());
});

test('a violation is explained in a sentence', () => {
  expect(sentences).toMatchInlineSnapshot(`
    [
      "Not Twice: Run 1 ran twice: for B and B.",
      "Not Twice: Run 2 ran twice: for A and B.",
      "Not Never: Run 2, which B began, is marked as done and never had its effect.",
      "Not Never: Run 2, which B began, is marked as done and never had its effect.",
      "One Lease: The lease went from B to A before it expired.",
      "One Lease: The term fell from 1 to 0.",
      "Runs In Order: A began run 3, but run 2 is not done.",
      "Only The Leader Begins: A began run 4, but B has the lease.",
      "Effects Stay: ledger forgot the key of an effect.",
    ]
  `);
});
