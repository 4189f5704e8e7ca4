/** Each invariant of repeated requests and of the write-ahead log can fail: schedules catch a mutant. */
import { describe, expect, test } from 'vitest';
import { requestReply } from '../../../src/protocols/request-reply/request-reply.ts';
import { writeAheadLog } from '../../../src/protocols/write-ahead-log/write-ahead-log.ts';
import { logFamily, requestFamily } from '../../protocols/foundations/failure-families.ts';
import { catches } from '../consensus/catches.ts';
import { logMutants, requestMutants } from './failure-mutants.ts';

describe('repeated requests', () => {
  const sentences = catches(requestReply, requestMutants, () => requestFamily);
  test('a violation is explained in a sentence', () => {
    expect(sentences).toMatchInlineSnapshot(`
      [
        "At Most Once: Request 1 of c1 was executed twice.",
        "A Reply Means Executed: c1 has a reply to request 1, which did not run.",
        "Same Answer: Request 1 of c2 made it 4, and is answered 7.",
      ]
    `);
  });
});

describe('the write-ahead log', () => {
  const sentences = catches(writeAheadLog, logMutants, () => logFamily);
  test('a violation is explained in a sentence', () => {
    expect(sentences).toMatchInlineSnapshot(`
      [
        "Whole Record: The record of db is torn: its pages are of 0, nothing, nothing.",
        "Answered Writes Survive: db answered the write of 54, and now reads 50.",
        "Log Before Pages: db marked a log of 1 of 2 pages.",
      ]
    `);
  });
});
