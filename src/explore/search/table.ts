/**
 * The states that a search has found: for each, its fingerprint, and how it was reached first, so
 * that a run to it can be rebuilt. A state takes 12 bytes, and its place in the index 11 to 16.
 */
import type { Fingerprint } from '../fingerprint/fingerprint.ts';

/** How the arrays grow: by half, so that at most a third of them is unused. */
const growth = 1.5;
/** At most this part of the index is in use. */
const load = 0.75;

/** In place of the number of a state that is one too many. */
export const tooMany = -0x1_0000_0000;

export class StateTable {
  private capacity = 1 << 6;
  private highs = new Int32Array(this.capacity);
  private parents = new Int32Array(this.capacity);
  private choices = new Uint32Array(this.capacity);
  /**
   * By hash: the number of a state, plus 1, or 0 for none; and the lower half of its fingerprint.
   * That is here because a search spends most of its time waiting for memory: what a look-up passes
   * on its way is on one cache line.
   */
  private index = new Int32Array(2 << 7);
  private places = 1 << 7;
  size = 0;

  /** `most`: it takes no more states than that. */
  constructor(private readonly most = Infinity) {}

  get bytes(): number {
    return this.capacity * 12 + this.index.byteLength;
  }

  /** Adds a state, and returns its number `n`; −1 − n if it is known; `tooMany` if it is full. */
  add({ high, low }: Fingerprint, parent: number, choice: number): number {
    return this.addHalves(high, low, parent, choice);
  }

  addHalves(high: number, low: number, parent: number, choice: number): number {
    const { index, highs, places } = this;
    let at = placeOf(low, places);
    for (;;) {
      const state = index[at * 2] - 1;
      if (state < 0) break;
      if (index[at * 2 + 1] === low && highs[state] === high) return -1 - state;
      if (++at === places) at = 0;
    }
    const state = this.size;
    if (state >= this.most) return tooMany;
    if (state === this.capacity) this.grow();
    this.highs[state] = high;
    this.parents[state] = parent;
    this.choices[state] = choice;
    index[at * 2] = state + 1;
    index[at * 2 + 1] = low;
    this.size = state + 1;
    if (this.size > places * load) this.growIndex();
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
    const { index, highs, places } = this;
    let at = placeOf(low, places);
    for (;;) {
      const state = index[at * 2] - 1;
      if (state < 0 || (index[at * 2 + 1] === low && highs[state] === high)) return state;
      if (++at === places) at = 0;
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
    this.parents = larger(this.parents, new Int32Array(this.capacity));
    this.choices = larger(this.choices, new Uint32Array(this.capacity));
  }

  private growIndex(): void {
    const before = this.index;
    const places = Math.ceil(this.places * growth);
    const index = new Int32Array(places * 2);
    for (let i = 0; i < before.length; i += 2) {
      if (before[i] === 0) continue;
      const low = before[i + 1];
      let at = placeOf(low, places);
      while (index[at * 2] > 0) if (++at === places) at = 0;
      index[at * 2] = before[i];
      index[at * 2 + 1] = low;
    }
    this.places = places;
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
