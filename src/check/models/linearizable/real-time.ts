/** The order of real time: an operation that returned before another was invoked precedes it. */
import type { History } from '../../../protocol/history.ts';

/**
 * For each of these operations, the others that follow it directly: what follows from others is
 * left out, so there are about as many as operations run at a time. `operations` are indices in the
 * history, in the order of their invocations; the result has positions in that list. An operation
 * of unknown outcome may take effect at any later time, so it precedes none. `returns` has the
 * positions of all of them in the order of their responses.
 */
export function realTimeFollowers(
  history: History,
  operations: readonly number[],
  returns: Int32Array,
): number[][] {
  const followers: number[][] = operations.map(() => []);
  /** The operations that returned, and that none of those that returned after them follows. */
  let latest: number[] = [];
  let next = 0;
  for (let i = 0; i < operations.length; i++) {
    const { invoked } = history[operations[i]];
    for (; next < returns.length; next++) {
      const one = returns[next];
      if (returnOf(history, operations[one]) >= invoked) break;
      const start = history[operations[one]].invoked;
      latest = latest.filter((other) => returnOf(history, operations[other]) > start);
      latest.push(one);
    }
    for (const one of latest) followers[one].push(i);
  }
  return followers;
}

/** Positions in the list, in the order of responses; those without one keep their order. */
export function returnOrder(history: History, operations: readonly number[]): Int32Array {
  const returns = operations.map((operation) => returnOf(history, operation));
  return Int32Array.from(operations.keys()).sort((a, b) => {
    return returns[a] === returns[b] ? a - b : returns[a] - returns[b];
  });
}

/** The position of the response; after all others if the outcome is unknown. */
export function returnOf(history: History, operation: number): number {
  const { outcome, returned } = history[operation];
  return outcome === 'ok' && returned !== undefined ? returned : Infinity;
}
