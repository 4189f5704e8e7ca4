/** Each invariant of the configuration store can fail: random schedules catch a mutant of it. */
import { expect, test } from 'vitest';
import { configurationStore } from '../../../src/protocols/configuration-store/configuration-store.ts';
import { invariants as raftInvariants } from '../../../src/protocols/raft/invariants.ts';
import { storeFamily } from '../../protocols/configuration-store/family.ts';
import { catches } from '../consensus/catches.ts';
import { configurationMutants } from './store-mutants.ts';

/** Raft's own invariants have their mutants elsewhere. */
const own = Object.entries(configurationStore.invariants).filter(([name]) => !(name in raftInvariants));
const sentences = catches(
  { ...configurationStore, invariants: Object.fromEntries(own) }, configurationMutants, () => storeFamily,
);

test('a violation is explained in a sentence', () => {
  expect(sentences).toMatchInlineSnapshot(`
    [
      "One Change A Revision: n1 applied 2: put a/x 2, but n2 applied 2: put b 0.",
      "Every Change Counts: n1 changed a/x at 0, but shows revision 3.",
      "Every Change Counts: n2 changed a/y at 4, but shows revision 2.",
      "Swaps Compare: n1 let a swap that compares revision 0 change a/x, which was changed at 2.",
      "No Watch In The Deleted Past: n3 accepted the watch of c1 for a/ from 3, but the changes before 4 are deleted.",
      "Changes In Order: c2 received revision 2 of a/y after revision 5.",
      "Changes In Order: c2 received revision 5 of a/y after revision 5.",
      "No Change Is Missed: c2 did not receive 3: put a/x 2.",
      "Only Committed Changes: c1 received 6: put a/y 3, but only n2 has its entry.",
      "Known Never Goes Back: c1 knew a/y of revision 5, and now that of 2.",
    ]
  `);
});
