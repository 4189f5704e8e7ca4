/** Each invariant of mutual exclusion and of the snapshot can fail: schedules catch a mutant of it. */
import { describe, expect, test } from 'vitest';
import { chandyLamport } from '../../../src/protocols/chandy-lamport/chandy-lamport.ts';
import { lamportMutex } from '../../../src/protocols/lamport-mutex/lamport-mutex.ts';
import { mutexFamily, snapshotFamily } from '../../protocols/foundations/order-families.ts';
import { catches } from '../consensus/catches.ts';
import { mutexMutants, snapshotMutants } from './order-mutants.ts';

describe('mutual exclusion', () => {
  const sentences = catches(lamportMutex, mutexMutants, () => mutexFamily);
  test('a violation is explained in a sentence', () => {
    expect(sentences).toMatchInlineSnapshot(`
      [
        "Mutual Exclusion: p1 and p3 have the resource.",
        "Mutual Exclusion: p1 and p2 have the resource.",
        "Granted In Order: p3 got the resource for time 5, after p1 for 7.",
        "Links Keep Order: p1 handled message 7 of p3 after message 8.",
        "One Request A Process: The queue of p1 has two requests of p2.",
      ]
    `);
  });
});

describe('snapshots', () => {
  const sentences = catches(chandyLamport, snapshotMutants, () => snapshotFamily);
  test('a violation is explained in a sentence', () => {
    expect(sentences).toMatchInlineSnapshot(`
      [
        "Money Is Conserved: Snapshot b2.1 has 303, but there is 300.",
        "Consistent Cut: Transfer 3 from b3 to b1 is received in snapshot b3.2, but not sent.",
        "Channels Are Complete: Snapshot b2.2 has nothing on the way from b3 to b2, not 17.",
      ]
    `);
  });
});
