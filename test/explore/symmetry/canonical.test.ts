/** States that differ only in which of the alike nodes is which have one name. */
import { expect, test } from 'vitest';
import { Interner } from '../../../src/explore/interning.ts';
import { Canonical, Part } from '../../../src/explore/symmetry/canonical.ts';
import { AlikeIds } from '../../../src/explore/symmetry/renaming.ts';

/** Who is in which state, and who has sent to whom. */
interface State {
  readonly kinds: readonly string[];
  readonly sent: readonly (readonly [number, number])[];
}

/** The names of a state for each of these orders of its nodes. */
function namesIn({ kinds, sent }: State, orders: readonly (readonly number[])[]): Set<string> {
  const all = kinds.map((_, i) => `n${i + 1}`);
  const ids = new AlikeIds(all, all);
  const texts = new Interner();
  const canonical = new Canonical(ids, [all], texts);
  return new Set(orders.map((places) => {
    const name = (i: number) => all[places[i]];
    const nodes = kinds.map((kind, i) => ['node', name(i), kind]);
    const messages = sent.map(([from, to]) => ['message', name(from), name(to)]);
    const parts = [...nodes, ...messages].map((one) => new Part(one, ids, texts));
    const { high, low } = canonical.of(parts);
    return `${high} ${low}`;
  }));
}

function ordersOf(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((one) => {
    return ordersOf(items.filter((other) => other !== one)).map((rest) => [one, ...rest]);
  });
}

test.each<[string, State]>([
  ['one group of tied nodes', {
    kinds: ['a', 'a', 'a', 'a'], sent: [[0, 1], [1, 2], [2, 3], [3, 0]],
  }],
  ['two groups, with messages between them', {
    kinds: ['a', 'a', 'b', 'b'], sent: [[0, 1], [1, 2], [2, 3], [3, 0]],
  }],
  ['two groups of three', {
    kinds: ['a', 'a', 'a', 'b', 'b', 'b'],
    sent: [[0, 3], [1, 4], [2, 5], [3, 1], [4, 2], [5, 0]],
  }],
  ['three groups of two', {
    kinds: ['a', 'a', 'b', 'b', 'c', 'c'],
    sent: [[0, 2], [2, 4], [4, 1], [1, 3], [3, 5], [5, 0]],
  }],
])('%s: all orders of the nodes have one name', (_, state) => {
  const orders = ordersOf(state.kinds.map((__, i) => i));
  expect(namesIn(state, orders).size).toBe(1);
});

test('states that no order makes equal have different names', () => {
  const ring: State = { kinds: ['a', 'a', 'b', 'b'], sent: [[0, 1], [1, 2], [2, 3], [3, 0]] };
  const other: State = { kinds: ['a', 'b', 'a', 'b'], sent: ring.sent };
  const orders = ordersOf([0, 1, 2, 3]);
  const both = new Set([...namesIn(ring, orders), ...namesIn(other, orders)]);
  expect(both.size).toBe(2);
});
