/** Seeded random choices: the same seed always makes the same test. */

/** How many seeds a property tries; `LOCKSTEP_SEEDS` raises it in the nightly run. */
export function seedCount(byDefault: number, factor = 1): number {
  const asked = process.env.LOCKSTEP_SEEDS;
  return asked === undefined ? byDefault : Math.max(1, Math.round(Number(asked) * factor));
}

/** The first seed; set `LOCKSTEP_FIRST_SEED` to try seeds that no run has tried yet. */
export const firstSeed = Number(process.env.LOCKSTEP_FIRST_SEED ?? 1);

export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 0x9e3779b1) >>> 0;
    for (let i = 0; i < 4; i++) this.next();
  }

  /** A number from 0 up to, but not including, 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to, but not including, `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)];
  }

  /** Picks one of several values by its weight. */
  weighted<Item>(items: readonly (readonly [weight: number, item: Item])[]): Item {
    const total = items.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.next() * total;
    for (const [weight, item] of items) {
      left -= weight;
      if (left < 0) return item;
    }
    return items.at(-1)![1];
  }
}
