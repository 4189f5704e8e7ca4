/**
 * One name for all states that differ only in which of the alike nodes is which. A state is a bag
 * of parts that name nodes. The nodes are sorted by what is said of them; of the orders that this
 * leaves open, the one with the least hash is taken. The name is always that of an equivalent
 * state: where there are too many orders, it may not be the same for all of them. Then there are
 * more states, and no state is lost.
 */
import type { NodeId } from '../../protocol/types.ts';
import type { Fingerprint } from '../fingerprint/fingerprint.ts';
import { type Interner, mixed } from '../interning.ts';
import type { AlikeIds, Names } from './renaming.ts';

/** No more orders are tried in one state. */
const ordersMost = 720;
const meMark = '@me';
const otherMark = '@other';

/** A part of a state, which knows its hash for each way to name the nodes in it. */
export class Part {
  readonly mentioned: readonly number[];
  private readonly known = new Map<string, number>();
  private readonly marks: number[] = [];

  constructor(
    private readonly value: unknown,
    private readonly ids: AlikeIds,
    private readonly texts: Interner,
  ) {
    this.mentioned = ids.in(value);
  }

  /** The number of its text with these names. */
  number(names: Names): number {
    let key = '';
    for (const one of this.mentioned) key += `${names[one]} `;
    let number = this.known.get(key);
    if (number === undefined) {
      number = this.texts.of(this.ids.textOf(this.value, names));
      this.known.set(key, number);
    }
    return number;
  }

  /** What it says of a node, whichever the others are. */
  about(node: number): number {
    return (this.marks[node] ??= this.number(
      this.ids.ids.map((_, one) => (one === node ? meMark : otherMark)),
    ));
  }
}

export class Canonical {
  private readonly classes: readonly (readonly number[])[];
  private high = 0;
  private low = 0;

  constructor(
    readonly ids: AlikeIds,
    classes: readonly (readonly NodeId[])[],
    private readonly texts: Interner,
  ) {
    this.classes = classes.map((one) => one.map((id) => ids.numbers.get(id)!));
  }

  of(parts: readonly Part[]): Fingerprint {
    const colors = this.colorsOf(parts);
    const orders = this.classes.map((nodes) => [...nodes].sort((a, b) => {
      return compare(colors[a], colors[b]);
    }));
    const first = this.under(parts, this.namesOf(orders));
    const ties = this.tiesOf(parts, orders, colors, first);
    const ways = ties.reduce((product, { twins }) => product * waysOf(twins), 1);
    // Messages between groups of tied nodes make the best order of one depend on that of another.
    if (ways <= ordersMost) return this.leastOfAll(parts, orders, ties, 0, first);
    let best = first;
    let left = ordersMost;
    // One group after the other: each is put in the best order for the others.
    for (const tie of ties) {
      const found = this.untied(parts, orders, tie, best, left);
      best = found.best;
      left = found.left;
    }
    return best;
  }

  /** The groups of tied nodes in which the order makes a difference. */
  private tiesOf(
    parts: readonly Part[],
    orders: readonly number[][],
    colors: readonly Fingerprint[],
    first: Fingerprint,
  ): Tie[] {
    const ties: Tie[] = [];
    for (const order of orders) {
      for (let from = 0, to = 0; from < order.length; from = to) {
        for (to = from + 1; to < order.length; to++) {
          if (compare(colors[order[from]], colors[order[to]]) !== 0) break;
        }
        if (to - from === 1) continue;
        const twins = this.twinsOf(parts, orders, { order, from, to }, first);
        if (twins.length > 1) ties.push({ order, from, to, twins });
      }
    }
    return ties;
  }

  /** The least name over all orders of the groups from `at` on. */
  private leastOfAll(
    parts: readonly Part[],
    orders: readonly number[][],
    ties: readonly Tie[],
    at: number,
    best: Fingerprint,
  ): Fingerprint {
    if (at === ties.length) {
      const found = this.under(parts, this.namesOf(orders));
      return compare(found, best) < 0 ? found : best;
    }
    const { order, from, to, twins } = ties[at];
    let least = best;
    for (const next of arrangements(twins)) {
      order.splice(from, to - from, ...next);
      least = this.leastOfAll(parts, orders, ties, at + 1, least);
    }
    return least;
  }

