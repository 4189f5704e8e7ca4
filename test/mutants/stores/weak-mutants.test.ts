/** Each invariant of causal replication and of gossip can fail: schedules catch a mutant of it. */
import { describe, expect, test } from 'vitest';
import { causalInvariants } from '../../../src/protocols/register-store/causal/causal-invariants.ts';
import { gossipInvariants } from '../../../src/protocols/register-store/gossip/gossip-invariants.ts';
import { sessionInvariants } from '../../../src/protocols/register-store/invariants/session-invariants.ts';
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

/** Mutants that lose one guarantee, where clients have no other. */
const ofSessions: Readonly<Record<string, keyof typeof weakFamilies>> = {
  'causal-forgets-its-writes': 'only monotonic-writes',
  'causal-forgets-its-reads': 'only writes-follow-reads',
  'causal-reads-without-its-writes': 'only read-your-writes',
  'causal-reads-without-its-reads': 'only monotonic-reads',
};

describe('causal replication', () => {
  const invariants = { ...causalInvariants, ...sessionInvariants };
  const sentences = catches({ ...registerStore, invariants }, causalMutants, (name) =>
    weakFamilies[ofSessions[name] ?? 'causal']);
  test('a violation is explained in a sentence', () => {
    expect(sentences).toMatchInlineSnapshot(`
      [
        "Causes Come First: n2 applied y=69166459 (n1#3), which depends on [n1:2 n2:1 n3:1], after [n1:2 n2:1] only.",
        "Dependencies Are Complete: n2#2 of c2 depends on [], but its session must have [n2:1].",
        "Dependencies Are Complete: n3#2 of c2 depends on [], but its session must have [n2:1].",
        "Dependencies Are Complete: n2#2 of c2 depends on [], but its session must have [n1:1 n2:1].",
        "Read Your Writes: c3 read y @ 3.n1, after it had written 3.n3.",
        "Monotonic Reads: c2 read x @ 3.n2, after it had read 4.n2.",
        "Convergent Servers Agree: n1 and n3 have applied the same writes, but have x=452329766 and 720275776.",
        "Applied Writes Stay Applied: n3 had applied [n2:1 n3:1], and now only [].",
        "A Vector Counts What Is There: n3 counts 1 writes of n2, and has 0.",
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
        "Copies With The Same Updates Agree: n3 and n1 include the same updates of x, [n1:4 n3:3], but show 573222411 and 827937776.",
        "The Last Write Stays: n3 has x 48020416: it keeps n3#1, but n2#1 is later by its time.",
        "Copies Never Lose Updates: n2 included the updates [n1:1 n3:1] of x, and now only [].",
        "A Write Replaces What Was Read: n3 has x [48020416]: it keeps n3#1, but should keep n2#1 n3#1.",
        "A Write Replaces What Was Read: n2 has x [264564695, 728994119]: it keeps n1#1 n3#1, but should keep n1#1.",
        "No Increment Is Lost: n2 has x 2: the increments that it includes, [n1:3 n2:5 n3:1], add up to 20.",
        "A Remove Takes What It Observed: n2 has x [a, c]: a remove had observed each add of a.",
        "A Remove Takes What It Observed: n3 has x []: no remove had observed n2#1 (a).",
      ]
    `);
  });
});
