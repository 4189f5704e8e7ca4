/** The read-only view of the nodes that invariants of the workspace get. */
import { describe, expect, test } from 'vitest';
import { readNodes } from '../../src/code/limits/observed-nodes.ts';
import { PlainTrees } from '../../src/code/limits/plain-state.ts';
import { readOnly } from '../../src/code/limits/read-only.ts';
import { changed } from '../../src/code/limits/written.ts';
import type { Observation, Observed } from '../../src/protocol/types.ts';
import { output } from './run-protocol.ts';

type Changeable = { -readonly [Field in keyof Observation]: Observation<unknown>[Field] };
type State = { count: number; list: { n: number }[] };

const observation = (): Observation<{ seen: number }, { plain: { state: State } }> => {
  const nodes: Observed<State, 'plain'>[] = ['a', 'b'].map((id) => {
    return { id, role: 'plain', up: true, state: { count: 0, list: [{ n: 1 }] } };
  });
  const nothing = { events: [], message: undefined, invoked: undefined, answers: [], history: [] };
  return { nodes, acted: nodes[1], time: 0, memory: { seen: 0 }, ...nothing };
};

describe('an invariant', () => {
  test.each<[string, (state: State) => unknown]>([
    ['nodes[0].state.count', (state) => (state.count = 77)],
    ['nodes[0].state.list[0].n', (state) => state.list[0].n++],
    ['nodes[0].state.list[1]', (state) => state.list.push({ n: 2 })],
    ['nodes[0].state.count', (state) => Reflect.deleteProperty(state, 'count')],
  ])('cannot modify %s', (path, change) => {
    const here = observation();
    const state = readOnly(here, 'invariants').nodes[0].state as State;
    expect(() => change(state)).toThrow(
      `invariants are read-only and cannot modify ${path}: copy it first, or keep notes in the memory`,
    );
    expect(here.nodes[0].state).toEqual({ count: 0, list: [{ n: 1 }] });
  });

  test('finds the node that acted among the nodes, and can sort copies and change its memory', () => {
    const { nodes, acted, memory } = readOnly(observation(), 'invariants');
    expect(nodes.indexOf(acted!)).toBe(1);
    expect([...nodes[0].state.list].sort()[0]).toEqual({ n: 1 });
    memory.seen++;
    expect(memory.seen).toBe(1);
  });
});

test('copying a state into the memory with Object.assign does not change the state', async () => {
  const copying =
    'i: { doc: "d", remember: () => ({}), check({ nodes, memory }: any) { Object.assign(memory, nodes[0].state, { n: 1 }); return undefined; } }';
  const changing =
    'i: { doc: "d", check({ nodes }: any) { Object.assign(nodes[0].state, { count: 1 }); return undefined; } }';
  expect(await output({ invariant: copying })).toMatch(/✓ (1 of 1 invariants|i)/);
  expect(await output({ invariant: changing })).toContain('read-only');
});

test('invariants of a step observe one object, unless one of them changes it', () => {
  const here = observation() as unknown as Changeable;
  const see = <Result>(read: (seen: Changeable) => Result): Result =>
    readNodes(here, 'invariants', new PlainTrees(), (seen) => read(seen as Changeable));
  const first = see((seen) => seen);
  here.memory = { seen: 7 };
  see((seen) => {
    expect(seen).toBe(first);
    expect(seen.memory).toBe(here.memory);
    changed(seen, 'time').time = 5;
  });
  see((seen) => expect(seen).toEqual({ ...here, nodes: seen.nodes, acted: seen.nodes[1] }));
});
