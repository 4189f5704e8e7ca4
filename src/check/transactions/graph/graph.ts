/** A directed graph with typed edges, in flat arrays: a million edges take nine megabytes. */
import type { DependencyType } from '../anomaly.ts';

/** What an edge stands for, as a bit, so that a set of types is a number. */
export const edgeBits: Readonly<Record<DependencyType, number>> = {
  ww: 1, wr: 2, rw: 4, process: 8, realtime: 16,
};

/** An edge of no type and no length: it only leads on. */
export const inner = 0;

const edgeTypes = Object.keys(edgeBits) as readonly DependencyType[];

export function typeOfBit(bit: number): DependencyType | undefined {
  return edgeTypes.find((type) => edgeBits[type] === bit);
}

/** Collects edges; `graph` sorts them by their first node. */
export class GraphBuilder {
  private readonly from = new Integers();
  private readonly to = new Integers();
  private readonly bits = new Integers();
  private readonly keys = new Integers();

  constructor(private count: number) {}

  /** Adds a node that stands for no transaction. */
  node(): number {
    return this.count++;
  }

  /** `key` is -1 for an edge that is not about a key. */
  edge(from: number, to: number, bit: number, key = -1): void {
    this.from.push(from);
    this.to.push(to);
    this.bits.push(bit);
    this.keys.push(key);
  }

  graph(): Graph {
    const { count, from, to, bits, keys } = this;
    const first = new Int32Array(count + 1);
    for (let at = 0; at < from.length; at++) first[from.at(at) + 1]++;
    for (let node = 0; node < count; node++) first[node + 1] += first[node];
    const next = first.slice(0, count);
    const heads = new Int32Array(from.length);
    const edgeBit = new Uint8Array(from.length);
    const edgeKey = new Int32Array(from.length);
    for (let at = 0; at < from.length; at++) {
      const place = next[from.at(at)]++;
      heads[place] = to.at(at);
      edgeBit[place] = bits.at(at);
      edgeKey[place] = keys.at(at);
    }
    return { count, first, heads, bits: edgeBit, keys: edgeKey };
  }
}

/** The edges of a node `n` are those from `first[n]` up to `first[n + 1]`. */
export interface Graph {
  readonly count: number;
  readonly first: Int32Array;
  readonly heads: Int32Array;
  readonly bits: Uint8Array;
  readonly keys: Int32Array;
}

/** The bytes that a graph takes. */
export function sizeOf({ first, heads, bits, keys }: Graph): number {
  return first.byteLength + heads.byteLength + bits.byteLength + keys.byteLength;
}

/** An array of integers that grows. */
class Integers {
  private values = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  at(index: number): number {
    return this.values[index];
  }
}
