/** What invariants remember is searched in cells: the states are those of whole memories. */
import { expect, test } from 'vitest';
import { noLimits } from '../../src/explore/budgets.ts';
import { exploreTuples } from '../../src/explore/search/tuples/explore-tuples.ts';
import { exploreWorlds } from '../../src/explore/search/worlds.ts';
import type { Invariant, Observation } from '../../src/protocol/types.ts';
import { everythingSetup } from './everything.ts';
import { untimed } from './models/search.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- each remembers something else
type Seen = Observation<any>;
type Check = (seen: Seen) => string | undefined;

const nothing = (): undefined => undefined;
const name = ({ acted }: Seen) => acted?.id ?? 'none';

/** Each uses its memory in another way; none is violated, unless it says so. */
const uses: Readonly<Record<string, readonly [() => unknown, Check]>> = {
  'a key for each node': [() => ({}), (seen) => {
    seen.memory[name(seen)] = Math.min(2, (seen.memory[name(seen)] ?? 0) + 1);
    return nothing();
  }],
  'objects with keys, and lists in them': [() => ({ last: {}, lists: {}, all: [] }), (seen) => {
    const { last, lists, all } = seen.memory;
    const list = (lists[name(seen)] ??= []);
    if (list.length < 2) list.push(last[name(seen)] ?? 'first');
    last[name(seen)] = all.length;
    if (all.length < 3) all.push(name(seen));
    return nothing();
  }],
  'the order of keys': [() => ({}), (seen) => {
    seen.memory[name(seen)] ??= Object.keys(seen.memory).length;
    return nothing();
  }],
  'a rule that depends on the order of keys': [() => ({ of: {} }), (seen) => {
    const { memory } = seen;
    memory.of[name(seen)] = true;
    return Object.keys(memory.of).join() === 'b,a' ? 'b was first' : undefined;
  }],
  'keys that are removed': [() => ({ of: {} }), (seen) => {
    const { of } = seen.memory;
    if (name(seen) in of) delete of[name(seen)];
    else of[name(seen)] = 1;
    return nothing();
  }],
  'one key is written without being read': [() => ({ last: null }), (seen) => {
    seen.memory.last = name(seen);
    return nothing();
  }],
  'an object that is replaced': [() => ({ of: {} }), (seen) => {
    const { memory } = seen;
    memory.of = { ...memory.of, [name(seen)]: Object.keys(memory.of).length };
    return nothing();
  }],
  'a copy of what it observes': [() => ({ of: {} }), (seen) => {
    const { acted, memory, ...rest } = { ...seen };
    memory.of[acted?.id ?? 'none'] = Math.min(2, rest.events.length + rest.nodes.length);
    return nothing();
  }],
  'errors of a sealed memory that are caught': [() => Object.seal({ of: { ...Object.seal({ last: '', was: '' }) } }), (seen) => {
    const { of } = seen.memory;
    try {
      const [last, was] = Object.keys(of).map((key) => of[key]);
      if (last === 'b' && was === 'b') return 'b acted twice';
      Object.assign(of, { last: name(seen), was: last });
      Object.seal(of);
    } catch {
      return nothing();
    }
    return nothing();
  }],
  'an object that holds itself': [() => ({ of: {}, count: 0 }), (seen) => {
    const around: Record<string, unknown> = {};
    around.self = around;
    seen.memory.of.last = around;
    delete seen.memory.of.last;
    seen.memory.count = seen.memory.count === 0 ? 1 : 0;
    return nothing();
  }],
  'an object in a frozen one': [() => ({ of: {}, kept: null }), (seen) => {
    const { memory } = seen;
    memory.kept = Object.freeze({ of: memory.of });
    memory.kept.of[name(seen)] = 1;
    memory.of = { ...memory.kept.of };
    memory.kept = null;
    return nothing();
  }],
  'an object that is put elsewhere': [() => ({ of: {}, copy: null }), (seen) => {
    const { memory } = seen;
    memory.of[name(seen)] = 1;
    memory.copy = memory.of;
    return nothing();
  }],
  'an object that code cannot clone if it is watched': [() => ({ of: {} }), (seen) => {
    structuredClone(seen.memory);
    seen.memory.of[name(seen)] = 1;
    return nothing();
  }],
  'a list': [() => [], (seen) => {
    if (seen.memory.length < 3) seen.memory.push(name(seen));
    return nothing();
  }],
  'what other nodes have': [() => ({ seen: {} }), (seen) => {
    const other = seen.nodes.find(({ id }) => id !== name(seen));
    seen.memory.seen[name(seen)] = other?.up === true && 'total' in other.state;
    return nothing();
  }],
  'a field of another node, once that node acted': [() => ({ seen: {} }), (seen) => {
    const { nodes, memory } = seen;
    memory.seen[name(seen)] = 1;
    for (const node of nodes) {
      if (memory.seen[node.id] === 1 && node.id !== name(seen)) {
        memory.seen[name(seen)] = (node.state as { total: number }).total;
      }
    }
    return memory.seen[name(seen)] > 3 ? 'it saw too much' : undefined;
  }],
};

const searched = ([remember, check]: readonly [() => unknown, Check], faults = {}) => {
  const setup = everythingSetup({});
  const invariant = { doc: 'A test.', remember, check } as Invariant;
  const protocol = { ...setup.protocol, invariants: { used: invariant } };
  const problem = untimed({ ...setup, protocol }, { faults });
  const ask = { type: 'invoke', at: 0, node: 'a', operation: 'ask', args: {} } as const;
  return {
    ...problem,
    setting: { ...problem.setting, operations: [ask, ask] },
    limits: { ...noLimits, depth: 4, messages: 3 },
  };
};

test.each(Object.entries(uses))('%s', (_, use) => {
  const tuples = exploreTuples(searched(use, { crashes: 1 }));
  const worlds = exploreWorlds(searched(use, { crashes: 1 }), 'bfs');
  if (tuples?.type === 'violated' && worlds.type === 'violated') {
    expect(tuples.trace.actions).toHaveLength(worlds.trace.actions.length);
    return;
  }
  // Only worlds leave out what commutes.
  const counted = (one: typeof worlds) => ({ ...one, transitions: 0, reduction: undefined });
  expect(counted(tuples!)).toEqual(counted(worlds));
  expect(worlds.states).toBeGreaterThan(50);
});
