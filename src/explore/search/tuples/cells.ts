/**
 * What invariants remember, in cells: one for each key of a memory, or of an object in it, and one
 * for the order of the keys. A step reads few of them, so that its outcome is known for all
 * memories that are the same in these. Cells that name the same node make one bundle, which has a
 * number.
 */
import { contentText, copy } from '../../../kernel/data/plain.ts';
import type { NodeId } from '../../../protocol/types.ts';
import { Interner, mixed } from '../../interning.ts';
import { CellNames } from '../watched-memory.ts';
import { hashOf, PairTable } from './memo.ts';

/** The value of a cell that is not there. */
export const absent = -1;

interface Cell {
  readonly bundle: number;
  /** Its place in the lists of its bundle. */
  readonly at: number;
  /** What comes before its value in a text of both. */
  readonly label: string;
}

export class Cells {
  readonly bundles: readonly Bundle[];
  /** The bundle of the orders of keys. */
  private readonly orders: number;
  private readonly cells: Cell[] = [];
  /** Of cells with their values: a number says both. */
  private readonly texts = new Interner();
  private readonly values: unknown[] = [];

  constructor(private readonly ids: readonly NodeId[]) {
    // Behind those of the nodes: one for all else, and one for the orders of keys.
    this.bundles = [...ids, 'others', 'orders'].map(() => new Bundle(this.texts));
    this.orders = ids.length + 1;
  }

  get size(): number {
    return this.cells.length;
  }

  get bytes(): number {
    const values = this.values.length * valueBytes;
    return this.texts.bytes + values + this.bundles.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** A new cell of a memory, for a key or for the order of keys. */
  add(owner: number, path: readonly string[], of: 'key' | 'order'): number {
    const node = this.ids.indexOf(path.at(-1) ?? '');
    const others = node < 0 ? this.ids.length : node;
    const bundle = of === 'order' ? this.orders : others;
    const label = contentText([owner, of, ...path]);
    this.cells.push({ bundle, at: this.bundles[bundle].width++, label });
    return this.cells.length - 1;
  }

  bundleOf(cell: number): number {
    return this.cells[cell].bundle;
  }

  /** Whether it is an order of keys: there are many of these, and a step needs few. */
  isOrder(cell: number): boolean {
    return this.cells[cell].bundle === this.orders;
  }

  /** The value of a cell, where its bundle has this number. */
  at(cell: number, bundle: number): number {
    const { bundle: of, at } = this.cells[cell];
    return this.bundles[of].at(bundle, at);
  }

  /** The number of a value of a cell, which must not change any more. */
  numberOf(cell: number, value: unknown): number {
    const number = this.texts.of(`${this.cells[cell].label} ${contentText(value)}`);
    if (number === this.values.length) this.values.push(value);
    return number;
  }

  valueOf(number: number): unknown {
    return this.values[number];
  }

  /** The number of the bundle of a cell that has another value. */
  written(numbers: ArrayLike<number>, cell: number, value: number): number {
    const { bundle, at } = this.cells[cell];
    return this.bundles[bundle].written(numbers[bundle], at, value);
  }
}

/** What a value takes, roughly. */
const valueBytes = 200;

/** Lists of the values of some cells, each with a number. The first is empty. */
class Bundle {
  /** How many cells there are. */
  width = 0;
  private readonly lists: Int32Array[] = [];
  /** By hash: the number of a list, plus 1; 0 for none. */
  private index = new Int32Array(1 << 4);
  private words = 0;
  /** The list that is made, and how long it is. */
  private list = new Int32Array(1 << 4);
  private length = 0;
  /** By a list and the value of a cell, which is of this cell alone: the list with this value. */
  private readonly after = new PairTable();
  private readonly highs: number[] = [];
  private readonly lows: number[] = [];

  constructor(private readonly texts: Interner) {
    this.numberOf();
  }

  get bytes(): number {
    const { words, lists, index, after } = this;
    return words * 4 + lists.length * valueBytes + index.byteLength + after.bytes;
  }

  at(number: number, place: number): number {
    const list = this.lists[number];
    return place < list.length ? list[place] : absent;
  }

