/** Each invariant of the naive cluster can fail: random schedules catch a mutant that violates it. */
import { expect, test } from 'vitest';
import { naiveCluster } from '../../../src/protocols/naive-cluster/naive-cluster.ts';
import { majorityFamily } from '../../protocols/consensus/families.ts';
import { catches } from './catches.ts';
import { naiveClusterMutants } from './naive-cluster-mutants.ts';

const sentences = catches(naiveCluster, naiveClusterMutants, () => majorityFamily);

test('a violation is explained in a sentence', () => {
  expect(sentences).toMatchInlineSnapshot(`
    [
      "Elected By A Majority: n3 leads term 1 by 2 of 4 votes.",
      "One Vote A Term: n1 voted for n1 and then for n3 in term 1.",
      "One Leader: n2 and n1 lead in term 1.",
      "Answered Writes Stay: n2 leads without the write "c1 5: cas y 2 4", which n1 had answered.",
      "Stored By A Majority: n3 answered "c2 6: put y 4", which only n3 of 3 nodes stored.",
      "Versions Grow: The version of n2 was 1 of term 1, and is 0 of term 1.",
      "Same Version, Same Data: In version 0 of term 1, n3 has [c2 6: put y 4], and another node had [].",
    ]
  `);
});
