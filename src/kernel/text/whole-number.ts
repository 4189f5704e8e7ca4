/** Whole numbers as a user types them, the same on the command line and in an editor. */

/** A number in digits: `1e3`, `0x10` and nothing at all are none. Undefined if it is none. */
export function wholeNumber(text: unknown, least = 0, most = Infinity): number | undefined {
  const number = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) && number >= least && number <= most ? number : undefined;
}
