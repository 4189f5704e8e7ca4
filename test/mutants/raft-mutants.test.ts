/** Each invariant of Raft can fail: a mutant with one wrong line violates it, and Raft does not. */
import { expect, test } from 'vitest';
import type { Protocol } from '../../src/protocol/types.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { Cluster, setupOf } from '../protocols/cluster.ts';
import { raftSchedules } from './raft-schedules.ts';
import { raftMutants } from './raft-mutants.ts';
import { replaceLine, mutants } from './mutants.ts';

const compiled = await mutants();

function play(name: string, protocol: Protocol): Cluster {
  const { cluster, run } = raftSchedules[name];
  const played = new Cluster(setupOf(cluster(protocol)));
  try {
    run(played);
  } catch (error) {
    // After its violation, a mutant need not continue as Raft does.
    if (played.violations.length === 0) throw error;
  }
  return played;
}

const table = Object.entries(raftMutants).map(([name, mutant]) => ({ name, ...mutant }));

test.each(table)('$name: $doc', ({ name, violates }) => {
  const mutant = play(name, compiled[name]);
  expect(mutant.violations[0]?.monitor, mutant.lines.join('\n')).toBe(violates);
  const original = play(name, raft);
  expect(original.violations).toEqual([]);
  expect(original.failures).toEqual([]);
});

test('every invariant of Raft has a mutant that violates it', () => {
  const broken = new Set(Object.values(raftMutants).map(({ violates }) => violates));
  expect([...broken].sort()).toEqual(Object.keys(raft.invariants).sort());
});

test('a mutant whose line is missing or ambiguous is refused', () => {
  const mutant = { doc: '', line: 'a();', broken: 'b();', violates: '' };
  expect(replaceLine('{\n  a();\n}', 'mutant', mutant)).toBe('{\n  b();\n}');
  expect(() => replaceLine('c();', 'mutant', mutant)).toThrow('occurs 0 times');
  expect(() => replaceLine('a();\na();', 'mutant', mutant)).toThrow('occurs 2 times');
});

test('a violation is explained in a sentence', () => {
  const sentences = Object.keys(raftMutants).map((name) => play(name, compiled[name]).violations[0].why);
  expect(sentences).toMatchInlineSnapshot(`
    [
      "n3 leads term 1 with the votes of n3 and n4 only: a majority of 4 servers is needed.",
      "n3 leads term 2, but n1 was elected in that term before it.",
      "n1, the leader of term 1, overwrote its entry 3: put x 1 (term 1) became put x 2 (term 1).",
      "n2 and n1 have an entry of term 3 at index 4, but the entries before it are of terms 1 and 2.",
      "n2, whose log ends with entry 2 of term 1, voted for n3, whose log is empty.",
      "n2 leads term 2 without entry 2, put x 1 (term 1), which n1 committed in term 1.",
      "n1 committed entry 2, put t2 2 (term 2), in term 4: entries of earlier terms can still be replaced.",
      "n1 counts entry 3, put t2 3 (term 2), as stored by n2, which has put t1 3 (term 1) there.",
      "n1 has put x 1 (term 0) at index 2, behind no-op (term 1).",
      "n2 applied put t1 2 (term 1) at index 2, but n1 applied put t2 2 (term 2) there.",
      "n2 voted for n1 and forgot it in term 1.",
      "The commitIndex of n2 fell from 10 to 2.",
      "The currentTerm of n1 fell from 1 to 0.",
      "Entry 10 of n2, put t1 10 (term 1), was committed, and is deleted.",
      "n3 applied index 1, but its commitIndex is 0.",
      "The lastApplied of n3 fell from 1 to 0.",
      "n2 has x=null, but entry 2 made it 1.",
      "n1 still leads term 1, though no server answered it in its last interval.",
      "n2 voted for n3 in term 2, though it heard that n1 leads term 1.",
      "n1 began term 1, though only n5 had agreed to vote for it.",
      "n2 was in term 0 with no vote; it received a pre-vote, and is in term 1 with no vote.",
      "n1 changed the members n1 n2 n3 n4 to n1 n2 in one step.",
      "n1 leads term 2 with the votes of n2 only: a majority of 2 servers is needed.",
      "n1 uses the members n1 n2, but its log has no other.",
      "c1 was answered removeServer n3, which is not committed.",
      "c1 was answered get with null, but no server has executed that.",
      "n1 made a configuration at index 2, before an entry of its term 1 was committed.",
    ]
  `);
});
