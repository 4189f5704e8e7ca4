/** A relation that stays transitively closed, and knows why each of its edges is there. */
import { Closure, closureBytes } from '../../transactions/graph/closure.ts';
import type { Meter } from '../limits.ts';
import type { Edge } from '../verdict.ts';

type Because = Edge['because'];

export class Relation {
  private readonly closure: Closure;
  private readonly edges: Omit<Edge, 'from'>[][];

  constructor(
    size: number,
    private readonly meter: Meter,
    from?: Relation,
  ) {
    meter.keep(closureBytes(size));
    this.closure = from ? from.closure.copy() : new Closure(size);
    this.edges = Array.from({ length: size }, (_none, i) => (from ? [...from.edges[i]] : []));
  }

  copy(): Relation {
    return new Relation(this.closure.size, this.meter, this);
  }

  has(from: number, to: number): boolean {
    return this.closure.has(from, to);
  }

  /** Returns whether there is no cycle after that. */
  add(from: number, to: number, because: Because, shownBy?: Edge['shownBy']): boolean {
    if (from === to) return false;
    this.edges[from].push({ to, because, ...(shownBy !== undefined && { shownBy }) });
    if (this.has(to, from)) return false;
    if (this.has(from, to)) return true;
    const { size, words } = this.closure;
    this.meter.step(1 + ((size * words) >> 6));
    this.closure.add(from, to);
    return true;
  }

  /** A shortest path of edges; a cycle if both ends are the same. */
  path(from: number, to: number): Edge[] {
    const reached = new Map<number, Edge>();
    let front = [from];
    while (front.length > 0 && !reached.has(to)) {
      const next: number[] = [];
      for (const one of front) {
        for (const edge of this.edges[one]) {
          if (reached.has(edge.to)) continue;
          reached.set(edge.to, { from: one, ...edge });
          next.push(edge.to);
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
