/** The smallest part of a history that shows why it is not linearizable. */
import { attempted, Meter } from '../limits.ts';
import { fewest, newStatesMax } from '../order/fewest.ts';
import type { NoOrder } from '../verdict.ts';
import { nothingLeftOut, type Part } from './part.ts';

const attempts = { steps: 40_000, memory: 1_000_000_000 };

/** Of a part that has no order. */
export function smallestNoOrder(part: Part): NoOrder {
  const end = shortestPrefix(part);
  // Those without a response come first, because they seldom matter.
  const orderOf = (one: number) => (part.returnOf(one) <= end ? part.returnOf(one) : -1);
  const all = part.operations.filter((one) => part.invokedAt(one) <= end);
  all.sort((a, b) => orderOf(a) - orderOf(b));
  const { kept, longest } = fewest(all, (chosen, meter) => {
    const few = new Set(chosen);
    const freed = new Set(all.filter((one) => !few.has(one)));
    return part.search(meter, { end, freed }, newStatesMax);
  });
  const placed = new Set(longest);
  const missing = all.filter((one) => part.returnOf(one) <= end && !placed.has(one));
  const first = Math.min(...missing.map((one) => part.returnOf(one)));
  return {
    code: 'no-order',
    operations: kept.toSorted((a, b) => part.invokedAt(a) - part.invokedAt(b)),
    longest,
    state: part.stateAfter(longest, end),
    blocked: missing.filter((one) => part.invokedAt(one) <= first),
  };
}

/** The position of the first response after which there is no order. */
function shortestPrefix(part: Part): number {
  const total = new Meter(attempts);
  const ends = part.operations.map((one) => part.returnOf(one)).filter((end) => end < Infinity);
  ends.sort((a, b) => a - b);
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const reduction = { ...nothingLeftOut, end: ends[middle] };
    if (attempted(() => part.search(total, reduction))?.found === false) high = middle;
    else low = middle + 1;
  }
  return ends[high];
}
