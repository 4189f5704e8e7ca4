/** The smallest part of a history that shows why it is not linearizable. */
import { LimitReached, Meter } from '../limits.ts';
import type { SearchResult } from '../order/search.ts';
import type { NoOrder } from '../verdict.ts';
import type { Part, Reduction } from './part.ts';

/** A smaller witness is worth a few steps more, but not an unknown verdict. */
const attempt = { steps: 4_000, memory: 50_000_000 };
/** All attempts together. */
const allAttempts = { steps: 40_000, memory: 1_000_000_000 };
/** Operations that happen any number of times can lead to any number of states. */
const newStatesMax = 300;
const attemptsMax = 100;

const nothing: ReadonlySet<number> = new Set();

/** Of a part that has no order. */
export function smallestNoOrder(part: Part): NoOrder {
  const total = new Meter(allAttempts);
  const end = shortestPrefix(part, total);
  const operations = smallestSet(part, end, total);
  const { order } = searched(part, { end, freed: nothing }, new Meter(allAttempts)) ?? { order: [] };
  const placed = new Set(order);
  const isMissing = (one: number) => part.returnOf(one) <= end && !placed.has(one);
  const missing = part.operations.filter(isMissing);
  const first = Math.min(...missing.map((one) => part.returnOf(one)));
  return {
    code: 'no-order',
    operations,
    longest: order,
    state: part.stateAfter(order, end),
    blocked: missing.filter((one) => part.invokedAt(one) <= first),
  };
}

/** The position of the first response after which there is no order. */
function shortestPrefix(part: Part, total: Meter): number {
  const ends = part.operations.map((one) => part.returnOf(one)).filter((end) => end < Infinity);
  ends.sort((a, b) => a - b);
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (hasNoOrder(part, { end: ends[middle], freed: nothing }, total)) high = middle;
    else low = middle + 1;
  }
  return ends[high];
}

/**
 * The last operations, as few as there is no order of whatever the earlier ones did; without those
 * of them that do not matter.
 */
function smallestSet(part: Part, end: number, total: Meter): readonly number[] {
  // Those without a response come first, because they seldom matter.
  const orderOf = (one: number) => (part.returnOf(one) <= end ? part.returnOf(one) : -1);
  const all = part.operations.filter((one) => part.invokedAt(one) <= end);
  all.sort((a, b) => orderOf(a) - orderOf(b));
  const withOnly = (kept: readonly number[]): Reduction => {
    const chosen = new Set(kept);
    return { end, freed: new Set(all.filter((one) => !chosen.has(one))) };
  };
  let kept = all;
  for (let size = 2; size < all.length; size *= 2) {
    if (!hasNoOrder(part, withOnly(all.slice(-size)), total)) continue;
    kept = all.slice(-size);
    break;
  }
  let attempts = 0;
  for (let size = Math.max(1, kept.length >> 2); size >= 1; size >>= 1) {
    for (let i = 0; i < kept.length && attempts < attemptsMax; attempts++) {
      const fewer = [...kept.slice(0, i), ...kept.slice(i + size)];
      if (hasNoOrder(part, withOnly(fewer), total)) kept = fewer;
      else i += size;
    }
  }
  return kept.toSorted((a, b) => part.invokedAt(a) - part.invokedAt(b));
}

/** False also if that could not be found out. */
function hasNoOrder(part: Part, reduction: Reduction, total: Meter): boolean {
  return searched(part, reduction, new Meter(attempt, total))?.found === false;
}

function searched(part: Part, reduction: Reduction, meter: Meter): SearchResult | undefined {
  try {
    return part.search(meter, reduction, newStatesMax);
  } catch (error) {
    if (error instanceof LimitReached) return undefined;
    throw error;
  }
}
