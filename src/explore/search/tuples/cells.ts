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
import { PairTable } from './memo.ts';

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
  private readonly cells: Cell[] = [];
  /** Of cells with their values: a number says both. */
  private readonly texts = new Interner();
  private readonly values: unknown[] = [];

  constructor(private readonly ids: readonly NodeId[]) {
    // Behind those of the nodes: one for all else, and one for the orders of keys.
    this.bundles = [...ids, 'others', 'orders'].map(() => new Bundle(this.texts));
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
    const bundle = of === 'order' ? this.ids.length + 1 : others;
    const label = contentText([owner, of, ...path]);
    this.cells.push({ bundle, at: this.bundles[bundle].width++, label });
    return this.cells.length - 1;
  }

  bundleOf(cell: number): number {
    return this.cells[cell].bundle;
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
  private readonly numbers = new Map<string, number>();
  private readonly lists: Int32Array[] = [];
  /** By a list and the value of a cell, which is of this cell alone: the list with this value. */
  private readonly after = new PairTable();
  private readonly highs: number[] = [];
  private readonly lows: number[] = [];
  private characters = 0;

  constructor(private readonly texts: Interner) {
    this.numberOf([]);
  }

  get bytes(): number {
    return this.characters * 3 + this.lists.length * valueBytes + this.after.bytes;
  }

  at(number: number, place: number): number {
    const list = this.lists[number];
    return place < list.length ? list[place] : absent;
  }

  /** The number of the list in which a place has another value. */
  written(number: number, place: number, value: number): number {
    const known = value === absent ? absent : this.after.get(number, value, absent);
    if (known !== absent) return known;
    const list = [...this.lists[number]];
    while (list.length <= place) list.push(absent);
    list[place] = value;
    const after = this.numberOf(list);
    if (value !== absent) this.after.set(number, value, after);
    return after;
  }

  private numberOf(list: number[]): number {
    while (list.length > 0 && list[list.length - 1] === absent) list.pop();
    const text = list.join(' ');
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const number = this.lists.length;
    this.numbers.set(text, number);
    this.characters += text.length;
    this.lists.push(Int32Array.from(list));
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

  high(number: number): number {
    return this.highs[number];
  }

  low(number: number): number {
    return this.lows[number];
  }
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
