/** Numbers for texts: equal texts have the same one, and each has a hash of 64 bits. */

/** Mixes 32 bits, so that sums of them keep all that their parts differ in (after murmur3). */
export function mixed(bits: number): number {
  let mix = bits | 0;
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return mix ^ (mix >>> 16);
}

/** An entry of the map, and the header of its text. */
const entryBytes = 80;

export class Interner {
  private readonly numbers = new Map<string, number>();
  private characters = 0;
  private highs = new Int32Array(16);
  private lows = new Int32Array(16);

  get size(): number {
    return this.numbers.size;
  }

  /** What it takes, roughly: each text, its entry, and what the caller keeps for its number. */
  get bytes(): number {
    return this.characters + this.numbers.size * entryBytes;
  }

  of(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(text, number);
    this.characters += text.length;
    if (number === this.highs.length) {
      this.highs = doubled(this.highs);
      this.lows = doubled(this.lows);
    }
    let high = 0x9e3779b1;
    let low = 0x41c6ce57;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      high = Math.imul(high ^ unit, 0x9e3779b1);
      low = Math.imul(low ^ unit, 0x5f356495);
      high ^= high >>> 15;
      low ^= low >>> 14;
    }
    this.highs[number] = mixed(high ^ Math.imul(low, 0x27d4eb2d));
    this.lows[number] = mixed(low + Math.imul(high, 0x165667b1));
    return number;
  }

  high(number: number): number {
    return this.highs[number];
  }

  low(number: number): number {
    return this.lows[number];
  }
}

export function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
