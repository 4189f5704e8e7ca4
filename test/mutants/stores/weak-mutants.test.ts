/** Each invariant of causal replication and of gossip can fail: schedules catch a mutant of it. */
import { describe, expect, test } from 'vitest';
import { causalInvariants } from '../../../src/protocols/register-store/causal/causal-invariants.ts';
import { gossipInvariants } from '../../../src/protocols/register-store/gossip/gossip-invariants.ts';
import { registerStore } from '../../../src/protocols/register-store/register-store.ts';
import { weakFamilies } from '../../protocols/stores/weak-families.ts';
import { catches } from '../consensus/catches.ts';
import { causalMutants, gossipMutants } from './weak-mutants.ts';

const gossipFamilies = {
  register: weakFamilies['last writer wins'],
  siblings: weakFamilies.siblings,
  counter: weakFamilies.counter,
  set: weakFamilies.set,
};

describe('causal replication', () => {
  const store = { ...registerStore, invariants: causalInvariants };
  const sentences = catches(store, causalMutants, () => weakFamilies.causal);
  test('a violation is explained in a sentence', () => {
    expect(sentences).toMatchInlineSnapshot(`
      [
        "Causes Come First: n2 applied x=545968338 (n1#1), which depends on [n2:1 n3:2], after [n2:1] only.",
        "Dependencies Are Complete: n2#2 of c2 depends on [], but c2 had seen [n2:1].",
        "Convergent Servers Agree: n2 and n1 have applied the same writes, but have x=660070002 and 111165493.",
        "Applied Writes Stay Applied: n1 had applied [n1:2], and now only [].",
        "A Vector Counts What Is There: n1 counts 2 writes of n1, and has 0.",
      ]
    `);
  });
});

describe('gossip', () => {
  const store = { ...registerStore, invariants: gossipInvariants };
  const sentences = catches(store, gossipMutants, (name) =>
    gossipFamilies[name.split('-')[0] as keyof typeof gossipFamilies]);
  test('a violation is explained in a sentence', () => {
    expect(sentences).toMatchInlineSnapshot(`
      [
        "Copies With The Same Updates Agree: n3 and n2 include the same updates of y, [n2:1 n3:2], but show 986637814 and 942253227.",
        "The Last Write Stays: n2 has x 18342825: it keeps n2#1, but n2#2 is later by its time.",
        "Copies Never Lose Updates: n1 included the updates [n1:2 n2:1] of x, and now only [].",
        "A Write Replaces What Was Read: n2 has x [18342825]: it keeps n2#1, but should keep n2#1 n3#1.",
        "A Write Replaces What Was Read: n2 has y [942253227, 54319952]: it keeps n2#1 n3#1, but should keep n2#1.",
        "No Increment Is Lost: n1 has x 2: the increments that it includes, [n1:3 n2:3 n3:3], add up to 8.",
        "A Remove Takes What It Observed: n3 has x [a, b]: a remove had observed each add of a.",
        "A Remove Takes What It Observed: n3 has x []: no remove had observed n2#1 (a).",
      ]
    `);
  });
});
