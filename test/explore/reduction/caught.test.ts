/** Code that catches an error which only a view throws cannot hide a violation. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { expect, test } from 'vitest';
import { exploreTuples } from '../../../src/explore/search/tuples/explore-tuples.ts';
import { exploreWorlds } from '../../../src/explore/search/worlds.ts';
import { CellNames, WatchedMemory } from '../../../src/explore/search/watched-memory.ts';
import { type Check, type Cluster, problem } from './cluster.ts';

const acting = (one: Check): Cluster => ({
  parts: Object.fromEntries(['a', 'b'].map((id) => [id, {
    sets: ['go', 'again'],
    state: { acted: 0 },
    timers: {
      go: (node) => void node.state.acted++,
      again: (node) => void node.state.acted++,
    },
  }])),
  invariants: { one },
});

/** b acts, then a, and both twice: what the memory says at the end. */
const hasBoth = (of: Record<string, number>) => (of.a === 2 && of.b === 2 ? 'both acted twice' : undefined);

const checks: Readonly<Record<string, Check>> = {
  'a memory that is sealed': {
    remember: () => ({ of: { a: 0, b: 0 } }),
    check({ acted, memory: { of } }) {
      if (acted === undefined) return undefined;
      Object.seal(of);
      try {
        const all = { ...of };
        of[acted.id] = all[acted.id] + 1;
      } catch {
        return undefined;
      }
      return hasBoth(of);
    },
  },
  'a step that is copied': {
    remember: () => ({ of: { a: 0, b: 0 } }),
    check(seen) {
      const step = { ...seen };
      try {
        if (step.acted !== undefined) step.memory.of[step.acted.id]++;
        return step.nodes.length === 2 ? hasBoth(step.memory.of) : undefined;
      } catch {
        return undefined;
      }
    },
  },
  'a step that is marked as seen': {
    remember: () => ({ of: { a: 0, b: 0 } }),
    check(step) {
      const seen = step as typeof step & { isSeen?: true };
      if (seen.isSeen) return undefined;
      seen.isSeen = true;
      if (seen.acted !== undefined) seen.memory.of[seen.acted.id]++;
      return hasBoth(seen.memory.of);
    },
  },
  'a step of which a part is deleted': {
    remember: () => ({ of: { a: 0, b: 0 } }),
    check(step) {
      const { acted, memory: { of } } = step;
      if (acted !== undefined) of[acted.id]++;
      delete (step as Partial<typeof step>).acted;
      return hasBoth(of);
    },
  },
  'a step of which a part is replaced': {
    remember: () => ({ of: { a: 0, b: 0 } }),
    check(step) {
      const { acted, memory: { of } } = step;
      try {
        Object.assign(step, { acted: undefined, events: [] });
      } catch {
        return undefined;
      }
      if (acted !== undefined) of[acted.id]++;
      return hasBoth(of);
    },
  },
  'a step that is frozen': {
    remember: () => ({ of: { a: 0, b: 0 } }),
    check(step) {
      if (Object.isFrozen(step)) return undefined;
      Object.freeze(step);
      if (step.acted !== undefined) step.memory.of[step.acted.id]++;
      return hasBoth(step.memory.of);
    },
  },
  'an object that is no longer there': {
    remember: () => ({ of: { a: 0, b: 0 } }),
    check({ acted, memory }) {
      if (acted === undefined) return undefined;
      const { of } = memory;
      delete memory.of;
      try {
        memory.of = { ...of, [acted.id]: of[acted.id] + 1 };
        return hasBoth(memory.of);
      } catch {
        return undefined;
      }
    },
  },
};

test.each(Object.entries(checks))('%s: found with and without reduction', (_, check) => {
  for (const order of ['bfs', 'dfs'] as const) {
    const whole = exploreWorlds({ ...problem(acting(check)), reduces: false }, order);
    const reduced = exploreWorlds(problem(acting(check)), order);
    const ofTuples = exploreTuples(problem(acting(check)), order) ?? whole;
    expect([whole.type, reduced.type, ofTuples.type]).toEqual(Array(3).fill('violated'));
  }
});

test('what is found only because of a view is not a violation', () => {
  // Code of a workspace cannot tell a view from what it shows; a test can.
  const check: Check = {
    check: ({ nodes, acted }) => (acted !== undefined && types.isProxy(nodes) ? 'it is a view' : undefined),
  };
  expect(exploreWorlds(problem(acting(check)), 'bfs')).toMatchObject({
    type: 'holds', reduction: { none: { code: 'monitors' } },
  });
});

test('no built-in protocol calls what tells a view apart without reading it', () => {
  const folder = fileURLToPath(new URL('../../../src/protocols/', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts'));
  const using = sources.filter((file) => /structuredClone|postMessage/.test(readFileSync(folder + file, 'utf8')));
  expect(using).toEqual([]);
});

test('values of any shape are looked through, and no more than once', () => {
  const names = new CellNames({ of: {} }, false, [], () => 0);
  const watched = new WatchedMemory(names, () => undefined);
  const memory = watched.show({ of: {} }) as { of: object };
  const around: Record<string, unknown> = {};
  around.self = { around };
  let doubled: object = Object.freeze({ end: 1 });
  for (let i = 0; i < 60; i++) doubled = Object.freeze({ one: doubled, other: doubled });
  let deep: object = {};
  for (let i = 0; i < 50_000; i++) deep = { deep };
  expect(watched.isPart(around)).toBe(true);
  expect(watched.isPart(doubled)).toBe(false);
  expect(watched.isPart(deep)).toBe(false);
  expect(watched.isPart(Array.from({ length: 200_000 }, () => ({})))).toBe(true);
  expect(watched.isPart([[{ of: memory.of }]])).toBe(true);
  expect(watched.isPart(Object.freeze([memory]))).toBe(true);
  expect(watched.isPart(Object.freeze({ list: Object.freeze([1, { a: null }]) }))).toBe(false);
  for (const odd of [new Map([[1, memory.of]]), { [Symbol('of')]: memory.of }, new (class Of {})()]) {
    expect(watched.isPart({ odd })).toBe(true);
  }
});
