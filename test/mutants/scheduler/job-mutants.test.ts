/** Each invariant of the job scheduler can fail: random schedules catch a mutant of it. */
import { expect, test } from 'vitest';
import { jobScheduler } from '../../../src/protocols/scheduler/job-scheduler.ts';
import { jobFamily } from '../../protocols/scheduler/family.ts';
import { catches } from '../consensus/catches.ts';
import { jobMutants } from './job-mutants.ts';

const sentences = catches(jobScheduler, jobMutants, () => jobFamily, 'scheduler');

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
