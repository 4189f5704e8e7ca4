/** Finds a shortest cycle with given types of edges. */
import type { Components } from './components.ts';
import { type Graph, inner } from './graph.ts';
import type { Work } from '../work.ts';

/** Which cycles are searched for: they begin with `first`, and all other edges are of `rest`. */
export interface CycleKind {
  readonly first: number;
  readonly rest: number;
  /** Whether a second edge of the type `first` must be among the others. */
  readonly again: boolean;
}

export interface FoundEdge {
  readonly from: number;
  readonly to: number;
  readonly bit: number;
  readonly key: number;
}

/**
 * How many edges a search for a shortest cycle visits once it has found one. A shortest cycle of a
 * large component costs its square, so beyond this the shortest one so far must do.
 */
const visitsMax = 20_000_000;

export class CycleSearch {
  private readonly reached: Int32Array;
  private readonly parents: Int32Array;
  private readonly edges: Int32Array;
  private round = 0;
  private component = 0;
  private visits = 0;

  /** `transactionAt` returns the transaction of a node, or undefined if it only connects others. */
  constructor(
    private readonly graph: Graph,
    private readonly components: Components,
    private readonly work: Work,
    private readonly transactionAt: (node: number) => number | undefined,
  ) {
    // A state is a node, and whether the path to it has all the edges that it needs.
    const states = 2 * graph.count;
    this.reached = new Int32Array(states);
    this.parents = new Int32Array(states);
    this.edges = new Int32Array(states);
    work.keep(3 * this.reached.byteLength);
  }

  /** Returns a shortest cycle of the kind, or undefined if none was found. */
  shortest(kind: CycleKind): FoundEdge[] | undefined {
    const { count } = this.graph;
    let best: FoundEdge[] | undefined;
    this.visits = 0;
    for (let node = 0; node < count; node++) {
      if (this.components.sizes[this.components.of[node]] < 2) continue;
      const found = this.from(node, kind, best === undefined ? Infinity : best.length - 1);
      if (found !== undefined) best = found;
      if (best !== undefined && (best.length <= 2 || this.visits > visitsMax)) break;
    }
    return best;
  }

  /** Breadth first from one node back to it, over at most `longest` edges. */
  private from(start: number, kind: CycleKind, longest: number): FoundEdge[] | undefined {
    const { first, bits } = this.graph;
    this.round++;
    this.component = this.components.of[start];
    let level: number[] = [];
    for (let edge = first[start]; edge < first[start + 1]; edge++) {
      if ((bits[edge] & kind.first) !== 0) this.reach(edge, !kind.again, -1, level);
    }
    for (let length = 1; length <= longest && level.length > 0; length++) {
      const next: number[] = [];
      // Inner edges have no length: the nodes behind them join the same level.
      for (let at = 0; at < level.length; at++) {
        if (level[at] === 2 * start + 1) return this.pathTo(level[at], start);
        this.follow(level[at], kind, level, next);
      }
      level = next;
    }
    return undefined;
  }

  private follow(state: number, kind: CycleKind, level: number[], next: number[]): void {
    const { first, bits } = this.graph;
    const node = state >> 1;
    const isComplete = (state & 1) === 1;
    const count = first[node + 1] - first[node];
    this.visits += count + 1;
    this.work.step(count + 1);
    for (let edge = first[node]; edge < first[node + 1]; edge++) {
      const bit = bits[edge];
      if (bit === inner) this.reach(edge, isComplete, state, level);
      else if (kind.again && (bit & kind.first) !== 0) this.reach(edge, true, state, next);
      else if ((bit & kind.rest) !== 0) this.reach(edge, isComplete, state, next);
    }
  }

  private reach(edge: number, isComplete: boolean, parent: number, level: number[]): void {
    const head = this.graph.heads[edge];
    if (this.components.of[head] !== this.component) return;
    const state = 2 * head + (isComplete ? 1 : 0);
    if (this.reached[state] === this.round) return;
    this.reached[state] = this.round;
    this.parents[state] = parent;
    this.edges[state] = edge;
    level.push(state);
  }

  private pathTo(last: number, start: number): FoundEdge[] | undefined {
    const { bits, keys } = this.graph;
    const path: { from: number; bit: number; key: number }[] = [];
    for (let state = last; state >= 0; state = this.parents[state]) {
      const edge = this.edges[state];
      if (bits[edge] === inner) continue;
      const parent = this.parents[state];
      const from = this.transactionAt(parent < 0 ? start : parent >> 1)!;
      path.unshift({ from, bit: bits[edge], key: keys[edge] });
    }
    // A walk that meets a transaction twice has a shorter cycle, of another kind, in it.
    if (new Set(path.map(({ from }) => from)).size < path.length) return undefined;
    return path.map((edge, at) => ({ ...edge, to: path[(at + 1) % path.length].from }));
  }
}
