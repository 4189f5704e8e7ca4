/** Functions of a state that are known again by what they read of it. */
import { doubled } from '../../interning.ts';
import { NotLocal } from './local.ts';

/** The values of parts, by their numbers. */
export interface Values {
  at(part: number): number | undefined;
}

/** The order in which one call read the parts of a state, each once. */
export class ReadOrder {
  readonly parts: number[] = [];
  private readonly known = new Set<number>();

  note(part: number): void {
    if (this.known.has(part)) return;
    this.known.add(part);
    this.parts.push(part);
  }
}

/**
 * By a key, a tree: each branch says which part is read next, and has a branch or a leaf for each
 * of its values. All are in one table, because maps of their own would keep the collector busy.
 */
export class Memo<Value> {
  /** By key: its root, plus 1; 0 for none. */
  private roots = new Int32Array(1 << 4);
  private readonly next = new PairTable();
  /** By branch: the part that is read; −1 − n for the leaf with the value n. */
  private branches = new Int32Array(1 << 4);
  private used = 0;
  private readonly values: Value[] = [];

  get bytes(): number {
    const arrays = this.roots.byteLength + this.next.bytes + this.branches.byteLength;
    return arrays + this.values.length * valueBytes;
  }

  /** The number of a known value; −1 if none is. Adds each part that was read to `read`. */
  find(key: number, parts: Values, read?: number[]): number {
    return this.findFrom(this.rootOf(key), parts, read);
  }

  /** The same below a branch. */
  findFrom(branch: number, parts: Values, read?: number[]): number {
    let at = branch;
    while (at >= 0) {
      const part = this.branches[at];
      if (part < 0) return -1 - part;
      read?.push(part);
      at = this.next.get(at, parts.at(part)!, -1);
    }
    return -1;
  }

  /**
   * The branch to which the parts lead that have only one value here; −1 if it is not known. It
   * remains the same one, because a branch never changes.
   */
  settled(key: number, parts: Values, isSettled: (part: number) => boolean): number {
    let at = this.rootOf(key);
    while (at >= 0) {
      const part = this.branches[at];
      if (part < 0 || !isSettled(part)) return at;
      at = this.next.get(at, parts.at(part)!, -1);
    }
    return -1;
  }

  /** The number of the value of a branch that is a leaf; −1 for any other one. */
  valueOf(branch: number): number {
    return Math.max(-1, -1 - this.branches[branch]);
  }

  private rootOf(key: number): number {
    return key < this.roots.length ? this.roots[key] - 1 : -1;
  }

  at(number: number): Value {
    return this.values[number];
  }

  /** `order`: what was read to compute the value, which nothing else decides. */
  keep(key: number, order: readonly number[], parts: Values, value: Value): void {
    const leaf = -1 - this.values.length;
    this.values.push(value);
    while (key >= this.roots.length) this.roots = doubled(this.roots);
    let at = this.roots[key] - 1;
    if (at < 0) {
      at = this.branch(order.length === 0 ? leaf : order[0]);
      this.roots[key] = at + 1;
    }
    for (let i = 0; i < order.length; i++) {
      // Code that reads something else for no reason has a state of its own.
      if (this.branches[at] !== order[i]) throw new NotLocal();
      const read = parts.at(order[i])!;
      let following = this.next.get(at, read, -1);
      if (following < 0) {
        following = this.branch(i === order.length - 1 ? leaf : order[i + 1]);
        this.next.set(at, read, following);
      }
      at = following;
    }
  }

  private branch(part: number): number {
    if (this.used === this.branches.length) this.branches = doubled(this.branches);
    this.branches[this.used] = part;
    return this.used++;
  }
}

/** What a value takes, roughly. */
const valueBytes = 100;

/** A table from pairs of numbers to a number, in typed arrays. */
export class PairTable {
  private firsts = new Int32Array(1 << 4).fill(-1);
  private seconds = new Int32Array(1 << 4);
  private values = new Int32Array(1 << 4);
  private used = 0;

  get bytes(): number {
    return this.firsts.length * 12;
  }

  /** The value of a pair of numbers from 0 on; `none` if there is none. */
  get(first: number, second: number, none: number): number {
    const { firsts, seconds } = this;
    const mask = firsts.length - 1;
    let at = placeOf(first, second) & mask;
    for (;;) {
      const one = firsts[at];
      if (one === first && seconds[at] === second) return this.values[at];
      if (one < 0) return none;
      at = (at + 1) & mask;
    }
  }

  set(first: number, second: number, value: number): void {
    if (this.used * 2 >= this.firsts.length) this.grow();
    if (this.put(first, second, value)) this.used++;
  }

  private put(first: number, second: number, value: number): boolean {
    const { firsts, seconds, values } = this;
    const mask = firsts.length - 1;
    let at = placeOf(first, second) & mask;
    while (firsts[at] >= 0 && (firsts[at] !== first || seconds[at] !== second)) {
      at = (at + 1) & mask;
    }
    const isNew = firsts[at] < 0;
    firsts[at] = first;
    seconds[at] = second;
    values[at] = value;
    return isNew;
  }

  private grow(): void {
    const { firsts, seconds, values } = this;
    this.firsts = new Int32Array(firsts.length * 2).fill(-1);
    this.seconds = new Int32Array(firsts.length * 2);
    this.values = new Int32Array(firsts.length * 2);
    for (let i = 0; i < firsts.length; i++) {
      if (firsts[i] >= 0) this.put(firsts[i], seconds[i], values[i]);
    }
  }
}

function placeOf(first: number, second: number): number {
  const mix = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  return mix ^ (mix >>> 15);
}

/** Numbers for lists of equal length: equal lists have the same one. */
export class ListTable {
  private all: Int32Array<ArrayBuffer>;
  private index = new Int32Array(1 << 4);
  size = 0;

  constructor(readonly length: number) {
    this.all = new Int32Array(Math.max(1, length) << 2);
  }

  get bytes(): number {
    return this.all.byteLength + this.index.byteLength;
  }

  at(number: number, place: number): number {
    return this.all[number * this.length + place];
  }

  of(list: Int32Array): number {
    const mask = this.index.length - 1;
    let at = hashOf(list, 0, this.length) & mask;
    for (let known = this.index[at]; known > 0; known = this.index[(at = (at + 1) & mask)]) {
      if (this.isAt(known - 1, list)) return known - 1;
    }
    const number = this.size++;
    if (this.size * this.length > this.all.length) {
      const larger = new Int32Array(this.all.length * 2);
      larger.set(this.all);
      this.all = larger;
    }
    for (let i = 0; i < this.length; i++) this.all[number * this.length + i] = list[i];
    this.index[at] = number + 1;
    if (this.size * 2 > this.index.length) this.growIndex();
    return number;
  }

  private isAt(number: number, list: Int32Array): boolean {
    const from = number * this.length;
    for (let i = 0; i < this.length; i++) if (this.all[from + i] !== list[i]) return false;
    return true;
  }

  private growIndex(): void {
    this.index = new Int32Array(this.index.length * 2);
    const mask = this.index.length - 1;
    for (let number = 0; number < this.size; number++) {
      let at = hashOf(this.all, number * this.length, this.length) & mask;
      while (this.index[at] > 0) at = (at + 1) & mask;
      this.index[at] = number + 1;
    }
  }
}

/** A hash of so many words of a list, from a place on. */
export function hashOf(list: Int32Array, from: number, length: number): number {
  let hash = 0;
  for (let i = from; i < from + length; i++) {
    hash = Math.imul(hash ^ list[i], 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}
