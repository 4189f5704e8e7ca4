/** Decides how versions followed each other whose order no read shows. */
import type { Cycle, Dependency } from './anomaly.ts';
import type { Components } from './graph/components.ts';
import { dependencyOf } from './describe.ts';
import {
  commitOf, type DependencyGraph, startOf, transactionAt, type TransactionHistory,
} from './dependencies.ts';
import { edgeBits, type Graph, GraphBuilder, inner } from './graph/graph.ts';
import { findsOrder } from './order.ts';
import { Reachability } from './graph/reachability.ts';
import type { Version } from './versions.ts';
import type { Work } from './work.ts';

/** Two versions of one key: one follows the other. */
interface Pair {
  readonly one: Version;
  readonly other: Version;
}

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly bit: number;
  readonly key: number;
}

/** An edge that follows from the order of a pair. */
interface Inferred extends Edge {
  /** How many edges were known when it was inferred: only these explain it. */
  readonly known: number;
  /** What refuted the other order: the edge of it that closes a cycle, or the cycle found. */
  readonly otherwise: { readonly closing: Edge } | { readonly cycle: Cycle } | undefined;
}

/**
 * Returns a cycle if every order of the versions leads to one, or undefined if there is an order.
 * Of each pair of versions, one order is ruled out where it closes a cycle at once; what is left
 * open is tried (Tan et al. 2020 solve the same constraints; Biswas and Enea 2019 show that they
 * are hard in general, so that the limits of `work` may end the search).
 */
export function cycleOfAllOrders(
  history: TransactionHistory,
  graph: DependencyGraph,
  components: Components,
  work: Work,
): Cycle | undefined {
  return new VersionOrders(history, graph, components, work).cycle();
}

class VersionOrders {
  private readonly reachability: Reachability;
  private readonly inferred: Inferred[] = [];
  private open: readonly Pair[];

  constructor(
    private readonly history: TransactionHistory,
    private readonly dependencies: DependencyGraph,
    components: Components,
    private readonly work: Work,
  ) {
    this.open = this.pairs();
    this.reachability = new Reachability(dependencies.graph, components, work);
  }

  cycle(): Cycle | undefined {
    const contradiction = this.propagate();
    if (contradiction !== undefined) return contradiction;
    const [pair] = this.open;
    if (pair === undefined) return undefined;
    if (findsOrder(this.history, this.extended(), this.work)) return undefined;
    const saved = this.reachability.save();
    const { open } = this;
    const known = this.inferred.length;
    this.infer(this.edgesOf(pair.one, pair.other), undefined);
    const cycle = this.cycle();
    if (cycle === undefined) return undefined;
    this.reachability.restore(saved);
    this.open = open;
    this.inferred.length = known;
    this.infer(this.edgesOf(pair.other, pair.one), { cycle });
    return this.cycle();
  }

  /** Versions of a list that were not read matter only if their writers must not be concurrent. */
  private pairs(): readonly Pair[] {
    const { transactions, versions } = this.history;
    const pairs: Pair[] = [];
    for (const { key, free } of versions.keys) {
      if (transactions.isList[key] && this.dependencies.shape === 'atomic') continue;
      this.work.step((free.length * free.length) >> 1);
      this.work.keep(16 * free.length * free.length);
      free.forEach((one, at) => {
        for (const other of free.slice(at + 1)) pairs.push({ one, other });
      });
    }
    return pairs;
  }

  /** Infers orders until nothing follows; returns a cycle if both orders of a pair lead to one. */
  private propagate(): Cycle | undefined {
    for (let before = -1; before !== this.inferred.length;) {
      before = this.inferred.length;
      const left: Pair[] = [];
      for (const pair of this.open) {
        const forward = this.edgesOf(pair.one, pair.other);
        const backward = this.edgesOf(pair.other, pair.one);
        const noForward = this.closing(forward);
        const noBackward = this.closing(backward);
        if (noForward !== undefined && noBackward !== undefined) {
          // The cycle then has the backward edge, and that edge has the other cycle as its reason.
          const known = this.inferred.length;
          const otherwise = { closing: noForward };
          return this.cycleThrough({ ...noBackward, known, otherwise }, known);
        }
        if (noForward !== undefined) this.infer(backward, { closing: noForward });
        else if (noBackward !== undefined) this.infer(forward, { closing: noBackward });
        else left.push(pair);
      }
      this.open = left;
    }
    return undefined;
  }

