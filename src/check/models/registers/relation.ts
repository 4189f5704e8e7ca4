/** A relation that stays transitively closed, and knows why each of its edges is there. */
import type { Meter } from '../limits.ts';
import type { Edge } from '../verdict.ts';

type Because = Edge['because'];

export class Relation {
  private readonly words: number;
  /** A row of bits for each: what comes after it. */
  private readonly after: Int32Array;
  private readonly edges: { readonly to: number; readonly because: Because }[][];

  constructor(
    readonly size: number,
    private readonly meter: Meter,
    from?: Relation,
  ) {
    this.words = (size + 31) >> 5;
    meter.keep(4 * size * this.words);
    this.after = from ? from.after.slice() : new Int32Array(size * this.words);
    this.edges = Array.from({ length: size }, (_none, i) => (from ? [...from.edges[i]] : []));
  }

  copy(): Relation {
    return new Relation(this.size, this.meter, this);
  }

  has(from: number, to: number): boolean {
    return (this.after[from * this.words + (to >> 5)] & (1 << (to & 31))) !== 0;
  }

  /** Returns whether there is no cycle after that. */
  add(from: number, to: number, because: Because): boolean {
    if (from === to) return false;
    this.edges[from].push({ to, because });
    if (this.has(to, from)) return false;
    if (this.has(from, to)) return true;
    const { words, after, size } = this;
    this.meter.step(1 + ((size * words) >> 6));
    for (let one = 0; one < size; one++) {
      if (one !== from && !this.has(one, from)) continue;
      if (this.has(one, to)) continue;
      const row = one * words;
      const added = to * words;
      for (let word = 0; word < words; word++) after[row + word] |= after[added + word];
      after[row + (to >> 5)] |= 1 << (to & 31);
    }
    return true;
  }

  /** A shortest path of edges; a cycle if both ends are the same. */
  path(from: number, to: number): Edge[] {
    const reached = new Map<number, Edge>();
    let front = [from];
    while (front.length > 0 && !reached.has(to)) {
      const next: number[] = [];
      for (const one of front) {
        for (const { to: other, because } of this.edges[one]) {
          if (reached.has(other)) continue;
          reached.set(other, { from: one, to: other, because });
          next.push(other);
        }
      }
      front = next;
    }
    const path: Edge[] = [];
    for (let at = to; path.length === 0 || at !== from; ) {
      const edge = reached.get(at);
      if (edge === undefined) return [];
      path.unshift(edge);
      at = edge.from;
    }
    return path;
  }
}
