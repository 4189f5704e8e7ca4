/** Which nodes of a graph lead to which, over any number of edges. */

/** The bytes that a closure of this size takes: they must be counted before it is made. */
export function closureBytes(size: number): number {
  return 4 * size * wordsFor(size);
}

function wordsFor(size: number): number {
  return (size + 31) >> 5;
}

/** A row of bits for each node. */
export class Closure {
  /** The length of a row. */
  readonly words: number;
  private readonly rows: Int32Array;

  constructor(
    readonly size: number,
    from?: Closure,
  ) {
    this.words = wordsFor(size);
    this.rows = from === undefined ? new Int32Array(size * this.words) : from.rows.slice();
  }

  copy(): Closure {
    return new Closure(this.size, this);
  }

  has(from: number, to: number): boolean {
    return (this.rows[from * this.words + (to >> 5)] & (1 << (to & 31))) !== 0;
  }

  /** Adds an edge that closes no cycle, with all that follows. Returns how many rows it changed. */
  add(from: number, to: number): number {
    let count = 0;
    for (let node = 0; node < this.size; node++) {
      if ((node !== from && !this.has(node, from)) || this.has(node, to)) continue;
      this.join(node, to);
      count++;
    }
    return count;
  }

  /** The node leads to another one, and to all that this leads to. */
  join(node: number, other: number): void {
    const { rows, words } = this;
    const to = node * words;
    const from = other * words;
    for (let word = 0; word < words; word++) rows[to + word] |= rows[from + word];
    rows[to + (other >> 5)] |= 1 << (other & 31);
  }
}
