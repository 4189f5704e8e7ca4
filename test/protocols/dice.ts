/** The chance of a test: all draws come from one seed. */
import { draw, keyOf } from '../../src/kernel/keyed-draw.ts';

/** Random draws for a test, in the order of the calls. */
export class Dice {
  private ordinal = 0;
  private readonly base: number;

  constructor(seed: number) {
    this.base = keyOf(seed, 'storm');
  }

  below(bound: number): number {
    return Math.floor((draw(this.base, ++this.ordinal) / 0x1_0000_0000) * bound);
  }

  chance(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000;
  }

  one<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** Some of the items: at least one, and not all if there are two or more. */
  some<T>(items: readonly T[]): T[] {
    const chosen = items.filter(() => this.chance(0.5));
    if (chosen.length === 0 || chosen.length === items.length) return [this.one(items)];
    return chosen;
  }
}
