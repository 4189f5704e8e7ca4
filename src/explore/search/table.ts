/**
 * The states that a search has found: for each, its fingerprint, and how it was reached first, so
 * that a run to it can be rebuilt. A state takes 16 bytes, and its place in the index 5 to 11.
 */
import type { Fingerprint } from '../fingerprint/fingerprint.ts';

/** How the arrays grow: by half, so that at most a third of them is unused. */
const growth = 1.5;
/** At most this part of the index is in use. */
const load = 0.75;

/** In place of the number of a state that is one too many. */
export const tooMany = -0x1_0000_0000;

export class StateTable {
  private capacity = 1 << 12;
  private highs = new Int32Array(this.capacity);
  private lows = new Int32Array(this.capacity);
  private parents = new Int32Array(this.capacity);
  private choices = new Uint32Array(this.capacity);
  /** Places of states by their hash, plus 1; 0 for none. */
  private index = new Int32Array(1 << 13);
  size = 0;

  /** `most`: it takes no more states than that. */
  constructor(private readonly most = Infinity) {}

  get bytes(): number {
    return this.capacity * 16 + this.index.byteLength;
  }

  /** Adds a state, and returns its number `n`; −1 − n if it is known; `tooMany` if it is full. */
  add({ high, low }: Fingerprint, parent: number, choice: number): number {
    return this.addHalves(high, low, parent, choice);
  }

  addHalves(high: number, low: number, parent: number, choice: number): number {
    const { index, highs, lows } = this;
    const { length } = index;
    let at = placeOf(low, length);
    for (;;) {
      const state = index[at] - 1;
      if (state < 0) break;
      if (lows[state] === low && highs[state] === high) return -1 - state;
      if (++at === length) at = 0;
    }
    const state = this.size;
    if (state >= this.most) return tooMany;
    if (state === this.capacity) this.grow();
    this.highs[state] = high;
    this.lows[state] = low;
    this.parents[state] = parent;
    this.choices[state] = choice;
    index[at] = state + 1;
    this.size = state + 1;
    if (this.size > length * load) this.growIndex();
    return state;
  }

  /** Notes another way to reach a state, from one to which no run passes it. */
  reach(state: number, parent: number, choice: number): void {
    this.parents[state] = parent;
    this.choices[state] = choice;
  }

  has({ high, low }: Fingerprint): boolean {
    return this.find(high, low) >= 0;
  }

  /** The number of a state; −1 if it is not there. */
  find(high: number, low: number): number {
    const { index, lows, highs } = this;
    let at = placeOf(low, index.length);
    for (;;) {
      const state = index[at] - 1;
      if (state < 0 || (lows[state] === low && highs[state] === high)) return state;
      if (++at === index.length) at = 0;
    }
  }

  choiceOf(state: number): number {
    return this.choices[state];
  }

  /** The state from which a state was reached first; −1 for the start. */
  parentOf(state: number): number {
    return this.parents[state];
  }

  /** The choices that lead to a state from the start, by their numbers. */
  pathTo(state: number): number[] {
    const path: number[] = [];
    for (let one = state; this.parents[one] >= 0; one = this.parents[one]) {
      path.push(this.choices[one]);
    }
    return path.reverse();
  }

  private grow(): void {
    this.capacity = Math.ceil(this.capacity * growth);
    this.highs = larger(this.highs, new Int32Array(this.capacity));
    this.lows = larger(this.lows, new Int32Array(this.capacity));
    this.parents = larger(this.parents, new Int32Array(this.capacity));
    this.choices = larger(this.choices, new Uint32Array(this.capacity));
  }

  private growIndex(): void {
    const length = Math.ceil(this.index.length * growth);
    const index = new Int32Array(length);
    for (let state = 0; state < this.size; state++) {
      let at = placeOf(this.lows[state], length);
      while (index[at] > 0) if (++at === length) at = 0;
      index[at] = state + 1;
    }
    this.index = index;
  }
}

/** The upper bits of a product, so that any length will do. */
function placeOf(low: number, length: number): number {
  return Math.floor((low >>> 0) * (length / 0x1_0000_0000));
}

function larger<Kind extends Int32Array | Uint32Array>(from: Kind, to: Kind): Kind {
  to.set(from);
  return to;
}
