/** Named branches of sessions that run at once: none erases what another keeps. */
import { expect, test } from 'vitest';
import { mergedBranches } from '../../src/extension/runs/merging.ts';
import type { Action } from '../../src/kernel/action.ts';
import type { StoredBranch } from '../../src/session/branches/stored.ts';

const crash = (node: string, at: number): Action => ({ type: 'crash', at, node });
const branch = (
  number: number, name: string, parent: number, base: number, ...nodes: string[]
): StoredBranch => {
  const actions = nodes.map((node, i) => crash(node, base + i));
  return { number, name, parent, base, actions };
};
const names = (branches: readonly StoredBranch[]) => branches.map(({ name }) => name);

const x = branch(1, 'x', 0, 5, 'a', 'b', 'c');
const y = branch(1, 'y', 0, 2, 'b');

test('what two sessions name is kept of both, numbered anew', () => {
  const first = mergedBranches([], [], [x]);
  const both = mergedBranches(first, [], [y]);
  expect(both).toEqual([x, { ...y, number: 2 }]);
  // What has not changed leaves all as it is.
  expect(mergedBranches(both, [y], [y])).toEqual(both);
});

test('a session deletes and renames only what it had', () => {
  const kept = [x, { ...y, number: 2 }];
  expect(names(mergedBranches(kept, [x], []))).toEqual(['y']);
  expect(names(mergedBranches(kept, kept, [{ ...x, name: 'z' }, kept[1]!]))).toEqual(['z', 'y']);
  // The other session deleted it: an unchanged one does not come back.
  expect(names(mergedBranches([x], kept, [{ ...x, name: 'z' }, kept[1]!]))).toEqual(['z']);
});

test('a branch that went on is the same one, and what parted from it stays on it', () => {
  const child = branch(2, 'child', 1, 6, 'd');
  const longer = branch(7, 'x', 0, 5, 'a', 'b', 'c', 'd');
  expect(mergedBranches([x, child], [x], [longer])).toEqual([{ ...longer, number: 1 }, child]);
});

test('a deleted branch stays without its name as far as one of another session needs it', () => {
  const child = branch(2, 'child', 1, 6, 'd');
  expect(mergedBranches([x, child], [x], [])).toEqual([{ ...x, name: '' }, child]);
  // And it comes along with what parts from it, if the other session had deleted it.
  expect(names(mergedBranches([], [x], [x, child]))).toEqual(['', 'child']);
});

test('branches that parted from the same branch at other steps, or did other things, are others', () => {
  const others = [branch(1, 'one', 0, 5, 'a', 'c'), branch(2, 'two', 1, 6, 'b')];
  expect(names(mergedBranches([x], [], others))).toEqual(['x', 'one', 'two']);
});
