/** Finds few operations of which there is no order, for a witness that is short. */
import { attempted, Meter } from '../limits.ts';
import type { SearchResult } from './search.ts';

/**
 * Searches an order of the operations that are kept. The others may take effect at any time and any
 * number of times, whatever they returned: if there is no order even so, they do not matter.
 */
export type Attempts = (kept: readonly number[], meter: Meter) => SearchResult;

/** A shorter witness is worth a few steps more, but not an unknown verdict. */
const attempt = { steps: 4_000, memory: 50_000_000 };
const together = { steps: 40_000, memory: 1_000_000_000 };
/** Operations that happen any number of times can lead to any number of states. */
export const newStatesMax = 40;
const attemptsMax = 100;

/** Of operations that have no order; the last ones are tried first, and alone if they suffice. */
export function fewest(
  all: readonly number[],
  search: Attempts,
): { readonly kept: readonly number[]; readonly longest: readonly number[] } {
  const total = new Meter(together);
  const hasNoOrder = (kept: readonly number[]): boolean => {
    return attempted(() => search(kept, new Meter(attempt, total)))?.found === false;
  };
  let kept = all;
  for (let size = 2; size < all.length; size *= 2) {
    if (!hasNoOrder(all.slice(-size))) continue;
    kept = all.slice(-size);
    break;
  }
  let attempts = 0;
  for (let size = Math.max(1, kept.length >> 2); size >= 1; size >>= 1) {
    for (let i = 0; i < kept.length && attempts < attemptsMax; attempts++) {
      const fewer = [...kept.slice(0, i), ...kept.slice(i + size)];
      if (hasNoOrder(fewer)) kept = fewer;
      else i += size;
    }
  }
  const longest = attempted(() => search(all, new Meter(together)))?.order ?? [];
  return { kept, longest };
}
