/**
 * The configurations that a search has visited: which operations are placed, and the state of each
 * part of the object. Lowe ("Testing for linearizability", 2017) adds this memory to the search of
 * Wing and Gong: what follows depends on nothing else.
 */
import type { Meter } from '../limits.ts';

/** Words of `placed` before `firstWord` are full, those after `lastWord` empty. */
export interface Configuration {
  readonly hash: number;
  readonly states: Int32Array;
  readonly placed: Int32Array;
  readonly firstWord: number;
  readonly lastWord: number;
}

export class Configurations {
  private slots = new Int32Array(1 << 10).fill(-1);
  private pool = new Int32Array(1 << 12);
  private used = 0;
  private count = 0;

  constructor(private readonly meter: Meter) {
    meter.keep(4 * (this.slots.length + this.pool.length));
  }

  /** Returns whether it is new. */
  add(configuration: Configuration): boolean {
    const { hash, states, placed, firstWord: first, lastWord: last } = configuration;
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (; this.slots[slot] >= 0; slot = (slot + 1) & mask) {
      if (this.isAt(this.slots[slot], configuration)) return false;
    }
    const length = 3 + states.length + Math.max(0, last - first + 1);
    if (this.used + length > this.pool.length) this.grow(length);
    const at = this.used;
    this.pool[at] = hash;
    this.pool[at + 1] = first;
    this.pool[at + 2] = last;
    this.pool.set(states, at + 3);
    for (let word = first; word <= last; word++) {
      this.pool[at + 3 + states.length + word - first] = placed[word];
    }
    this.used += length;
    this.slots[slot] = at;
    if (++this.count * 2 > this.slots.length) this.spread();
    return true;
  }

  /** Gives back the memory once the search is over. */
  forget(): void {
    this.meter.release(4 * (this.slots.length + this.pool.length));
  }

  private isAt(at: number, configuration: Configuration): boolean {
    const { pool } = this;
    const { hash, states, placed, firstWord: first, lastWord: last } = configuration;
    if (pool[at] !== hash || pool[at + 1] !== first || pool[at + 2] !== last) return false;
    for (let i = 0; i < states.length; i++) if (pool[at + 3 + i] !== states[i]) return false;
    const from = at + 3 + states.length - first;
    for (let word = first; word <= last; word++) {
      if (pool[from + word] !== placed[word]) return false;
    }
    return true;
  }

  private grow(length: number): void {
    const size = Math.max(this.pool.length * 2, this.used + length);
    this.meter.keep(4 * (size - this.pool.length));
    const pool = new Int32Array(size);
    pool.set(this.pool);
    this.pool = pool;
  }

  private spread(): void {
    const old = this.slots;
    this.meter.keep(4 * old.length);
    this.slots = new Int32Array(old.length * 2).fill(-1);
    const mask = this.slots.length - 1;
    for (const at of old) {
      if (at < 0) continue;
      let slot = this.pool[at] & mask;
      while (this.slots[slot] >= 0) slot = (slot + 1) & mask;
      this.slots[slot] = at;
    }
  }
}
