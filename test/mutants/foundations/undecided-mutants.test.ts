/** Each invariant of Ben-Or's consensus and of the two generals can fail: schedules catch a mutant. */
import { describe, expect, test } from 'vitest';
import { benOr } from '../../../src/protocols/ben-or/ben-or.ts';
import { twoGenerals } from '../../../src/protocols/two-generals/two-generals.ts';
import {
  benOrFamily, generalsFamily, luckyGenerals,
} from '../../protocols/foundations/undecided-families.ts';
import { catches } from '../consensus/catches.ts';
import { benOrMutants, generalsMutants } from './undecided-mutants.ts';

describe('Ben-Or', () => {
  const sentences = catches(benOr, benOrMutants, () => benOrFamily);
  test('a violation is explained in a sentence', () => {
    expect(sentences).toMatchInlineSnapshot(`
      [
        "Agreement: p1 decided 0, and p2 decided 1.",
        "Validity: p3 decided 1, which no process proposed.",
        "One Proposed Value A Round: In round 1, p2 proposed 0, and p3 proposed 1.",
        "A Decision Binds The Next Round: 1 was decided in round 1, and p2 began the next with 0.",
        "A Unanimous Round Proposes: All began round 8 with 0, but p3 proposed no value.",
      ]
    `);
  });
});

describe('two generals', () => {
  const sentences = catches(twoGenerals, generalsMutants, (name) =>
    // With losses, the correct protocol violates it, too.
    generalsMutants[name]!.violates === 'Both Or Neither' ? luckyGenerals : generalsFamily);
  test('a violation is explained in a sentence', () => {
    expect(sentences).toMatchInlineSnapshot(`
      [
        "Waits For Its Last Message: A attacks without message 3.",
        "No Attack Without An Order: A attacks, and no attack was ordered.",
        "Both Or Neither: B attacks alone: A did not get message 5, and B cannot know that.",
      ]
    `);
  });
});
