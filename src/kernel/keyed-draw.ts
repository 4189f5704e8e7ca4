/**
 * Keyed random draws: a draw is a hash of the seed, its purpose and its ordinal. It does not depend
 * on other draws, so that two branches of a run stay comparable.
 */

/** A 32-bit hash of a string (FNV-1a, then mixed), continued from `basis`. */
function hashText(text: string, basis = 0x811c9dc5): number {
  let hash = basis;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return mix(hash);
}

/** The key of a family of draws: `keyOf(seed, 'latency', 'n1', 'n3')`. */
export function keyOf(seed: number, ...parts: string[]): number {
  let hash = mix(seed | 0) ^ Math.trunc(seed / 0x1_0000_0000);
  for (const part of parts) hash = hashText(part, hash ^ 0x9e3779b9);
  return hash;
}

/** An integer from 0 to 2³²−1: the nth draw with a key. */
export function draw(key: number, ordinal: number): number {
  return mix(key ^ Math.imul(ordinal, 0x9e3779b1)) >>> 0;
}

/** An integer in `[low, high]`. Exact for spans below 2³², which is 71 minutes in microseconds. */
export function drawBetween(key: number, ordinal: number, low: number, high: number): number {
  return low + Math.floor((draw(key, ordinal) / 0x1_0000_0000) * (high - low + 1));
}

/** True with the given probability. */
export function drawChance(key: number, ordinal: number, probability: number): boolean {
  return draw(key, ordinal) < probability * 0x1_0000_0000;
}

/** The finaliser of MurmurHash3: every bit of the input affects every bit of the result. */
export function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
