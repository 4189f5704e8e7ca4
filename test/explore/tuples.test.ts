/** The search of tuples finds what the search of worlds finds: the same states, the same faults. */
import { describe, expect, test } from 'vitest';
import { noLimits } from '../../src/explore/budgets.ts';
import type { Problem } from '../../src/explore/search/problem.ts';
import { exploreTuples } from '../../src/explore/search/tuples/explore-tuples.ts';
import { exploreWorlds } from '../../src/explore/search/worlds.ts';
import { raftSetup } from '../bench/raft-load.ts';
import { everythingSetup } from './everything.ts';
import { staying, untimed } from './models/search.ts';
import { abd, paxos, singleCopy, twoPhase } from './models/setups.ts';

const put = {
  type: 'invoke', at: 0, node: 'client', operation: 'put', args: { key: 'x', value: 1 },
} as const;

const raftWithin = (depth: number, faults = {}): Problem => {
  const problem = untimed(raftSetup(3), { faults });
  return {
    ...problem,
    setting: { ...problem.setting, operations: [put] },
    limits: { ...noLimits, depth, messages: 4 },
    targets: { nodeWithin: ({ state }) => !((state.currentTerm as number) > 2) },
  };
};

const everything = (depth: number, faults = {}, reorder = false): Problem => {
  const ask = { type: 'invoke', at: 0, node: 'a', operation: 'ask', args: {} } as const;
  const problem = untimed(everythingSetup({ reorder }), { faults });
  // Its invariant breaks early, which is for another test.
  const limits = { ...noLimits, depth, messages: 4 };
  return { ...problem, setting: { ...problem.setting, operations: [ask, ask] }, limits };
};

describe('the same number of states, choices and depth', () => {
  test.each<readonly [string, () => Problem]>([
    ['two-phase commit', () => untimed(twoPhase(3))],
    ['messages that stay', () => untimed(twoPhase(3), { faults: staying })],
    ['drops and duplicates', () => untimed(twoPhase(2), { faults: { drops: 1, duplicates: 1 } })],
    ['one register', () => untimed(singleCopy(1, 2), { skipsIdle: true })],
    ['ABD', () => untimed(abd(2, 2), { skipsIdle: true })],
    ['Raft', () => raftWithin(5)],
    ['Raft, a crash and a drop', () => raftWithin(4, { crashes: 1, drops: 1 })],
    ['draws, in order', () => everything(4, { drops: 1, duplicates: 1 })],
    ['draws, in any order', () => everything(4, { crashes: 1 }, true)],
  ])('%s', (_, make) => {
    const tuples = exploreTuples(make());
    const worlds = exploreWorlds(make(), 'bfs');
    expect(tuples).toBeDefined();
    expect({ ...tuples, transitions: 0 }).toEqual({ ...worlds, transitions: 0, reduction: undefined });
    expect(worlds.states).toBeGreaterThan(90);
  });
});

test.each([[3, 288], [5, 8_832], [7, 296_448]])(
  'two-phase commit with %i resource managers: %i states, as TLC finds', (resources, states) => {
    const found = exploreTuples(untimed(twoPhase(resources), { faults: staying }));
    expect(found).toMatchObject({ type: 'holds', states, cut: [] });
  },
);

test("Stateright's Paxos: 16,668", () => {
  const found = exploreTuples(untimed(paxos(3, 2), { skipsIdle: true }));
  expect(found).toMatchObject({ type: 'holds', states: 16_668 });
});

test.each([
  ['one too few, messages consumed', 1, {}],
  ['one too few, messages staying', 1, staying],
  ['a crash, after which the manager decides again', 0, { crashes: 1 }],
] as const)(
  'a fault is found by a run as short as that of worlds: %s',
  (_, missing, faults) => {
    const tuples = exploreTuples(untimed(twoPhase(3, missing), { faults }));
    const worlds = exploreWorlds(untimed(twoPhase(3, missing), { faults }), 'bfs');
    if (tuples?.type !== 'violated' || worlds.type !== 'violated') throw new Error('not found');
    expect(tuples.subject).toEqual({ kind: 'invariant', name: 'consistent' });
    expect(tuples.trace.actions).toHaveLength(worlds.trace.actions.length);
  },
);

test('a limit of time holds a few states at a time, and ends the search by what it throws', () => {
  const { setting, ...problem } = untimed(twoPhase(5), { faults: staying });
  let calls = 0;
  const inTime = <Result>(act: () => Result) => {
    calls++;
    return act();
  };
  const found = exploreTuples({ ...problem, setting: { ...setting, inTime } });
  expect(found).toMatchObject({ type: 'holds', states: 8_832 });
  expect(calls).toBeGreaterThan(8_832 / 64);
  const over = () => {
    throw new Error('over');
  };
  expect(() => exploreTuples({ ...problem, setting: { ...setting, inTime: over } })).toThrow('over');
});
