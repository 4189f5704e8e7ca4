/** Which branches are worth storing, how far, and what that costs. */
import { expect, test } from 'vitest';
import type { Action } from '../../src/kernel/action.ts';
import type { Branch } from '../../src/session/branches/branch.ts';
import type { StaleBranch, Tree } from '../../src/session/branches/kept.ts';
import { storedBranch, worthStoring } from '../../src/session/branches/stored.ts';

/** Records which actions were read. */
function treeOf(
  { length, chosen, name = '' }: { length: number; chosen: number; name?: string },
  others: readonly Pick<StaleBranch, 'number' | 'name' | 'parent' | 'base' | 'length'>[],
): { tree: Tree; read: number[] } {
  const read: number[] = [];
  const action = (step: number): Action => {
    read.push(step);
    return { type: 'crash', at: step, node: 'n1' };
  };
  const first = { number: 0, name, chosen, parent: null, run: { length, base: 0, action } };
  const stale = others.map((one): StaleBranch => ({ ...one, action, why: { type: 'interrupted' } }));
  const simulation = { reserve: () => 100 };
  return { tree: { branches: [first as unknown as Branch], stale, simulation }, read };
}

const early = { number: 1, name: 'early', parent: 0, base: 30, length: 40 };
const late = { number: 2, name: 'late', parent: 0, base: 6_000, length: 6_001 };
const shape = (tree: Tree) => worthStoring(tree).stored.map(({ number, parent, base, length }) =>
  [number, parent, base, length]);

test('the rest of a long first run is stored as far as a branch parts from it', () => {
  const { tree } = treeOf({ length: 20_000, chosen: 5 }, [early]);
  expect(shape(tree)).toEqual([[100, 0, 4, 30], [1, 100, 30, 40]]);
  expect(worthStoring(tree).left).toEqual([]);
  const actions = storedBranch(worthStoring(tree).stored[0]!).actions;
  expect([actions.length, actions.at(-1)]).toEqual([26, { type: 'crash', at: 30, node: 'n1' }]);
});

test('what is too much is left out, and named', () => {
  const { tree } = treeOf({ length: 20_000, chosen: 5, name: 'all' }, [early, late]);
  expect(shape(tree)).toEqual([[100, 0, 4, 30], [1, 100, 30, 40]]);
  expect(worthStoring(tree).left).toEqual([{ number: 2, name: 'late' }, { number: 0, name: 'all' }]);
});

test('two branches share what both part from, and a copy of actions is cut as well', () => {
  const own = Array.from({ length: 50 }, (_, i): Action => ({ type: 'crash', at: i, node: 'n1' }));
  const { tree } = treeOf({ length: 9, chosen: 0 }, [
    { number: 1, name: '', parent: 0, base: 9, length: 59 },
    { number: 2, name: 'a', parent: 1, base: 12, length: 13 },
    { number: 3, name: 'b', parent: 1, base: 20, length: 21 },
    { number: 4, name: 'at its start', parent: 1, base: 9, length: 10 },
  ]);
  const [parent, ...others] = tree.stale;
  const cut = { ...tree, stale: [{ ...parent!, own }, ...others] };
  expect(shape(cut)).toEqual([[1, 0, 9, 20], [2, 1, 12, 13], [3, 1, 20, 21], [4, 1, 9, 10]]);
  expect(storedBranch(worthStoring(cut).stored[0]!).actions).toEqual(own.slice(0, 11));
  // A branch that begins with another gives it at least one action: an empty one is not received.
  const alone = { ...tree, stale: [tree.stale[0]!, tree.stale[3]!] };
  expect(shape(alone)).toEqual([[1, 0, 9, 10], [4, 1, 9, 10]]);
});

test('no action is read to know what is worth storing, as that happens at each stop', () => {
  const unnamed = Array.from({ length: 20 }, (_, i) => ({ ...late, number: 10 + i, name: '' }));
  const { tree, read } = treeOf({ length: 20_000, chosen: 5 }, [early, ...unnamed]);
  const { stored } = worthStoring(tree);
  expect(read).toEqual([]);
  stored.forEach(storedBranch);
  expect(read).toHaveLength(36);
});
