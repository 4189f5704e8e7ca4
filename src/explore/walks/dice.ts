/** Random numbers of one walk: they depend on its seed only. */
import { draw, keyOf } from '../../kernel/keyed-draw.ts';

export class Dice {
  private readonly key: number;
  private thrown = 0;

  constructor(seed: number, purpose: string) {
    this.key = keyOf(seed, 'walk', purpose);
  }

  /** A number in [0, 1). */
  share(): number {
    return draw(this.key, ++this.thrown) / 0x1_0000_0000;
  }

  /** An integer from 0 to `bound - 1`. */
  below(bound: number): number {
    return Math.floor(this.share() * bound);
  }

  one<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)];
  }
}
