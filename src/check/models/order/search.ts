/**
 * Searches an order of operations that the object allows: Wing and Gong's search ("Testing and
 * verifying concurrent objects", 1993) with Lowe's memory of configurations, for any partial order.
 *
 * Three rules leave out branches without changing the result:
 * - An observer that is required and possible comes next at once: if there is an order, moving it
 *   to the front of that gives another one. An observer leaves each state as it is. A write of the
 *   value that a register has is none: it may be needed later, after another write. Which kinds are
 *   observers is only assumed. If there seems to be no order, it is tried for all states that were
 *   reached, and the search begins again if it was wrong.
 * - An optional operation that leaves the state as it is does not come at all.
 * - Of optional operations of one kind, the first comes first; and required ones come before them.
 */
import { mix } from '../../../kernel/keyed-draw.ts';
import type { Meter } from '../limits.ts';
import { type Configuration, Configurations } from './configurations.ts';
import type { Problem } from './problem.ts';

export interface SearchResult {
  readonly found: boolean;
  /** The order, or the longest one from the start that was found. */
  readonly order: readonly number[];
}

/** May throw `LimitReached`. */
export function findOrder(problem: Problem, meter: Meter): SearchResult {
  for (;;) {
    const before = changingKinds(problem);
    const result = new Search(problem, meter).run();
    if (result.found) return result;
    tryObservers(problem);
    if (changingKinds(problem) === before) return result;
  }
}

function changingKinds({ machines }: Problem): number {
  return machines.reduce((sum, machine) => sum + machine.changingKinds, 0);
}

function tryObservers({ size, machines, parts, kinds, required }: Problem): void {
  for (let one = 0; one < size; one++) {
    if (required[one] === 1) machines[parts[one]].tryObserver(kinds[one]);
  }
}

class Search implements Configuration {
  readonly placed: Int32Array;
  firstWord = 0;
  lastWord = -1;
  readonly states: Int32Array;
  hash = 0;
  private left = 0;
  /** How many operations must still come before each one. */
  private readonly waits: Int32Array;
  /** What could come next as far as the order allows; `positions` says where each one is. */
  private readonly ready: Int32Array;
  private readyCount = 0;
  private readonly positions: Int32Array;
  /** The operations placed so far, and the state of its part before each one. */
  private readonly trail: number[] = [];
  private readonly statesBefore: number[] = [];
  private length = 0;
  private best: readonly number[] = [];
  private bestLeft = Infinity;
  private readonly seen: Configurations;
  /** More than one operation has this kind in its part. */
  private readonly isRepeated: Uint8Array;

  constructor(
    private readonly problem: Problem,
    private readonly meter: Meter,
  ) {
    const { size, machines, followers, required } = problem;
    this.placed = new Int32Array((size + 31) >> 5);
    this.states = new Int32Array(machines.length);
    this.waits = new Int32Array(size);
    this.ready = new Int32Array(size);
    this.positions = new Int32Array(size);
    this.seen = new Configurations(meter);
    this.isRepeated = repeatedKinds(problem);
    for (const after of followers) for (const one of after) this.waits[one]++;
    for (let one = 0; one < size; one++) {
      if (this.waits[one] === 0) this.makeReady(one);
      if (required[one] === 1) this.left++;
    }
  }

  run(): SearchResult {
    const found = this.search();
    this.seen.forget();
    return { found, order: found ? this.order() : this.best };
  }

  private search(): boolean {
    /** Each frame has candidates from its start to that of the next, and its trail's length. */
    const candidates: number[] = [];
    const starts: number[] = [];
    const lengths: number[] = [];
    let isNew = true;
    for (;;) {
      if (isNew) {
        this.takeObservers();
        if (this.left === 0) return true;
        starts.push(candidates.length);
        lengths.push(this.length);
        if (this.seen.add(this)) this.addCandidates(candidates);
      }
      const frame = starts.length - 1;
      if (frame < 0) return false;
      this.undoTo(lengths[frame]);
      if (candidates.length > starts[frame]) {
        this.meter.step();
        this.take(candidates.pop()!);
        isNew = true;
        continue;
      }
      this.noteBest();
      starts.pop();
      lengths.pop();
      isNew = false;
      if (frame === 0) return false;
    }
  }

  /** Keeps the longest order; what is compared is how many required operations are missing. */
  private noteBest(): void {
    if (this.left >= this.bestLeft) return;
    this.bestLeft = this.left;
    this.best = this.order();
  }

  private order(): number[] {
    return this.trail.slice(0, this.length).filter((one) => one < this.problem.size);
  }

  private stateAfter(one: number): number {
    const { parts, machines, kinds } = this.problem;
    const part = parts[one];
    return machines[part].after(this.states[part], kinds[one]);
  }

  private takeObservers(): void {
    const { required, parts, machines, kinds } = this.problem;
    for (let i = 0; i < this.readyCount; ) {
      const one = this.ready[i];
      const state = this.states[parts[one]];
      // Placing it puts another one at this position, or makes others ready behind it.
      const isObserver = required[one] === 1 && machines[parts[one]].seemsObserver(kinds[one]);
      if (isObserver && this.stateAfter(one) === state) this.place(one, state);
      else i++;
    }
    this.meter.step(1 + this.readyCount);
  }

