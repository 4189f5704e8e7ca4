/** All anomalies of a history that a model forbids, each with a smallest cycle. */
import type { Anomaly, CycleAnomaly, Dependency } from './anomaly.ts';
import { componentsOf } from './graph/components.ts';
import { type CycleKind, CycleSearch } from './graph/cycle-search.ts';
import {
  type ClientOrder, dependenciesOf, type DependencyGraph, type Shape, transactionAt,
  type TransactionHistory,
} from './dependencies.ts';
import { anomalyOf, dependencyOf } from './describe.ts';
import { edgeBits, sizeOf } from './graph/graph.ts';
import type { TransactionModel } from './models.ts';
import type { Work } from './work.ts';

const { ww, wr, rw, process: session, realtime } = edgeBits;
const orders = session | realtime;

/** The cycles that a search is for, from those that the weakest models forbid. */
const kinds: readonly (CycleKind & { readonly shape: Shape; readonly types: number })[] = [
  { shape: 'atomic', types: ww, first: ww, rest: ww | orders, again: false },
  { shape: 'atomic', types: ww | wr, first: wr, rest: ww | wr | orders, again: false },
  { shape: 'atomic', types: ww | wr | rw, first: rw, rest: ww | wr | orders, again: false },
  { shape: 'snapshot', types: ww | wr | rw, first: rw, rest: ww | wr | orders, again: true },
  { shape: 'atomic', types: ww | wr | rw, first: rw, rest: ww | wr | orders, again: true },
];

/** Anomalies by name: reads first, then cycles by their length. */
export function anomaliesOf(
  history: TransactionHistory,
  model: TransactionModel,
  work: Work,
): Anomaly[] {
  const found = new Map<string, Anomaly>();
  const add = (anomaly: Anomaly) => {
    const name = nameOf(anomaly);
    if (!found.has(name)) found.set(name, anomaly);
  };
  for (const read of history.versions.anomalies) if (model.reads.has(read.name)) add(read);
  if ((model.types & rw) !== 0) lostUpdatesOf(history).forEach(add);
  for (const cycle of cyclesOf(history, model, work)) add(cycle);
  return [...found.values()].sort((one, other) => lengthOf(one) - lengthOf(other));
}

/** `G-single`; `G-single-realtime` if it takes the order of clients; `G2-item (write skew)`. */
export function nameOf(anomaly: Anomaly): string {
  if (anomaly.type === 'read') return anomaly.name;
  const { name, order, shape } = anomaly;
  const whole = order === undefined ? name : `${name}-${order}`;
  return shape === undefined ? whole : `${whole} (${shape})`;
}

function lengthOf(anomaly: Anomaly): number {
  return anomaly.type === 'read' ? 0 : anomaly.cycle.length;
}

function cyclesOf(
  history: TransactionHistory,
  model: TransactionModel,
  work: Work,
): CycleAnomaly[] {
  // Most histories have no cycle, and then one graph shows it.
  const whole = measured(dependenciesOf(history, model.shape, model.order), work);
  if (!hasCycle(whole, model.types | orders, work)) return [];
  const found: CycleAnomaly[] = [];
  const levels: ClientOrder[] = model.order === undefined ? [undefined] : [undefined, model.order];
  for (const order of levels) {
    for (const shape of ['atomic', 'snapshot'] as const) {
      if (shape === 'snapshot' && model.shape === 'atomic') continue;
      const graph = measured(dependenciesOf(history, shape, order), work);
      found.push(...cyclesIn(history, graph, model, found, work));
    }
  }
  if (found.length > 0) return found;
  return cyclesIn(history, whole, model, found, work, [
    // None of the cycles with a name is without a detour; this one has no shorter one within.
    { first: model.types | orders, rest: model.types | orders, again: false },
  ]);
}

function cyclesIn(
  history: TransactionHistory,
  dependencies: DependencyGraph,
  model: TransactionModel,
  known: readonly CycleAnomaly[],
  work: Work,
  searched: readonly CycleKind[] = kindsOf(dependencies.shape, model),
): CycleAnomaly[] {
  const found: CycleAnomaly[] = [];
  for (const kind of searched) {
    const types = kind.first | kind.rest;
    const components = componentsOf(dependencies.graph, types, work);
    if (components.sizes.every((size) => size < 2)) continue;
    const search = new CycleSearch(dependencies.graph, components, work, (node) =>
      transactionAt(dependencies, node),
    );
    const edges = search.shortest(kind);
    if (edges === undefined) continue;
    const anomaly = anomalyOf(edges.map((edge): Dependency => dependencyOf(history, edge)));
    // With the order of clients, what the data show already is found again.
    if (known.some(({ name }) => name === anomaly.name)) continue;
    found.push(anomaly);
  }
  return found;
}

/** The kinds that a model forbids: snapshot isolation has no cycle with two rw in a row. */
function kindsOf(shape: Shape, model: TransactionModel): readonly CycleKind[] {
  return kinds.filter((kind) => {
    if (kind.shape !== shape || (kind.types & ~model.types) !== 0) return false;
    return shape === 'snapshot' || model.shape === 'atomic' || !kind.again;
  });
}

function hasCycle({ graph }: DependencyGraph, types: number, work: Work): boolean {
  return componentsOf(graph, types, work).sizes.some((size) => size > 1);
}

function measured(graph: DependencyGraph, work: Work): DependencyGraph {
  work.keep(sizeOf(graph.graph));
  return graph;
}

/**
 * Two transactions read one version of a key and wrote the key. Whichever wrote first, the other
 * did not see it. In a register no read need show which one that was.
 */
function lostUpdatesOf(history: TransactionHistory): CycleAnomaly[] {
  for (const { key, initial, chain, free } of history.versions.keys) {
    const writers = new Set([...chain, ...free].map(({ by }) => by!));
    for (const { readers } of [initial, ...chain, ...free]) {
      const [one, other] = readers.filter((reader) => writers.has(reader));
      if (other === undefined) continue;
      const edge = (from: number, to: number) =>
        dependencyOf(history, { from, to, key, bit: rw });
      return [anomalyOf([edge(one, other), edge(other, one)])];
    }
  }
  return [];
}

