/** The operations of a history as indices, in the order of their invocations. */
import type { History, HistoryOperation, Specification } from '../../protocol/history.ts';

export function invocationOrder(history: History): number[] {
  const order = history.map((_operation, i) => i);
  return order.sort((a, b) => history[a].invoked - history[b].invoked);
}

/** Without operations that failed, which had no effect. */
export function possibleOperations(history: History): number[] {
  return invocationOrder(history).filter((one) => history[one].outcome !== 'failed');
}

/** The part of the object that an operation is about; empty if the object has no parts. */
export function keyOf(operation: HistoryOperation, specification: Specification): string {
  return specification.key?.(operation) ?? '';
}

/** The operations that may have taken effect, by the part of the object that they are about. */
export function operationsByKey(
  history: History,
  specification: Specification,
): Map<string, number[]> {
  const parts = new Map<string, number[]>();
  for (const one of possibleOperations(history)) {
    const key = keyOf(history[one], specification);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [one]);
    else part.push(one);
  }
  return parts;
}
