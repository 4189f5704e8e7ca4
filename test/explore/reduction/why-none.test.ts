/** A search that takes all choices says why, and one that finds out later begins again. */
import { expect, test } from 'vitest';
import type { Problem } from '../../../src/explore/search/problem.ts';
import { exploreWorlds, type Order } from '../../../src/explore/search/worlds.ts';
import type { Observation } from '../../../src/protocol/types.ts';
import type { NoReduction } from '../../../src/explore/verdict.ts';
import { untimed } from '../models/search.ts';
import { paxos, twoPhase } from '../models/setups.ts';
import { followed, problem } from './cluster.ts';
import { oneSender, pair, ready } from './examples.ts';

const limited = (limits: Partial<Problem['limits']>): Problem => problem(pair(0), { limits });

function lossy(): Problem {
  const setup = twoPhase(2);
  return untimed({ ...setup, network: { ...setup.network, loss: 0.5 } });
}

const timed = (): Problem => {
  const { setting, ...rest } = problem(pair(0));
  return { ...rest, setting: { ...setting, time: 'timed' } };
};

test.each<readonly [NoReduction['code'], Order, () => Problem]>([
  ['off', 'bfs', () => ({ ...problem(pair(0)), reduces: false })],
  ['timed', 'bfs', timed],
  ['draws', 'bfs', lossy],
  ['depth', 'dfs', () => limited({ depth: 5 })],
  ['messages', 'bfs', () => problem(oneSender, {
    faults: { duplicates: Infinity }, limits: { messages: 2, states: 20 },
  })],
  ['eventually', 'bfs', () =>
    followed(ready, 'expect:\n  - "eventually: b.state.isReady && !a.state.isDone"\n')],
  ['until', 'bfs', () => followed(ready, 'until: b.state.isReady\n')],
])('%s, %s', (code, order, make) => {
  expect(exploreWorlds(make(), order).reduction).toMatchObject({ none: { code } });
});

test.each(['bfs', 'dfs'] as const)('few choices of Paxos commute: all are taken, %s', (order) => {
  // It reads all nodes in each step, so no two steps commute.
  const check = ({ acted, nodes }: Observation) =>
    (nodes.every(({ up }) => up) && acted?.id === '' ? 'a node without a name acted' : undefined);
  const setup = paxos(3, 2);
  const invariants = { readsAll: { doc: 'Reads all.', check } };
  const one = untimed({ ...setup, protocol: { ...setup.protocol, invariants } });
  const found = (states: number) => {
    return exploreWorlds({ ...one, limits: { ...one.limits, states } }, order);
  };
  expect(found(6_000).reduction).toEqual({ none: { code: 'few' } });
  expect(found(500).reduction).toMatchObject({ skipped: expect.any(Number) });
});

test('breadth-first, a limit of depth leaves out the same states', () => {
  for (let depth = 1; depth < 9; depth++) {
    const make = () => {
      const one = untimed(twoPhase(2));
      return { ...one, limits: { ...one.limits, depth } };
    };
    const { reduction, ...reduced } = exploreWorlds(make(), 'bfs');
    const { reduction: off, ...full } = exploreWorlds({ ...make(), reduces: false }, 'bfs');
    expect(reduced).toEqual(full);
    expect(off).toEqual({ none: { code: 'off' } });
    if (depth > 3) expect(reduction).toMatchObject({ skipped: expect.any(Number) });
  }
});

test('a draw from many numbers depends on the run to a state: all choices are taken', () => {
  const drawing = problem({
    parts: {
      a: {
        state: { drawn: 0 },
        sets: ['go'],
        timers: { go: (node) => (node.state.drawn = node.random(100_000)) },
      },
      b: { state: {}, sets: ['go'], timers: { go: () => undefined } },
    },
  });
  const { reduction, cut } = exploreWorlds(drawing, 'dfs');
  expect(reduction).toEqual({ none: { code: 'draws' } });
  expect(cut).toContain('draws');
});

test('a promise that is not searched for is broken, which is remembered: all are taken', () => {
  const make = () => problem({
    ...ready,
    invariants: {
      never: { check: ({ nodes }) => (nodes[0].state.isDone ? 'done' : undefined) },
    },
  });
  expect(exploreWorlds(make(), 'bfs').type).toBe('violated');
  const { type, reduction } = exploreWorlds({ ...make(), watches: () => false }, 'bfs');
  expect(type).toBe('holds');
  expect(reduction).toEqual({ none: { code: 'broken' } });
});
