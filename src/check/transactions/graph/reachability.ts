/** Which nodes of a graph without cycles lead to which, kept up to date as edges are added. */
import type { Components } from './components.ts';
import type { Graph } from './graph.ts';
import type { Work } from '../work.ts';

export class Reachability {
  private readonly words: number;
  private rows: Uint32Array;

  constructor(
    { count, first, heads }: Graph,
    { of }: Components,
    private readonly work: Work,
  ) {
    this.words = (count + 31) >> 5;
    work.keep(4 * count * this.words);
    this.rows = new Uint32Array(count * this.words);
    // Edges lead to smaller components, so the rows of all heads are complete.
    const order = Array.from({ length: count }, (_, node) => node);
    order.sort((one, other) => of[one] - of[other]);
    for (const node of order) {
      for (let edge = first[node]; edge < first[node + 1]; edge++) this.join(node, heads[edge]);
    }
  }

  has(from: number, to: number): boolean {
    return (this.rows[from * this.words + (to >> 5)] & (1 << (to & 31))) !== 0;
  }

  /** The edge must not close a cycle. */
  add(from: number, to: number): void {
    if (this.has(from, to)) return;
    const count = this.rows.length / this.words;
    for (let node = 0; node < count; node++) {
      if (node === from || this.has(node, from)) if (!this.has(node, to)) this.join(node, to);
    }
    this.work.step(count);
  }

  /** A copy, to return to. */
  save(): Uint32Array {
    this.work.keep(this.rows.byteLength);
    return this.rows.slice();
  }

  restore(saved: Uint32Array): void {
    this.rows = saved;
    this.work.release(saved.byteLength);
  }

  private join(node: number, head: number): void {
    const { rows, words } = this;
    const to = node * words;
    const from = head * words;
    for (let word = 0; word < words; word++) rows[to + word] |= rows[from + word];
    rows[to + (head >> 5)] |= 1 << (head & 31);
    this.work.step(words);
  }
}
