/** Each invariant of the register store can fail: schedules catch a mutant. */
import { describe, expect, test } from 'vitest';
import { copyInvariants } from '../../../src/protocols/register-store/invariants/copy-invariants.ts';
import { readInvariants } from '../../../src/protocols/register-store/invariants/read-invariants.ts';
import { sessionInvariants } from '../../../src/protocols/register-store/invariants/session-invariants.ts';
import { registerStore } from '../../../src/protocols/register-store/register-store.ts';
import { configurations, familyOf } from '../../protocols/stores/store-families.ts';
import { catches } from '../consensus/catches.ts';
import { storeMutants } from './store-mutants.ts';

/** The configuration that each mutant breaks; quorums, if it is not named. */
const where: Readonly<Record<string, keyof typeof configurations>> = {
  'store-writes-nothing-back': 'R=1, W=3 with write-back',
  'store-takes-old-hints': 'sloppy quorums',
  'store-forgets-hints': 'sloppy quorums',
  'store-applies-out-of-order': 'any server',
  'store-reads-anywhere': 'sessions by routing',
  'store-moves-sessions': 'sessions by routing',
};

describe('a single copy, a leader and quorums', () => {
  const invariants = { ...readInvariants, ...copyInvariants, ...sessionInvariants };
  const sentences = catches(
    { ...registerStore, invariants }, storeMutants, (name) => familyOf(configurations[where[name] ?? 'quorums']),
  );
  test('a violation is explained in a sentence', () => {
    expect(sentences).toMatchInlineSnapshot(`
      [
        "Completed Writes Are Read: n2 answered x @ 2.n2, after the write of 3.n1 completed.",
        "No Old Value After New: n2 answered y @ 1.n1, after a read had returned 2.n1.",
        "Later Writes Are Newer: The write of x @ 1.n1 began after the one of 1.n2 had completed.",
        "A Version Names One Write: n2 has the value 59 of x @ 3.n1, not 61.",
        "Copies Never Go Back: n2 replaced x @ 4.n1 by the older 3.n1.",
        "Answered Writes Are Stored: x @ 1.n1 was answered as on 2 servers, not n1.",
        "Followers Keep The Order: n3 has applied 6 writes, and has write 0 of y, not 5.",
        "Hints Are Delivered: n4 gave up y @ 1.n1, which n3 does not have.",
        "Read Your Writes: c3 read x @ 2.n1, after it had written 3.n1.",
        "Monotonic Reads: c2 read x @ unwritten, after it had read 1.n1.",
      ]
    `);
  });
});
