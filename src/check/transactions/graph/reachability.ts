/** Which nodes of a graph without cycles lead to which, kept up to date as edges are added. */
import { Closure, closureBytes } from './closure.ts';
import type { Components } from './components.ts';
import type { Graph } from './graph.ts';
import type { Work } from '../work.ts';

export class Reachability {
  private closure: Closure;

  constructor(
    { count, first, heads }: Graph,
    { of }: Components,
    private readonly work: Work,
  ) {
    work.keep(closureBytes(count));
    this.closure = new Closure(count);
    // Edges lead to smaller components, so the rows of all heads are complete.
    const order = Array.from({ length: count }, (_, node) => node);
    order.sort((one, other) => of[one] - of[other]);
    for (const node of order) {
      for (let edge = first[node]; edge < first[node + 1]; edge++) {
        this.closure.join(node, heads[edge]);
      }
      work.step((first[node + 1] - first[node]) * this.closure.words);
    }
  }

  has(from: number, to: number): boolean {
    return this.closure.has(from, to);
  }

  /** The edge must not close a cycle. */
  add(from: number, to: number): void {
    if (this.has(from, to)) return;
    const changed = this.closure.add(from, to);
    this.work.step(this.closure.size + changed * this.closure.words);
  }

  /** A copy, to return to. */
  save(): Closure {
    this.work.keep(closureBytes(this.closure.size));
    return this.closure.copy();
  }

  restore(saved: Closure): void {
    this.closure = saved;
    this.work.release(closureBytes(saved.size));
  }
}
