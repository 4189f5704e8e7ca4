/** The dependencies between transactions that a history shows, as a graph. */
import { edgeBits, type Graph, GraphBuilder, inner } from './graph/graph.ts';
import { NodeRanges } from './graph/node-ranges.ts';
import type { Transaction, Transactions } from './transaction.ts';
import type { KeyVersions, Version, Versions } from './versions.ts';

/**
 * `atomic`: a transaction is one node, as in Adya's serialization graph. `snapshot`: it starts at
 * one node and commits at another, and its reads belong to the start. A cycle of that graph is a
 * cycle of dependencies without two rw in a row, which is what snapshot isolation forbids (Cerone
 * and Gotsman 2016, theorem 4.1).
 */
export type Shape = 'atomic' | 'snapshot';

/** An order that a model demands beside the order of the data. */
export type ClientOrder = 'process' | 'realtime' | undefined;

export interface DependencyGraph {
  readonly graph: Graph;
  readonly shape: Shape;
  /** How many transactions the history has; the nodes behind theirs only connect others. */
  readonly count: number;
}

/** A history of transactions, and the versions that its reads show. */
export interface TransactionHistory {
  readonly transactions: Transactions;
  readonly versions: Versions;
}

export function startOf({ shape }: { shape: Shape }, transaction: number): number {
  return shape === 'atomic' ? transaction : 2 * transaction;
}

export function commitOf({ shape }: { shape: Shape }, transaction: number): number {
  return shape === 'atomic' ? transaction : 2 * transaction + 1;
}

/** The transaction whose node this is, or undefined if it only connects others. */
export function transactionAt(
  { shape, count }: Pick<DependencyGraph, 'shape' | 'count'>,
  node: number,
): number | undefined {
  const transaction = shape === 'atomic' ? node : node >> 1;
  return transaction < count ? transaction : undefined;
}

export function dependenciesOf(
  history: TransactionHistory,
  shape: Shape,
  order: ClientOrder,
): DependencyGraph {
  const count = history.transactions.all.length;
  const builder = new DependencyBuilder(history, shape, order);
  return { graph: builder.build(), shape, count };
}

/** More than one is a lost update already. */
const overwritersMax = 4;

/** The first ones say most, and a transaction may have inserted the rows of all others. */
const followersMax = 16;

class DependencyBuilder {
  private readonly builder: GraphBuilder;

  constructor(
    private readonly history: TransactionHistory,
    readonly shape: Shape,
    private readonly order: ClientOrder,
  ) {
    const count = history.transactions.all.length;
    this.builder = new GraphBuilder(shape === 'atomic' ? count : 2 * count);
  }

  build(): Graph {
    if (this.shape === 'snapshot') {
      for (const { index } of this.history.transactions.all) {
        this.builder.edge(startOf(this, index), commitOf(this, index), inner);
      }
    }
    for (const key of this.history.versions.keys) this.addKey(key);
    this.addOverwritten();
    if (this.order === 'process') this.addProcesses();
    if (this.order === 'realtime') this.addRealTime();
    return this.builder.graph();
  }

  private dependency(type: 'ww' | 'wr' | 'process', from: number, to: number, key = -1): void {
    if (from === to) return;
    this.builder.edge(commitOf(this, from), startOf(this, to), edgeBits[type], key);
  }

  private antiDependency(reader: number, writer: number, key: number): void {
    if (reader === writer) return;
    this.builder.edge(startOf(this, reader), commitOf(this, writer), edgeBits.rw, key);
  }

  private addKey(versions: KeyVersions): void {
    const { key, initial, chain, free } = versions;
    for (const { by, readers } of [...chain, ...free]) {
      for (const reader of readers) this.dependency('wr', by!, reader, key);
    }
    // What is not next depends on what is next, so this edge is enough for each version.
    let before = initial;
    for (const version of chain) {
      if (before.by !== undefined) this.dependency('ww', before.by, version.by!, key);
      for (const reader of before.readers) this.antiDependency(reader, version.by!, key);
      before = version;
    }
    if (free.length === 0) return;
    const { by } = before;
    if (by !== undefined) for (const next of free) this.dependency('ww', by, next.by!, key);
    this.addFree(before, free, key);
  }

