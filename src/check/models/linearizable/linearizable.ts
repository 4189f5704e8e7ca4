/**
 * Whether a history is linearizable, for any specification. Parts of the object are checked one by
 * one, because linearizability is local (Herlihy and Wing 1990, section 3.2).
 */
import type { History, Specification } from '../../../protocol/history.ts';
import { LimitReached, type Meter } from '../limits.ts';
import { operationsByKey } from '../operations.ts';
import type { ModelVerdict, NoOrder, Undecided } from '../verdict.ts';
import { Part } from './part.ts';
import { smallestNoOrder } from './witness.ts';

export function checkLinearizable(
  history: History,
  specification: Specification,
  meter: Meter,
): ModelVerdict {
  let open = [...operationsByKey(history, specification)];
  let why: Undecided | undefined;
  // First, each part may use an equal share: one that is hard hides no violation of another.
  for (const isLast of [open.length === 1, true]) {
    const undecided: typeof open = [];
    for (const [i, [key, operations]] of open.entries()) {
      const share = meter.part(isLast ? 1 : 0.5 / (open.length - i));
      try {
        const witness = noOrder(history, specification, key, operations, share);
        if (witness !== undefined) return { type: 'violated', witness };
      } catch (error) {
        if (!(error instanceof LimitReached)) throw error;
        why = error.why;
        undecided.push([key, operations]);
      }
      share.end();
    }
    open = undecided;
    if (open.length === 0) return { type: 'holds' };
    if (isLast) break;
  }
  return { type: 'unknown', why: ofWhole(why!, meter) };
}

function noOrder(
  history: History,
  specification: Specification,
  key: string,
  operations: readonly number[],
  meter: Meter,
): NoOrder | undefined {
  const part = new Part(history, specification, operations, meter);
  if (part.search(meter).found) return undefined;
  return { ...smallestNoOrder(part), ...(key !== '' && { key }) };
}

/** The limit of the whole check, of which a part had a share. */
function ofWhole(why: Undecided, { limits }: Meter): Undecided {
  return why.code === 'limit-reached' ? { ...why, max: limits[why.limit] } : why;
}