  /** The best candidate is the last. */
  private addCandidates(candidates: number[]): void {
    const { size, required, parts, rank, machines, free = [] } = this.problem;
    free.forEach(({ part, kind }, i) => {
      const next = machines[part].after(this.states[part], kind);
      if (next >= 0 && next !== this.states[part]) candidates.push(size + i);
    });
    const start = candidates.length;
    for (let i = 0; i < this.readyCount; i++) {
      const one = this.ready[i];
      const next = this.stateAfter(one);
      const isUseless = required[one] === 0 && next === this.states[parts[one]];
      if (next < 0 || isUseless) continue;
      if (this.isRepeated[one] === 1 && this.comesLater(one)) continue;
      let at = candidates.length;
      candidates.push(one);
      while (at > start && isBefore(candidates[at - 1], one)) {
        candidates[at] = candidates[at - 1];
        at--;
      }
      candidates[at] = one;
    }

    function isBefore(a: number, b: number): boolean {
      return required[a] === required[b] ? rank[a] < rank[b] : required[a] > required[b];
    }
  }

  /** Another operation of the same kind is ready that can come first in any order. */
  private comesLater(one: number): boolean {
    const { required, parts, kinds, rank, ranksDecide } = this.problem;
    for (let i = 0; i < this.readyCount; i++) {
      const other = this.ready[i];
      if (other === one || kinds[other] !== kinds[one] || parts[other] !== parts[one]) continue;
      if (required[one] === 1) {
        if (ranksDecide && required[other] === 1 && rank[other] < rank[one]) return true;
      } else if (required[other] === 1 || other < one) {
        return true;
      }
    }
    return false;
  }

  /** Numbers from `size` on are those of free kinds. */
  private take(one: number): void {
    const { size, free = [], machines } = this.problem;
    if (one < size) {
      this.place(one, this.stateAfter(one));
      return;
    }
    const { part, kind } = free[one - size];
    this.enter(one, part, machines[part].after(this.states[part], kind));
  }

  private enter(one: number, part: number, next: number): void {
    this.trail[this.length] = one;
    this.statesBefore[this.length++] = this.states[part];
    this.setState(part, next);
  }

  private place(one: number, next: number): void {
    const { parts, required, followers } = this.problem;
    this.enter(one, parts[one], next);
    this.hash ^= mix(one + 1);
    const word = one >> 5;
    this.placed[word] |= 1 << (one & 31);
    if (word > this.lastWord) this.lastWord = word;
    while (this.placed[this.firstWord] === -1) this.firstWord++;
    const last = this.ready[--this.readyCount];
    const at = this.positions[one];
    this.ready[at] = last;
    this.positions[last] = at;
    if (required[one] === 1) this.left--;
    for (const after of followers[one]) if (--this.waits[after] === 0) this.makeReady(after);
  }

  /** Undoes in reverse order, so that `ready` is exactly as before. */
  private undoTo(length: number): void {
    const { size, parts, required, followers, free = [] } = this.problem;
    while (this.length > length) {
      const one = this.trail[--this.length];
      if (one >= size) {
        this.setState(free[one - size].part, this.statesBefore[this.length]);
        continue;
      }
      const after = followers[one];
      for (let i = after.length - 1; i >= 0; i--) {
        if (this.waits[after[i]]++ === 0) this.readyCount--;
      }
      if (required[one] === 1) this.left++;
      const at = this.positions[one];
      if (at < this.readyCount) {
        const moved = this.ready[at];
        this.ready[this.readyCount] = moved;
        this.positions[moved] = this.readyCount;
      }
      this.ready[at] = one;
      this.readyCount++;
      const word = one >> 5;
      this.placed[word] &= ~(1 << (one & 31));
      if (word < this.firstWord) this.firstWord = word;
      while (this.lastWord >= 0 && this.placed[this.lastWord] === 0) this.lastWord--;
      this.hash ^= mix(one + 1);
      this.setState(parts[one], this.statesBefore[this.length]);
    }
  }

  private setState(part: number, next: number): void {
    this.hash ^= mix(-1 - (part * 0x10001 + this.states[part] * 0x3ff));
    this.states[part] = next;
    this.hash ^= mix(-1 - (part * 0x10001 + next * 0x3ff));
  }

  private makeReady(one: number): void {
    this.positions[one] = this.readyCount;
    this.ready[this.readyCount++] = one;
  }
}

function repeatedKinds({ size, parts, kinds }: Problem): Uint8Array {
  const counts = new Map<number, number>();
  const nameOf = (one: number) => parts[one] * size + kinds[one];
  for (let one = 0; one < size; one++) {
    counts.set(nameOf(one), (counts.get(nameOf(one)) ?? 0) + 1);
  }
  return Uint8Array.from(parts, (_part, one) => (counts.get(nameOf(one))! > 1 ? 1 : 0));
}
