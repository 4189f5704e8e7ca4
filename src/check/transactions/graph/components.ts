/** Strongly connected components, after Tarjan 1972, without recursion. */
import type { Graph } from './graph.ts';
import type { Work } from '../work.ts';

export interface Components {
  /** By node: the number of its component. Edges between components lead to smaller numbers. */
  readonly of: Int32Array;
  /** By component: how many nodes it has. */
  readonly sizes: readonly number[];
}

/** Follows inner edges and those whose type is in `types`. */
export function componentsOf(graph: Graph, types: number, work: Work): Components {
  const { count, first, heads, bits } = graph;
  const of = new Int32Array(count).fill(-1);
  const order = new Int32Array(count);
  const low = new Int32Array(count);
  const nextEdge = first.slice(0, count);
  const open = new Int32Array(count);
  const path = new Int32Array(count);
  const sizes: number[] = [];
  let visited = 0;
  let openCount = 0;
  let depth = 0;
  const enter = (node: number) => {
    order[node] = low[node] = ++visited;
    open[openCount++] = node;
    path[depth++] = node;
  };
  const close = (node: number) => {
    const before = openCount;
    while (of[node] < 0) of[open[--openCount]] = sizes.length;
    sizes.push(before - openCount);
  };
  work.step(count + heads.length);
  for (let root = 0; root < count; root++) {
    if (order[root] !== 0) continue;
    enter(root);
    while (depth > 0) {
      const node = path[depth - 1];
      const edge = nextEdge[node]++;
      if (edge < first[node + 1]) {
        if (bits[edge] !== 0 && (bits[edge] & types) === 0) continue;
        const head = heads[edge];
        if (order[head] === 0) enter(head);
        else if (of[head] < 0) low[node] = Math.min(low[node], order[head]);
        continue;
      }
      depth--;
      if (depth > 0) low[path[depth - 1]] = Math.min(low[path[depth - 1]], low[node]);
      if (low[node] === order[node]) close(node);
    }
  }
  return { of, sizes };
}
