/** Each invariant of the store with clocks can fail: random schedules catch a mutant of it. */
import { expect, test } from 'vitest';
import { logicalClocks } from '../../../src/protocols/logical-clocks/logical-clocks.ts';
import { familyOfClock } from '../../protocols/foundations/clock-family.ts';
import { catches } from '../consensus/catches.ts';
import { clockMutants } from './clock-mutants.ts';

const sentences = catches(logicalClocks, clockMutants, (name) => familyOfClock(name.split('-')[0]!));

test('a violation is explained in a sentence', () => {
  expect(sentences).toMatchInlineSnapshot(`
    [
      "Clock Condition: n3#1 happened before n1#1, but their stamps are 1 and 1.",
      "Clock Condition: n3#1 happened before n3#2, but their stamps are 1 and 1.",
      "Clock Condition: n3#1 happened before n2#3, but their stamps are 1 and 1.",
      "Known Writes Lose: n3 keeps y=5 of n3#1, not n3#2, whose author knew n3#1.",
      "Vectors Tell What Is Concurrent: n3#2 and n1#1 are concurrent, but [n3:2] counts as before [n1:1 n3:1].",
      "Siblings Stay: n3 discarded n3#2, and no write that it has knew n3#2.",
      "Replicas Converge: n1 and n3 have received n1#1 n3#1 n3#2, but keep n1#1 and n3#2.",
      "Hybrid Clocks Keep To Wall Clocks: The wall part of n3#1 is -25ms, but the latest reading in its past is 0s.",
    ]
  `);
});
