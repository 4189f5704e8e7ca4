/** Addressed chance: a draw is a hash of the seed, what it is for, and its ordinal there. */

/** A 32-bit hash of text (FNV-1a, then mixed), continued from `basis`. */
export function hashText(text: string, basis = 0x811c9dc5): number {
  let hash = basis;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return mix(hash);
}

/** The address of a family of draws: `address(seed, 'latency', 'n1', 'n3')`. */
export function address(seed: number, ...parts: string[]): number {
  let hash = mix(seed | 0) ^ Math.trunc(seed / 0x1_0000_0000);
  for (const part of parts) hash = hashText(part, hash ^ 0x9e3779b9);
  return hash;
}

/** A whole number from 0 to 2³²−1: the `ordinal`-th draw at `base`. */
export function draw(base: number, ordinal: number): number {
  return mix(base ^ Math.imul(ordinal, 0x9e3779b1)) >>> 0;
}

/** A whole number in `[low, high]`; exact for spans below 2³² (71 minutes in microseconds). */
export function drawBetween(base: number, ordinal: number, low: number, high: number): number {
  return low + Math.floor((draw(base, ordinal) / 0x1_0000_0000) * (high - low + 1));
}

/** True with the given probability. */
export function drawChance(base: number, ordinal: number, probability: number): boolean {
  return draw(base, ordinal) < probability * 0x1_0000_0000;
}

/** The finaliser of MurmurHash3: every bit of the input touches every bit of the result. */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
