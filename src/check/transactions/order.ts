/** Executes the transactions of a history in an order that explains all reads. */
import {
  commitOf, type DependencyGraph, startOf, transactionAt, type TransactionHistory,
} from './dependencies.ts';
import type { Graph } from './graph/graph.ts';
import { Heap } from './graph/heap.ts';
import type { KeyVersions, Version } from './versions.ts';
import type { Work } from './work.ts';

/** How many nodes a look ahead visits; beyond, it finds no obstacle. */
const lookAheadMax = 500;

/**
 * Returns whether it found an order. It takes what the dependencies and the current versions allow,
 * by the time of the response, and never goes back: an order that it finds is one, but it may miss
 * another. Each read returns the current version, so the order needs no other proof.
 */
export function findsOrder(
  history: TransactionHistory,
  graph: DependencyGraph,
  work: Work,
): boolean {
  return new Execution(history, graph, work).run();
}

/** A key during the execution. */
interface Key {
  current: Version;
  /** The transaction that has started and will write the key: others that write it start later. */
  writer: number | undefined;
  readonly waiting: number[];
  readonly hasFree: boolean;
}

class Execution {
  private readonly keys: readonly Key[];
  private readonly reads: Version[][];
  private readonly writes: Version[][];
  private readonly pending = new Map<Version, number>();
  private readonly blockers: Int32Array;
  private readonly isDone: Uint8Array;
  private readonly ready: Heap;
  private readonly tails: { readonly first: Int32Array; readonly nodes: Int32Array };
  private left = 0;

  constructor(
    private readonly history: TransactionHistory,
    private readonly graph: DependencyGraph,
    private readonly work: Work,
  ) {
    const { transactions, versions } = history;
    const { count, heads } = graph.graph;
    this.keys = versions.keys.map(({ initial, free }) => ({
      current: initial, writer: undefined, waiting: [], hasFree: free.length > 1,
    }));
    this.reads = transactions.all.map(() => []);
    this.writes = transactions.all.map(() => []);
    for (const key of versions.keys) this.addVersions(key);
    this.blockers = new Int32Array(count);
    for (const head of heads) this.blockers[head]++;
    this.isDone = new Uint8Array(count);
    this.tails = reversed(graph.graph);
    this.ready = new Heap((node) => this.dueOf(node));
    work.keep(this.blockers.byteLength + this.tails.nodes.byteLength + 64 * count);
  }

  run(): boolean {
    const { count } = this.graph.graph;
    for (let node = 0; node < count; node++) if (this.blockers[node] === 0) this.ready.push(node);
    this.left = count;
    for (let node = this.ready.pop(); node !== undefined; node = this.ready.pop()) {
      this.work.step();
      const transaction = this.committedAt(node);
      const obstacle = transaction === undefined ? undefined : this.obstacleOf(node, transaction);
      if (obstacle !== undefined) {
        obstacle.waiting.push(node);
        continue;
      }
      if (transaction !== undefined) this.perform(node, transaction);
      this.finish(node);
    }
    return this.left === 0;
  }

  private addVersions({ initial, chain, free }: KeyVersions): void {
    for (const version of [initial, ...chain, ...free]) {
      this.pending.set(version, version.readers.length);
      for (const reader of version.readers) this.reads[reader].push(version);
      if (version.by !== undefined) this.writes[version.by].push(version);
    }
  }

  private committedAt(node: number): number | undefined {
    const transaction = transactionAt(this.graph, node);
    if (transaction === undefined) return undefined;
    return this.history.versions.committed[transaction] ? transaction : undefined;
  }

  /** The order of invocations and responses is most often one that explains the reads. */
  private dueOf(node: number): number {
    const transaction = transactionAt(this.graph, node);
    if (transaction === undefined) return -1;
    const { returned, invoked } = this.history.transactions.all[transaction];
    const isCommit = node === commitOf(this.graph, transaction);
    return isCommit ? (returned ?? invoked) : invoked;
  }

  /** The key that keeps a transaction from starting or committing now. */
  private obstacleOf(node: number, transaction: number): Key | undefined {
    const isAtomic = this.graph.shape === 'atomic';
    if (node === startOf(this.graph, transaction)) {
      for (const version of this.reads[transaction]) {
        const key = this.keys[version.key];
        if (key.current !== version) return key;
      }
      for (const { key } of isAtomic ? [] : this.writes[transaction]) {
        if (this.keys[key].writer !== undefined) return this.keys[key];
      }
      if (!isAtomic) return undefined;
    }
    for (const version of this.writes[transaction]) {
      const key = this.keys[version.key];
      const isOwn = isAtomic && this.reads[transaction].includes(key.current);
      if (this.pending.get(key.current)! > (isOwn ? 1 : 0)) return key;
      if (key.hasFree && this.isTooEarly(version)) return key;
    }
    return undefined;
  }

  /**
   * Whether a reader of the version must follow another transaction that writes the same key and
   * is still to come. It would find that one's version, so that one goes first.
   */
  private isTooEarly(version: Version): boolean {
    const { tails, graph } = this;
    const seen = new Set<number>();
    const open = version.readers.map((reader) => startOf(graph, reader));
    for (let at = 0; at < open.length && at < lookAheadMax; at++) {
      const node = open[at];
      for (let edge = tails.first[node]; edge < tails.first[node + 1]; edge++) {
        const tail = tails.nodes[edge];
        if (this.isDone[tail] === 1 || seen.has(tail)) continue;
        seen.add(tail);
        open.push(tail);
        const transaction = this.committedAt(tail);
        if (transaction === undefined || transaction === version.by) continue;
        if (commitOf(graph, transaction) !== tail) continue;
        if (this.writes[transaction].some(({ key }) => key === version.key)) return true;
      }
    }
    this.work.step(seen.size);
    return false;
  }

  private perform(node: number, transaction: number): void {
    const { graph } = this;
    if (node === startOf(graph, transaction)) {
      for (const version of this.reads[transaction]) {
        const left = this.pending.get(version)! - 1;
        this.pending.set(version, left);
        if (left === 0) this.wake(this.keys[version.key]);
      }
      if (graph.shape === 'snapshot') {
        for (const { key } of this.writes[transaction]) this.keys[key].writer = transaction;
      }
    }
    if (node !== commitOf(graph, transaction)) return;
    for (const version of this.writes[transaction]) {
      const key = this.keys[version.key];
      key.current = version;
      key.writer = undefined;
      this.wake(key);
    }
  }

  private finish(node: number): void {
    const { first, heads } = this.graph.graph;
    this.isDone[node] = 1;
    this.left--;
    for (let edge = first[node]; edge < first[node + 1]; edge++) {
      if (--this.blockers[heads[edge]] === 0) this.ready.push(heads[edge]);
    }
  }

  private wake({ waiting }: Key): void {
    for (const node of waiting.splice(0)) this.ready.push(node);
  }
}

function reversed({ count, first, heads }: Graph): { first: Int32Array; nodes: Int32Array } {
  const start = new Int32Array(count + 1);
  for (const head of heads) start[head + 1]++;
  for (let node = 0; node < count; node++) start[node + 1] += start[node];
  const next = start.slice(0, count);
  const nodes = new Int32Array(heads.length);
  for (let node = 0; node < count; node++) {
    for (let edge = first[node]; edge < first[node + 1]; edge++) nodes[next[heads[edge]]++] = node;
  }
  return { first: start, nodes };
}
