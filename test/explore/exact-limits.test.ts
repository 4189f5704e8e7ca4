/** Limits are exact: what is just within one is searched and judged, in all ways to search. */
import { describe, expect, test } from 'vitest';
import { type Limits, noFaults, noLimits } from '../../src/explore/budgets.ts';
import { PartExpander } from '../../src/explore/search/parts/part.ts';
import { exploreInParts } from '../../src/explore/search/parts/part-search.ts';
import { problemOf } from '../../src/explore/search/of-scenario.ts';
import type { Problem } from '../../src/explore/search/problem.ts';
import { exploreTuples } from '../../src/explore/search/tuples/explore-tuples.ts';
import { exploreWorlds } from '../../src/explore/search/worlds.ts';
import type { Exploration, TimeMode } from '../../src/explore/verdict.ts';
import { walk } from '../../src/explore/walks/walks.ts';
import { randomProblem } from './reduction/random-cluster.ts';
import { untimed } from './models/search.ts';
import { readScenario } from './read.ts';
import { model } from './symmetry/random.ts';
import { everything } from './everything.ts';

function inParts(problem: Problem): Exploration {
  const search = exploreInParts(problem);
  const expander = new PartExpander(problem);
  for (let next = search.next(); ;) {
    if (next.done) return next.value;
    next = search.next(next.value.parts.map((part) => expander.expand(part)));
  }
}

type Search = (problem: Problem) => Exploration | undefined;

/** All but those of tuples apply to every problem. */
const searches: Readonly<Record<string, Search>> = {
  'worlds, all choices': (problem) => exploreWorlds({ ...problem, reduces: false }, 'bfs'),
  'worlds, reduced': (problem) => exploreWorlds(problem, 'bfs'),
  'worlds, depth-first': (problem) => exploreWorlds({ ...problem, reduces: false }, 'dfs'),
  'worlds, depth-first, reduced': (problem) => exploreWorlds(problem, 'dfs'),
  'in parts': inParts,
  tuples: (problem) => exploreTuples(problem, 'bfs'),
  'tuples, depth-first': (problem) => exploreTuples(problem, 'dfs'),
};

const limited = (problem: Problem, limits: Partial<Limits>): Problem => {
  return { ...problem, limits: { ...noLimits, ...limits } };
};

/** Depth-first, the depth is that of the longest run to a state, and not of its shortest one. */
function essence({ type, states, cut, ...rest }: Exploration): unknown {
  if (type === 'violated') return { type };
  return { type, states, cut: [...cut].sort(), ...('why' in rest && { why: rest.why }) };
}

/** A run of two actions at most: `a ask`, and the message that it sends. */
function short(end: string, { time = 'untimed' as TimeMode, lines = '' } = {}): Problem {
  const text = `protocol: everything\nnodes: { a: server }\n${lines}steps:\n  - start a ask\n` +
    `expect:\n  - "end: ${end}"\n`;
  const protocol = {
    ...everything,
    roles: { server: { ...everything.roles.server, start: undefined } },
  };
  const { scenario } = readScenario(text, protocol as typeof everything);
  const setting = { time, faults: noFaults } as const;
  return problemOf(scenario, setting, { limits: noLimits, targets: {} });
}