  /** The number of the list in which a place has another value. */
  written(number: number, place: number, value: number): number {
    const known = value === absent ? absent : this.after.get(number, value, absent);
    if (known !== absent) return known;
    this.write(this.lists[number], place, value);
    const after = this.numberOf();
    if (value !== absent) this.after.set(number, value, after);
    return after;
  }

  /** Makes a list that has another value at a place. */
  private write(from: Int32Array, place: number, value: number): void {
    const length = Math.max(from.length, place + 1);
    while (length > this.list.length) this.list = new Int32Array(this.list.length * 2);
    const { list } = this;
    list.set(from);
    list.fill(absent, from.length, length);
    list[place] = value;
    this.length = length;
    while (this.length > 0 && list[this.length - 1] === absent) this.length--;
  }

  /** The number of the list that was made. */
  private numberOf(): number {
    const { list, length } = this;
    const mask = this.index.length - 1;
    let at = hashOf(list, 0, length) & mask;
    for (let known = this.index[at]; known > 0; known = this.index[(at = (at + 1) & mask)]) {
      if (isSame(this.lists[known - 1], list, length)) return known - 1;
    }
    this.index[at] = this.lists.length + 1;
    return this.add(list.slice(0, length));
  }

  private add(list: Int32Array): number {
    const number = this.lists.length;
    this.lists.push(list);
    this.words += list.length;
    if (this.lists.length * 2 > this.index.length) this.growIndex();
    let [high, low] = [0, 0];
    for (const value of list) {
      if (value === absent) continue;
      high = (high + mixed(this.texts.high(value) + 0x27d4eb2d)) | 0;
      low = (low + mixed(this.texts.low(value) + 0x165667b1)) | 0;
    }
    this.highs.push(high);
    this.lows.push(low);
    return number;
  }

  private growIndex(): void {
    this.index = new Int32Array(this.index.length * 2);
    const mask = this.index.length - 1;
    for (const [number, list] of this.lists.entries()) {
      let at = hashOf(list, 0, list.length) & mask;
      while (this.index[at] > 0) at = (at + 1) & mask;
      this.index[at] = number + 1;
    }
  }

  high(number: number): number {
    return this.highs[number];
  }

  low(number: number): number {
    return this.lows[number];
  }
}

function isSame(one: Int32Array, list: Int32Array, length: number): boolean {
  if (one.length !== length) return false;
  for (let i = 0; i < length; i++) if (one[i] !== list[i]) return false;
  return true;
}

type Fields = Record<string, unknown>;

/** Which cells the memory of an invariant has, and their values. */
export class MemoryShape extends CellNames {
  constructor(
    readonly cells: Cells,
    owner: number,
    own: unknown,
    isWhole: boolean,
    ids: readonly NodeId[],
  ) {
    super(own, isWhole, ids, (path, of) => cells.add(owner, path, of));
  }

  /** The cells of a memory, with their values. */
  cellsOf(own: unknown): [number, unknown][] {
    if (this.records === undefined) return [[this.cellOf([]), own]];
    const all: [number, unknown][] = [];
    const add = (path: readonly string[], fields: Fields) => {
      all.push([this.cellOf(path, 'order'), Object.keys(fields)]);
      for (const [key, value] of Object.entries(fields)) {
        const isInside = path.length === 0 && this.records!.has(key);
        if (isInside) add([key], value as Fields);
        else all.push([this.cellOf([...path, key]), value]);
      }
    };
    add([], own as Fields);
    return all;
  }

  /** A copy of the memory that has these values. */
  memory(numberOf: (cell: number) => number): unknown {
    const { cells, records } = this;
    const valueOf = (record: string | undefined, key: string | undefined, of: 'key' | 'order') => {
      const number = numberOf(this.cellAt(record, key, of));
      return number === absent ? undefined : cells.valueOf(number);
    };
    if (records === undefined) return copy(valueOf(undefined, undefined, 'key'));
    const make = (record?: string): Fields => {
      const fields: Fields = {};
      for (const key of valueOf(undefined, record, 'order') as string[]) {
        const isInside = record === undefined && records.has(key);
        fields[key] = isInside ? make(key) : copy(valueOf(record, key, 'key'));
      }
      return fields;
    };
    return make();
  }
}
