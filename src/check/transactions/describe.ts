/** Turns edges between transactions into dependencies with their keys and values. */
import type { Json } from '../../protocol/types.ts';
import type { Cycle, CycleAnomaly, CycleName, Dependency } from './anomaly.ts';
import type { FoundEdge } from './graph/cycle-search.ts';
import type { TransactionHistory } from './dependencies.ts';
import { typeOfBit } from './graph/graph.ts';
import type { Transactions } from './transaction.ts';

export function dependencyOf({ transactions }: TransactionHistory, edge: FoundEdge): Dependency {
  const { from, to, key } = edge;
  const type = typeOfBit(edge.bit)!;
  if (key < 0) return { type, from, to };
  const of = { type, from, to, key: transactions.keys[key], isList: transactions.isList[key] };
  const next = nextWrite(transactions, to, key);
  switch (type) {
    case 'wr':
      return { ...of, value: lastWrite(transactions, from, key) };
    case 'rw':
      return { ...of, value: readBy(transactions, from, key), next };
    default:
      return { ...of, value: lastWrite(transactions, from, key), next };
  }
}

function writesOf({ all, values }: Transactions, transaction: number, key: number): Json[] {
  return all[transaction].operations.flatMap((operation) =>
    operation.type !== 'read' && operation.key === key ? [values[operation.value]] : [],
  );
}

function lastWrite(transactions: Transactions, transaction: number, key: number): Json {
  return writesOf(transactions, transaction, key).at(-1) ?? null;
}

/** The version that follows: of a list, with the first element; of a register, the last value. */
function nextWrite(transactions: Transactions, transaction: number, key: number): Json {
  const writes = writesOf(transactions, transaction, key);
  return (transactions.isList[key] ? writes[0] : writes.at(-1)) ?? null;
}

function readBy({ all, values, isList }: Transactions, transaction: number, key: number): Json {
  const own = new Set<number>();
  for (const operation of all[transaction].operations) {
    if (operation.key !== key) continue;
    if (operation.type !== 'read') own.add(operation.value);
    else if (isList[key]) {
      return operation.seen.filter((one) => !own.has(one)).map((one) => values[one]);
    } else return operation.seen.length === 0 ? null : values[operation.seen[0]];
  }
  return null;
}

/** Names a cycle by its edges, and its order by the strongest of them. */
export function anomalyOf(cycle: Cycle): CycleAnomaly {
  const has = (type: Dependency['type']) => cycle.some((edge) => edge.type === type);
  const order = (['realtime', 'process'] as const).find(has);
  const shape = shapeOf(cycle);
  const named = { name: nameOf(cycle), ...(order && { order }), ...(shape && { shape }) };
  return { type: 'cycle', ...named, cycle };
}

function nameOf(cycle: Cycle): CycleName {
  const count = cycle.filter(({ type }) => type === 'rw').length;
  if (count === 1) return 'G-single';
  if (count === 0) return cycle.some(({ type }) => type === 'wr') ? 'G1c' : 'G0';
  const isAdjacent = cycle.some(
    ({ type }, at) => type === 'rw' && cycle[(at + 1) % cycle.length].type === 'rw',
  );
  return isAdjacent ? 'G2-item' : 'G-nonadjacent';
}

/**
 * A lost update: both read one version of a key and wrote the key. Write skew: each wrote a key
 * that the other had read, and not the same one (Berenson et al. 1995, A5B).
 */
function shapeOf(cycle: Cycle): CycleAnomaly['shape'] {
  if (cycle.length !== 2) return undefined;
  const [one, other] = cycle;
  const types = [one.type, other.type].sort().join(' ');
  const sameKey = JSON.stringify(one.key) === JSON.stringify(other.key);
  if (types === 'rw rw') {
    if (!sameKey) return 'write skew';
    return JSON.stringify(one.value) === JSON.stringify(other.value) ? 'lost update' : undefined;
  }
  return undefined;
}