  /** What follows if one version comes before another. */
  private edgesOf(first: Version, second: Version): Edge[] {
    const { key } = first;
    const { dependencies } = this;
    const from = commitOf(dependencies, first.by!);
    const to = commitOf(dependencies, second.by!);
    const start = startOf(dependencies, second.by!);
    const edges: Edge[] = [{ from, to: start, bit: edgeBits.ww, key }];
    for (const reader of first.readers) {
      if (reader === second.by) continue;
      edges.push({ from: startOf(dependencies, reader), to, bit: edgeBits.rw, key });
    }
    this.work.step(edges.length);
    return edges;
  }

  private closing(edges: readonly Edge[]): Edge | undefined {
    return edges.find(({ from, to }) => from === to || this.reachability.has(to, from));
  }

  private infer(edges: readonly Edge[], otherwise: Inferred['otherwise']): void {
    const known = this.inferred.length;
    for (const edge of edges) {
      if (this.reachability.has(edge.from, edge.to)) continue;
      this.inferred.push({ ...edge, known, otherwise });
      this.reachability.add(edge.from, edge.to);
    }
  }

  /** The known graph, with the edges inferred so far. */
  private extended(): DependencyGraph {
    const { graph } = this.dependencies;
    const builder = new GraphBuilder(graph.count);
    for (const { from, to, bit, key } of edgesOfGraph(graph)) builder.edge(from, to, bit, key);
    for (const { from, to, bit, key } of this.inferred) builder.edge(from, to, bit, key);
    return { ...this.dependencies, graph: builder.graph() };
  }

  // Explanations

  /** A shortest cycle through an edge, of what was known at some time. */
  private cycleThrough(edge: Inferred | Edge, known: number): Cycle {
    const path = [edge, ...this.shortestPath(edge.to, edge.from, known)];
    const typed = path.filter(({ bit }) => bit !== inner);
    const at = ({ from }: Edge) => transactionAt(this.dependencies, from)!;
    return typed.map((one, place): Dependency => {
      const to = at(typed[(place + 1) % typed.length]);
      const found = { from: at(one), to, bit: one.bit, key: one.key };
      const dependency = dependencyOf(this.history, found);
      const otherwise = isInferred(one) ? this.reasonOf(one) : undefined;
      return otherwise === undefined ? dependency : { ...dependency, otherwise };
    });
  }

  private reasonOf({ otherwise, known }: Inferred): Cycle | undefined {
    if (otherwise === undefined) return undefined;
    return 'cycle' in otherwise ? otherwise.cycle : this.cycleThrough(otherwise.closing, known);
  }

  private shortestPath(from: number, to: number, known: number): (Edge | Inferred)[] {
    const { graph } = this.dependencies;
    const extra = new Map<number, Inferred[]>();
    for (const edge of this.inferred.slice(0, known)) {
      extra.set(edge.from, [...(extra.get(edge.from) ?? []), edge]);
    }
    const parents = new Map<number, Edge | undefined>([[from, undefined]]);
    const open = [from];
    for (let at = 0; at < open.length && !parents.has(to); at++) {
      const node = open[at];
      for (const edge of [...edgesFrom(graph, node), ...(extra.get(node) ?? [])]) {
        if (parents.has(edge.to)) continue;
        parents.set(edge.to, edge);
        open.push(edge.to);
      }
    }
    const path: Edge[] = [];
    for (let edge = parents.get(to); edge !== undefined; edge = parents.get(edge.from)) {
      path.unshift(edge);
    }
    return path;
  }
}

function isInferred(edge: Edge | Inferred): edge is Inferred {
  return 'otherwise' in edge;
}

function* edgesFrom({ first, heads, bits, keys }: Graph, node: number): Generator<Edge> {
  for (let at = first[node]; at < first[node + 1]; at++) {
    yield { from: node, to: heads[at], bit: bits[at], key: keys[at] };
  }
}

function* edgesOfGraph(graph: Graph): Generator<Edge> {
  for (let node = 0; node < graph.count; node++) yield* edgesFrom(graph, node);
}
