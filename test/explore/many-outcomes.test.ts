/** A state with thousands of outcomes is searched in slices: correct code is not called endless. */
import { describe, expect, test } from 'vitest';
import { PartExpander } from '../../src/explore/search/parts/part.ts';
import type { Problem } from '../../src/explore/search/problem.ts';
import { exploreBreadthFirst, exploreDepthFirst } from
  '../../src/explore/search/tuples/explore-tuples.ts';
import { exploreWorlds } from '../../src/explore/search/worlds.ts';
import { problem } from './reduction/cluster.ts';

/** Nodes that draw one of 3,000 numbers each; `ran` counts their handlers and the invariant. */
function drawing(setting: Partial<Problem['setting']> = {}) {
  const ran = { handlers: 0, checks: 0 };
  const part = {
    state: { drawn: -1 },
    sets: ['draw'],
    timers: {
      // oxlint-disable-next-line typescript/no-explicit-any -- a role without types
      draw(node: any) {
        ran.handlers++;
        node.state.drawn = node.random(3_000) % 2;
      },
    },
  };
  const check = ({ acted }: { acted: { id: string } | undefined }) => {
    ran.checks++;
    return acted?.id === 'absent' ? 'an absent node acted' : undefined;
  };
  const made = problem({ parts: { a: part, b: part }, invariants: { one: { check } } });
  return { ran, problem: { ...made, setting: { ...made.setting, ...setting } } };
}

const searches = {
  'breadth-first, tuples': exploreBreadthFirst,
  'depth-first, tuples': exploreDepthFirst,
  'breadth-first, worlds': (one: Problem) => exploreWorlds(one, 'bfs'),
  'depth-first, worlds': (one: Problem) => exploreWorlds(one, 'dfs'),
};

describe.each(Object.entries(searches))('%s', (_, search) => {
  test('each limit of time is one of some outcomes', () => {
    let most = 0;
    const { ran, problem: made } = drawing({
      inTime: (act) => {
        const before = ran.handlers;
        const result = act();
        most = Math.max(most, ran.handlers - before);
        return result;
      },
    });
    const limited = search(made);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(512);
    expect(limited).toMatchObject({ type: 'holds', states: 9 });
    expect(search(drawing().problem)).toEqual(limited);
  });

  test('the clock is read between the outcomes of a state', () => {
    const { ran, problem: made } = drawing();
    const meter = () => true;
    expect(search({ ...made, meter })).toMatchObject({
      type: 'unknown', why: { code: 'stopped', at: 'time' },
    });
    expect(ran.handlers).toBeLessThan(3_000);
  });
});

test('a machine that has only the job expands a state in slices, too', () => {
  const { ran, problem: made } = drawing();
  const slices = new PartExpander(made).expanding({ depth: 0, tree: [], states: [-1] });
  for (let before = 0; !slices.next().done; before = ran.handlers) {
    expect(ran.handlers - before).toBeLessThanOrEqual(512);
  }
  expect(ran.handlers).toBe(6_002);
});