describe.each(Object.entries(searches))('%s', (_, search) => {
  test('a run of as many actions as --max-depth allows is judged at its end, and not cut off', () => {
    const holds = search(limited(short('a.state.waiting.size() == 1'), { depth: 1 }));
    expect(holds).toMatchObject({ type: 'holds', states: 2 });
    expect(holds!.cut).not.toContain('depth');
    expect(holds!.cut).not.toContain('ends');
    const broken = search(limited(short('a.state.waiting.size() == 0'), { depth: 1 }));
    expect(broken).toMatchObject({ type: 'violated', subject: { kind: 'expectation' } });
    expect(broken!.type === 'violated' && broken!.trace.actions).toHaveLength(1);
  });

  test('a run that goes on is cut off, and not judged', () => {
    const found = search(limited(short('a.state.waiting.size() == 1'), { depth: 0 }));
    expect(found).toMatchObject({ type: 'holds', states: 1 });
    expect([...found!.cut].sort()).toEqual(['depth', 'ends']);
  });

  test('a run that ends although faults may happen is judged, and its faults are cut off', () => {
    const problem = (end: string): Problem => {
      const one = limited(short(end), { depth: 1 });
      const faults = { ...noFaults, crashes: 1 };
      return { ...one, setting: { ...one.setting, faults } };
    };
    expect(search(problem('a.state.waiting.size() == 0'))).toMatchObject({ type: 'violated' });
    const holds = search(problem('a.state.waiting.size() == 1 || a.state.waiting.size() == 0'));
    expect(holds).toMatchObject({ type: 'holds', cut: expect.arrayContaining(['depth']) });
  });

  test('what cannot happen keeps no run from its end', () => {
    const problem = (end: string): Problem => {
      const one = limited(short(end), { depth: 1 });
      const refused = { type: 'invoke', at: 0, node: 'a', operation: 'unknown', args: {} } as const;
      return { ...one, setting: { ...one.setting, operations: [refused, refused] } };
    };
    expect(search(problem('a.state.waiting.size() == 0'))).toMatchObject({ type: 'violated' });
    const holds = search(problem('a.state.waiting.size() == 1'));
    expect(holds).toMatchObject({ type: 'holds', states: 2 });
    expect(holds!.cut).not.toContain('depth');
  });

  test('as many states as --max-states allows are all of them, or one is missing', () => {
    let count = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const make = () => (seed % 2 === 0 ? randomProblem(seed) : untimed(model(seed, seed % 3 > 0)));
      const whole = search({ ...make(), limits: { ...make().limits, states: 800 } });
      if (whole?.type !== 'holds' || whole.states < 2) continue;
      count++;
      const some = (states: number) => {
        return search({ ...make(), limits: { ...make().limits, states } });
      };
      expect(essence(some(whole.states)!), `seed ${seed}`).toEqual(essence(whole));
      for (const states of [1, whole.states >> 1, whole.states - 1]) {
        const why = { code: 'stopped', at: 'states' };
        expect(some(states), `seed ${seed}`).toMatchObject({ type: 'unknown', states, why });
      }
    }
    expect(count).toBeGreaterThan(2);
  });
});

test('all agree at each depth', () => {
  const counts: Record<string, number> = { holds: 0, violated: 0, cut: 0, whole: 0 };
  for (let seed = 1; seed <= 40; seed++) {
    for (let depth = 1; depth <= 7; depth += 2) {
      const make = () => {
        const problem = seed % 4 === 0 ? untimed(model(seed, false)) : randomProblem(seed);
        return { ...problem, limits: { ...problem.limits, states: 400, depth } };
      };
      const all: [string, Exploration | undefined][] = [];
      for (const [name, search] of Object.entries(searches)) {
        all.push([name, search(make())]);
        if (all.at(-1)![1]?.type === 'unknown') break;
      }
      const [, first] = all[0]!;
      if (all.at(-1)![1]?.type === 'unknown') continue;
      counts[first!.type]++;
      counts[first!.cut.includes('depth') ? 'cut' : 'whole']++;
      for (const [name, found] of all) {
        if (found === undefined) continue;
        const same = essence(found);
        expect(same, `seed ${seed}, depth ${depth}: ${name}`).toEqual(essence(first!));
      }
    }
  }
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(3);
}, 60_000);

test('faults strike only the nodes that --on names', () => {
  const drops = { ...noFaults, drops: 1 };
  let fewer = 0;
  for (let seed = 1; seed <= 16; seed++) {
    const on = (faulty?: string[]): Problem => {
      const one = randomProblem(seed);
      const setting = { ...one.setting, faults: drops, ...(faulty && { faulty }) };
      return { ...one, setting, limits: { ...noLimits, states: 1_500 } };
    };
    const whole = searches['worlds, all choices'](on(['a']))!;
    const found = searches.tuples(on(['a']));
    if (found === undefined || [whole.type, found.type].includes('unknown')) continue;
    expect(essence(found), `seed ${seed}`).toEqual(essence(whole));
    if (whole.type === 'holds' && whole.states < searches.tuples(on())!.states) fewer++;
  }
  expect(fewer).toBeGreaterThan(1);
});

test.each(['untimed', 'timed'] as const)('a walk of as many actions as it may take is judged, %s', (time) => {
  const walked = (end: string, stepsMost: number) => {
    const { setting: { scenario } } = short(end, { time });
    return walk(scenario!, {
      strategies: [{ type: 'random' }], time, faults: noFaults, seeds: [1, 1], stepsMost,
    });
  };
  expect(walked('a.state.waiting.size() == 0', 1)).toMatchObject({ cut: 0, finding: { seed: 1 } });
  expect(walked('a.state.waiting.size() == 1', 1)).toMatchObject({ cut: 0, finding: undefined });
  expect(walked('a.state.waiting.size() == 1', 0)).toMatchObject({ cut: 1, finding: undefined });
});