  /** The order of the free versions is known only as far as reads and clients show it. */
  private addFree(last: Version, free: readonly Version[], key: number): void {
    const ranges = new NodeRanges(this.builder, free.map(({ by }) => commitOf(this, by!)));
    const placeOf = new Map(free.map(({ by }, place) => [by!, place]));
    /** The reader precedes the free versions from `low` on, except its own. */
    const precedes = (reader: number, low: number) => {
      const connect = (from: number, to: number) =>
        ranges.connect(startOf(this, reader), from, to, edgeBits.rw, key);
      const own = placeOf.get(reader) ?? -1;
      connect(low, own < low ? free.length : own);
      if (own >= low) connect(own + 1, free.length);
    };
    for (const reader of last.readers) precedes(reader, 0);
    for (const [place, version] of free.entries()) {
      const { by, readers } = version;
      if (readers.length === 0) continue;
      // A transaction that read this version and wrote the key overwrote it, for all other readers.
      const overwriters = readers.filter((reader) => placeOf.has(reader)).slice(0, overwritersMax);
      for (const writer of overwriters) {
        for (const reader of readers) this.antiDependency(reader, writer, key);
      }
      if (this.order === 'realtime') {
        const later = this.firstInvokedAfter(free, by!);
        for (const reader of readers) precedes(reader, later);
      } else if (this.order === 'process') {
        const later = this.laterOfClient(free, place);
        for (const writer of later) {
          for (const reader of readers) this.antiDependency(reader, writer, key);
        }
      }
    }
  }

  /**
   * A transaction that read from another one comes after it, so it overwrote what both wrote, also
   * if it read another key. So the rows that one transaction inserted precede all that follows.
   */
  private addOverwritten(): void {
    const { keys } = this.history.versions;
    const written = new Map<number, Version[]>();
    for (const version of keys.flatMap(({ free }) => free)) {
      const own = written.get(version.by!);
      if (own === undefined) written.set(version.by!, [version]);
      else own.push(version);
    }
    const counts = new Map<Version, number>();
    for (const { by, readers } of keys.flatMap(({ chain, free }) => [...chain, ...free])) {
      const before = written.get(by!);
      for (const follower of before === undefined ? [] : readers) {
        for (const { key } of written.get(follower) ?? []) {
          const version = before!.find((one) => one.key === key);
          const count = version === undefined ? followersMax : (counts.get(version) ?? 0);
          if (version === undefined || count >= followersMax) continue;
          counts.set(version, count + 1);
          for (const reader of version.readers) this.antiDependency(reader, follower, key);
        }
      }
    }
  }

  /** The place of the first version whose writer was invoked after another one was answered. */
  private firstInvokedAfter(free: readonly Version[], writer: number): number {
    const { all } = this.history.transactions;
    const { returned } = all[writer];
    if (returned === undefined) return free.length;
    let low = 0;
    let high = free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[free[middle].by!].invoked > returned) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The next versions by the same client, up to one that was answered. */
  private laterOfClient(free: readonly Version[], place: number): number[] {
    const { all } = this.history.transactions;
    const { client, returned } = all[free[place].by!];
    const later: number[] = [];
    if (returned === undefined) return later;
    for (let at = place + 1; at < free.length; at++) {
      const next = all[free[at].by!];
      if (next.client !== client) continue;
      later.push(next.index);
      if (next.returned !== undefined) break;
    }
    return later;
  }

  private addProcesses(): void {
    const { all } = this.history.transactions;
    const lastOf = new Map<string, number>();
    for (const { index, client, invoked, returned } of this.committed()) {
      const last = lastOf.get(client);
      // A client of a file may begin a transaction before the answer to another.
      if (last !== undefined && all[last].returned! < invoked) {
        this.dependency('process', last, index);
      }
      if (returned !== undefined) lastOf.set(client, index);
    }
  }

  /**
   * One node for each time at which responses are followed by an invocation: what was answered
   * leads to it, it leads to what is invoked next and to the next such node. That is as many edges
   * as there are responses and invocations, whatever the concurrency.
   */
  private addRealTime(): void {
    const answered = this.committed().filter(({ returned }) => returned !== undefined);
    answered.sort((one, other) => one.returned! - other.returned!);
    let next = 0;
    let reached: number | undefined;
    for (const { index, invoked } of this.committed()) {
      let pending: number | undefined;
      for (; next < answered.length && answered[next].returned! < invoked; next++) {
        pending ??= this.builder.node();
        this.builder.edge(commitOf(this, answered[next].index), pending, edgeBits.realtime);
      }
      if (pending !== undefined) {
        if (reached !== undefined) this.builder.edge(reached, pending, inner);
        reached = pending;
      }
      if (reached !== undefined) this.builder.edge(reached, startOf(this, index), inner);
    }
  }

  private committed(): Transaction[] {
    const { transactions, versions } = this.history;
    return transactions.all.filter(({ index }) => versions.committed[index]);
  }
}
