/** Models that linearizability implies: it is tried first, because real time bounds its search. */
import type { History, Specification } from '../../../protocol/history.ts';
import { attempted, type Meter } from '../limits.ts';
import { operationsByKey } from '../operations.ts';
import type { ModelVerdict } from '../verdict.ts';
import { Part } from './part.ts';

type Check = (history: History, specification: Specification, meter: Meter) => ModelVerdict;

/** What the attempt may use of the limits of the check. */
const share = 0.1;

/**
 * An order that keeps real time keeps the order of each process and all causes, and each read in it
 * returns the last write.
 */
export function orLinearizable(check: Check): Check {
  return (history, specification, meter) => {
    if (isLinearizable(history, specification, meter.part(share))) return { type: 'holds' };
    return check(history, specification, meter);
  };
}

/** False also if the meter ended it. */
function isLinearizable(history: History, specification: Specification, meter: Meter): boolean {
  const parts = operationsByKey(history, specification).values();
  const found = attempted(() => {
    return [...parts].every((operations) => {
      return new Part(history, specification, operations, meter).search(meter).found;
    });
  });
  meter.end();
  return found ?? false;
}
