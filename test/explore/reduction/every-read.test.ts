/** An invariant may read in any way: whatever it reads, a search runs it again for other values. */
import { describe, expect, test } from 'vitest';
import { InvariantMonitor } from '../../../src/check/invariants.ts';
import { readOnly } from '../../../src/code/limits/read-only.ts';
import {
  exploreBreadthFirst, exploreDepthFirst,
} from '../../../src/explore/search/tuples/explore-tuples.ts';
import { exploreWorlds } from '../../../src/explore/search/worlds.ts';
import type { Observation } from '../../../src/protocol/types.ts';
import { type Cluster, problem } from './cluster.ts';

type Fields = Record<string, unknown>;
type Way = (whole: Fields, key: string) => Fields;

/** Each returns the field that it reads, in an object. */
const ofValues: Readonly<Record<string, Way>> = {
  'get': (whole, key) => ({ [key]: whole[key] }),
  'descriptor': (whole, key) => {
    return { [key]: Object.getOwnPropertyDescriptor(whole, key)?.value as unknown };
  },
  'descriptors': (whole, key) => {
    const all: Record<string, PropertyDescriptor> = Object.getOwnPropertyDescriptors(whole);
    return { [key]: all[key]?.value as unknown };
  },
  'spread': (whole) => ({ ...whole }),
  'rest': ({ ...rest }) => rest,
  'assign': (whole) => Object.assign({}, whole),
  'entries': (whole) => Object.fromEntries(Object.entries(whole)),
  'for-in': (whole) => {
    const all: Fields = {};
    for (const key in whole) all[key] = whole[key];
    return all;
  },
};

const found = (isThere: boolean, key: string): Fields => (isThere ? { [key]: 1 } : {});

/** Each says only whether there is such a field. */
const ofKeys: Readonly<Record<string, Way>> = {
  'in': (whole, key) => found(key in whole, key),
  'has own': (whole, key) => found(Object.hasOwn(whole, key), key),
  // oxlint-disable-next-line no-prototype-builtins -- one more way to read
  'has own property': (whole, key) => found(whole.hasOwnProperty(key), key),
  'is enumerable': (whole, key) => {
    return found(Object.prototype.propertyIsEnumerable.call(whole, key), key);
  },
  'keys': (whole, key) => found(Object.keys(whole).includes(key), key),
  'own keys': (whole, key) => found(Reflect.ownKeys(whole).includes(key), key),
};

const json: Readonly<Record<string, Way>> = {
  JSON: (whole) => JSON.parse(JSON.stringify(whole)) as Fields,
};

interface Watched {
  readonly of: (seen: Observation<unknown>) => unknown;
  readonly key: string;
  /** Whether the field that was read is the one that breaks the promise. */
  readonly isBroken: (field: unknown) => boolean;
  readonly ways: Readonly<Record<string, Way>>;
}

const isOn = (node: unknown) => (node as { state?: Fields } | undefined)?.state?.x === 1;

const watched: Readonly<Record<string, Watched>> = {
  'the body of a message': {
    of: ({ message }) => message?.body ?? {},
    key: 'x',
    isBroken: (x) => x === 1,
    ways: { ...ofValues, ...ofKeys, ...json },
  },
  'the state of a node': {
    of: ({ nodes }) => nodes[1].state,
    key: 'x',
    isBroken: (x) => x === 1,
    ways: { ...ofValues, ...ofKeys, ...json },
  },
  'a node': {
    of: ({ nodes }) => nodes[1],
    key: 'state',
    isBroken: (state) => isOn({ state }),
    ways: ofValues,
  },
  'the nodes': { of: ({ nodes }) => nodes, key: '1', isBroken: isOn, ways: ofValues },
};

/** `a` receives one message with `x` and one without, and `b` has it and has it not. */
const clusterOf = (check: (seen: Observation<unknown>) => boolean): Cluster => ({
  parts: {
    a: { state: { on: 0 }, messages: { M: (node) => (node.state.on = 1) } },
    b: { state: {}, sets: ['go'], timers: { go: (node) => (node.state.x = 1) } },
    c: {
      sets: ['go'],
      timers: {
        go(node) {
          node.send('a', { type: 'M' });
          node.send('a', { type: 'M', x: 1 });
        },
      },
    },
  },
  invariants: { one: { check: (seen) => (check(seen) ? 'it is on' : undefined) } },
});

const searches = {
  'breadth-first': exploreBreadthFirst,
  'depth-first': exploreDepthFirst,
  'breadth-first, in worlds': (one: ReturnType<typeof problem>) => exploreWorlds(one, 'bfs'),
  'depth-first, in worlds': (one: ReturnType<typeof problem>) => exploreWorlds(one, 'dfs'),
};

/** Whether it is judged of a step or of a state alone. */
const when: Readonly<Record<string, (seen: Observation<unknown>) => boolean>> = {
  'in a step of a node': ({ acted }) => acted?.id === 'a',
  'in a state': ({ nodes }) => (nodes[0].state as { on: number }).on === 1,
};

describe.each(Object.entries(watched))('%s', (_, { of, key, isBroken, ways }) => {
  describe.each(Object.entries(when))('%s', (__, applies) => {
    test.each(Object.entries(ways))('%s', (___, read) => {
      const cluster = clusterOf((seen) => {
        return applies(seen) && isBroken(read(of(seen) as Fields, key)[key]);
      });
      const asked = [{}, {
        monitorsOf: ({ invariants }: { invariants: object }) => {
          return Object.entries(invariants).map(([name, one]) => new InvariantMonitor(name, one));
        },
      }];
      for (const one of asked) {
        for (const [name, search] of Object.entries(searches)) {
          expect(search(problem(cluster, one)).type, name).toBe('violated');
        }
      }
    });
  });
});

/** What an invariant receives whose code may change objects in ways that it does not report. */
test.each(Object.entries(searches))('the node that acted, in read-only views: %s', (_, search) => {
  const cluster = clusterOf(() => false);
  const last = {
    remember: () => ({ id: '' }),
    check(seen: Observation<{ id: string }>) {
      const { acted, memory } = { ...readOnly(seen, 'invariants') };
      if (acted === undefined) return undefined;
      const before = memory.id;
      memory.id = acted.id;
      return before === 'b' && acted.id === 'a' ? 'a acts after b' : undefined;
    },
  };
  const found = search(problem({ ...cluster, invariants: { last } }));
  expect(found.type).toBe('violated');
});
