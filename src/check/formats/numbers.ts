/** Numbers of recorded histories, which must stay different if they are. */

/** How deeply a recorded value may be nested. */
export const depthMax = 200;

/**
 * The number, or a string of its digits if it is an integer that a JSON number cannot hold: 2^53
 * and 2^53 + 1 are different values of a register. Undefined if it is too large altogether.
 */
export function numberIn(digits: string): number | string | undefined {
  const number = Number(digits);
  if (!Number.isFinite(number)) return undefined;
  const isExact = Number.isSafeInteger(number) || !/^[+-]?\d+$/.test(digits);
  // -0 and 0 are one value.
  return isExact ? number + 0 : String(BigInt(digits.replace(/^\+/, '')));
}

/** The offset after the string that begins at `start` with a quote; undefined if it has no end. */
export function endOfString(text: string, start: number, end = text.length): number | undefined {
  for (let at = start + 1; at < end; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return undefined;
}
