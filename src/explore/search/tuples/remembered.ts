/** The memory of an invariant while it runs: it notes which of its cells are read or written. */
import { isIdentical, missing, WatchedMemory } from '../watched-memory.ts';
import { absent, type MemoryShape } from './cells.ts';

export class Remembered {
  private readonly noted = new Set<number>();
  private readonly watched: WatchedMemory;

  constructor(
    private readonly shape: MemoryShape,
    private readonly numberOf: (cell: number) => number,
    note: (cell: number) => void,
  ) {
    this.watched = new WatchedMemory(shape, (cell) => {
      this.noted.add(cell);
      note(cell);
    });
    this.watched.whole = shape.memory(numberOf);
  }

  /** What the invariant receives. */
  get memory(): unknown {
    return this.watched.show(this.watched.whole);
  }

  /** The cells that have another value, with its number; undefined if these are not all. */
  changes(): [number, number][] | undefined {
    const { watched, shape } = this;
    if (watched.isOdd) return undefined;
    const all: [number, number][] = [];
    for (const cell of this.noted) {
      const before = this.numberOf(cell);
      const value = shape.valueIn(watched.whole, cell);
      if (value === missing) {
        if (before !== absent) all.push([cell, absent]);
        continue;
      }
      if (before !== absent && isIdentical(shape.cells.valueOf(before), value)) continue;
      if (watched.isPart(value)) return undefined;
      const number = shape.cells.numberOf(cell, value);
      if (number !== before) all.push([cell, number]);
    }
    return all;
  }
}