  /** The name of a state in which the nodes have these names. */
  under(parts: readonly Part[], names: Names): Fingerprint {
    this.high = 0;
    this.low = 0;
    for (const part of parts) this.add(part.number(names));
    return { high: this.high, low: this.low };
  }

  private add(number: number): void {
    this.high = (this.high + this.texts.high(number)) | 0;
    this.low = (this.low + this.texts.low(number)) | 0;
  }

  /** What all parts say of each node, whichever the others are. */
  private colorsOf(parts: readonly Part[]): Fingerprint[] {
    const { ids } = this.ids;
    const highs = new Int32Array(ids.length);
    const lows = new Int32Array(ids.length);
    for (const part of parts) {
      for (const node of part.mentioned) {
        const number = part.about(node);
        highs[node] += mixed(this.texts.high(number));
        lows[node] += mixed(this.texts.low(number));
      }
    }
    return ids.map((_, node) => ({ high: highs[node], low: lows[node] }));
  }

  private namesOf(orders: readonly (readonly number[])[]): string[] {
    const { ids } = this.ids;
    const names = [...ids];
    for (let i = 0; i < orders.length; i++) {
      for (let place = 0; place < orders[i].length; place++) {
        names[orders[i][place]] = ids[this.classes[i][place]];
      }
    }
    return names;
  }

  /** Puts tied nodes into the order with the least name. */
  private untied(
    parts: readonly Part[],
    orders: readonly number[][],
    { order, from, to, twins }: Tie,
    best: Fingerprint,
    left: number,
  ): { best: Fingerprint; left: number } {
    let [least, bestOrder] = [best, order.slice(from, to)];
    let count = left;
    for (const next of arrangements(twins)) {
      if (count-- <= 0) break;
      order.splice(from, to - from, ...next);
      const found = this.under(parts, this.namesOf(orders));
      if (compare(found, least) < 0) [least, bestOrder] = [found, next];
    }
    order.splice(from, to - from, ...bestOrder);
    return { best: least, left: Math.max(0, count) };
  }

  /**
   * Nodes that can change places without any difference, in groups. `first`: the name with these
   * orders.
   */
  private twinsOf(
    parts: readonly Part[],
    orders: readonly number[][],
    { order, from, to }: Omit<Tie, 'twins'>,
    first: Fingerprint,
  ): number[][] {
    const groups: number[][] = [];
    const places: number[] = [];
    for (let at = from; at < to; at++) {
      const known = places.findIndex((place) => {
        [order[place], order[at]] = [order[at], order[place]];
        const swapped = this.under(parts, this.namesOf(orders));
        [order[place], order[at]] = [order[at], order[place]];
        return compare(swapped, first) === 0;
      });
      if (known < 0) {
        groups.push([order[at]]);
        places.push(at);
      } else {
        groups[known].push(order[at]);
      }
    }
    return groups;
  }
}

/** Nodes of one order of which the same is said. */
interface Tie {
  readonly order: number[];
  readonly from: number;
  readonly to: number;
  readonly twins: readonly (readonly number[])[];
}

function compare(a: Fingerprint, b: Fingerprint): number {
  return a.high - b.high || a.low - b.low;
}

/** How many orders of items there are in which those of a group keep theirs. */
function waysOf(groups: readonly (readonly number[])[]): number {
  let [ways, size] = [1, 0];
  for (const { length } of groups) {
    for (let one = 1; one <= length; one++) ways = (ways * ++size) / one;
  }
  return ways;
}

/** All orders of items in which those of a group keep theirs; none for one group. */
function* arrangements(groups: readonly (readonly number[])[]): Generator<number[]> {
  const size = groups.reduce((sum, { length }) => sum + length, 0);
  if (groups.length < 2) return;
  const used = groups.map(() => 0);
  const items: number[] = [];
  const fill = function* (): Generator<number[]> {
    if (items.length === size) {
      yield [...items];
      return;
    }
    for (let i = 0; i < groups.length; i++) {
      if (used[i] === groups[i].length) continue;
      items.push(groups[i][used[i]++]);
      yield* fill();
      items.pop();
      used[i]--;
    }
  };
  yield* fill();
}
