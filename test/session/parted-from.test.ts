/** With which run a branch is compared, where several share what the first run does by itself. */
import { expect, test } from 'vitest';
import type { Run } from '../../src/kernel/run.ts';
import { type Branch, newBranch, partedFrom } from '../../src/session/branches/branch.ts';

const run = (base: number, nodes: string): Run => {
  const action = (step: number) => ({ type: 'crash', at: 0, node: nodes[step - 1] });
  return { base, length: nodes.length, action } as unknown as Run;
};

test('the first run as far as it went the same way, and else what it does by itself', () => {
  const first = newBranch(0, run(0, 'abcXe'), null);
  const beside = newBranch(-1, run(0, 'abcde'), first);
  const at = (base: number): Branch => ({ ...newBranch(base, run(base, ''), first), beside });
  expect([2, 4, 3, 5].map((base) => partedFrom(at(base)))).toEqual([first, beside, first, beside]);
});
