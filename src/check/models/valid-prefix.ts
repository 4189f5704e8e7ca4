/** How far a history satisfies a model that it violates as a whole. */
import type { History, HistoryOperation, Specification } from '../../protocol/history.ts';
import { attempted, type Limits, Meter } from './limits.ts';
import type { Model } from './models.ts';

/** Each part is a check of its own, so a longer history is not searched. */
const operationsMax = 20_000;

/**
 * The position of the first response at which the history violates the model: up to it, the model
 * holds. Undefined if the limits do not suffice. Every prefix of a history that satisfies a model
 * does too, so halving finds it.
 */
export function violatedAt(
  history: History,
  model: Model,
  specification: Specification,
  limits: Limits,
): number | undefined {
  if (history.length > operationsMax) return undefined;
  const ends = history.flatMap(({ returned }) => (returned === undefined ? [] : [returned]));
  ends.sort((a, b) => a - b);
  const total = new Meter(limits);
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const prefix = upTo(history, ends[middle]);
    const type = attempted(() => {
      return model.check(prefix, specification, new Meter(limits, total)).type;
    });
    if (type === undefined || type === 'unknown') return undefined;
    if (type === 'violated') high = middle;
    else low = middle + 1;
  }
  return ends[high];
}

/** The history as it was when this response arrived: what came later has not happened. */
export function upTo(history: History, end: number): History {
  return history.flatMap((operation): HistoryOperation[] => {
    const { invoked, returned } = operation;
    if (invoked > end) return [];
    if (returned !== undefined && returned <= end) return [operation];
    return [{ ...operation, returned: undefined, outcome: 'unknown', result: undefined }];
  });
}
