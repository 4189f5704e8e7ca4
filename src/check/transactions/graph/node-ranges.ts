/** Edges from one node to a range of others, in as many edges as the range has binary digits. */
import { type GraphBuilder, inner } from './graph.ts';

/** So few edges need no nodes between. */
const few = 4;

export class NodeRanges {
  /** A segment tree: the children of node `n` are `2n` and `2n + 1`, the leaves come last. */
  private tree: number[] | undefined;

  constructor(
    private readonly builder: GraphBuilder,
    private readonly leaves: readonly number[],
  ) {}

  /** Leads from a node to the leaves from `low` up to `high`, without the latter. */
  connect(from: number, low: number, high: number, bit: number, key: number): void {
    if (high - low <= few) {
      for (let at = low; at < high; at++) this.builder.edge(from, this.leaves[at], bit, key);
      return;
    }
    this.tree ??= this.grow();
    const size = this.leaves.length;
    for (let left = low + size, right = high + size; left < right; left >>= 1, right >>= 1) {
      if (left % 2 === 1) this.builder.edge(from, this.tree[left++], bit, key);
      if (right % 2 === 1) this.builder.edge(from, this.tree[--right], bit, key);
    }
  }

  private grow(): number[] {
    const size = this.leaves.length;
    const tree = [...new Array<number>(size).fill(-1), ...this.leaves];
    for (let at = size - 1; at > 0; at--) {
      tree[at] = this.builder.node();
      this.builder.edge(tree[at], tree[2 * at], inner);
      this.builder.edge(tree[at], tree[2 * at + 1], inner);
    }
    return tree;
  }
}
