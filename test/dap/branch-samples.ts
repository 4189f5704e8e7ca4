/** Examples of what the debug console says of branches. */
import type * as branches from '../../src/dap/words/branches.ts';
import type { BranchView } from '../../src/view/branches.ts';

const first: BranchView = { number: 0, name: '', parted: null, length: 213 };

const all: BranchView[] = [
  first,
  {
    number: 1, name: 'lossy link', parted: { from: 0, step: 12, time: 240_000 }, length: 40,
    began: 'n1 crashes',
    event: {
      node: 'n2', label: 'LeaderElected term 2, votes 2', step: 31, time: 400_000,
      instead: { node: 'n1', label: 'LeaderElected term 1, votes 3', step: 20 },
    },
    broken: {
      kind: 'invariant', name: 'Election Safety', why: 'n1 and n2 lead term 1', step: 38,
      isInherited: false,
    },
  },
  { number: 3, name: '', parted: { from: 1, step: 30, time: 390_000 }, length: 31, began: 'n2 pauses' },
  {
    number: 4, name: '', parted: { from: 9, step: 30, time: 0 }, length: 31,
    stale: { type: 'no parent', parent: 9 },
  },
  {
    number: 5, name: 'kept', parted: { from: 0, step: 30, time: 0 }, length: 31,
    stale: { type: 'waiting' },
  },
];

type Samples = {
  readonly [Name in keyof typeof branches]: Parameters<(typeof branches)[Name]>[];
};

export const branchSamples: Samples = {
  branchesText: [[{ branches: all, current: 1, step: 31 }], [{ branches: [first], current: 0, step: 0 }]],
  staleText: [
    [{ type: 'not possible', step: 14, action: 'RequestVote n1 → n2' }],
    [{ type: 'no parent', parent: 2 }],
    [{ type: 'parent shorter', parent: 0, length: 8 }],
    [{ type: 'parent differs', parent: 0, step: 8 }],
    [{ type: 'waiting' }],
    [{ type: 'interrupted' }],
  ],
  goneToText: [[0, 12], [3, 31]],
  namedText: [[1, 'lossy link'], [1, '']],
  notKeptText: [[3, 'lossy link'], [0, 'slow']],
  deletedText: [[[1]], [[1, 3, 4]]],
};
