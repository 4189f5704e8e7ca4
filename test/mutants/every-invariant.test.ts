/** Every invariant of every built-in protocol has a mutant that violates it. */
import { expect, test } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { allMutants } from './all.ts';
import { compile } from './mutants.ts';

/** Protocols share invariants, such as those of all locks: a mutant of one of them is enough. */
const violated = new Set(allMutants.map(({ mutant }) => mutant.violates));

test.each(library)('$name', ({ invariants }) => {
  expect(Object.keys(invariants).filter((name) => !violated.has(name))).toEqual([]);
});

test('a file that its protocol does not contain is refused', async () => {
  const { mutant } = allMutants[0];
  await expect(compile('paxos/paxos.ts', 'raft/raft.ts', 'lost', mutant)).rejects.toThrow(
    'mutant lost: paxos/paxos.ts does not contain raft/raft.ts',
  );
});
