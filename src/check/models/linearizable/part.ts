/** The operations on one part of an object, as a problem for the search of an order. */
import type { History, Specification } from '../../../protocol/history.ts';
import type { Json } from '../../../protocol/types.ts';
import type { Meter } from '../limits.ts';
import { Machine } from '../order/machine.ts';
import type { Problem } from '../order/problem.ts';
import { findOrder, type SearchResult } from '../order/search.ts';
import { realTimeFollowers, returnOf } from './real-time.ts';

/** What to leave out of a part: for a witness, which shows as little as possible. */
export interface Reduction {
  /** The history ends here: later invocations do not happen, and later responses are missing. */
  readonly end: number;
  /**
   * Operations that may take effect at any time and any number of times, whatever they returned. If
   * there is no order even so, they do not matter.
   */
  readonly freed: ReadonlySet<number>;
}

export const nothingLeftOut: Reduction = { end: Infinity, freed: new Set() };

export class Part {
  private readonly machine: Machine;

  constructor(
    private readonly history: History,
    specification: Specification,
    /** In the order of their invocations. */
    readonly operations: readonly number[],
    meter: Meter,
  ) {
    this.machine = new Machine(specification, history, meter);
  }

  /** The order consists of indices in the history. */
  search(
    meter: Meter,
    reduction: Reduction = nothingLeftOut,
    newStatesMax = Infinity,
  ): SearchResult {
    this.machine.allowStates(newStatesMax);
    const chosen = this.chosen(reduction);
    const { found, order } = findOrder(this.problem(chosen, reduction), meter);
    return { found, order: order.map((one) => chosen[one]) };
  }

  returnOf(operation: number): number {
    return returnOf(this.history, operation);
  }

  /** The state after these operations; the outcome of those that return after `end` is unknown. */
  stateAfter(order: readonly number[], end: number): Json {
    let state = 0;
    for (const one of order) state = this.machine.after(state, this.kindOf(one, end));
    return this.machine.stateOf(state);
  }

  invokedAt(operation: number): number {
    return this.history[operation].invoked;
  }

  private kindOf(operation: number, end: number): number {
    return this.machine.kindOf(operation, this.returnOf(operation) > end);
  }

  private chosen({ end, freed }: Reduction): readonly number[] {
    if (end === Infinity && freed.size === 0) return this.operations;
    return this.operations.filter((one) => {
      return this.history[one].invoked <= end && !freed.has(one);
    });
  }

  private problem(chosen: readonly number[], { end, freed }: Reduction): Problem {
    const size = chosen.length;
    const isRequired = (one: number) => this.returnOf(one) <= end && this.returnOf(one) < Infinity;
    const freeKinds = Array.from(freed, (one) => this.machine.kindOf(one, true));
    return {
      size,
      parts: new Int32Array(size),
      machines: [this.machine],
      kinds: Int32Array.from(chosen, (one) => this.kindOf(one, end)),
      required: Uint8Array.from(chosen, (one) => (isRequired(one) ? 1 : 0)),
      rank: ranksOf(chosen.map((one) => this.returnOf(one))),
      followers: realTimeFollowers(this.history, chosen),
      ranksDecide: true,
      free: [...new Set(freeKinds)].map((kind) => ({ part: 0, kind })),
    };
  }
}

/** The position of each value among all of them, sorted. */
function ranksOf(values: readonly number[]): Int32Array {
  const order = values.map((_value, i) => i).sort((a, b) => compare(values[a], values[b]) || a - b);
  const ranks = new Int32Array(values.length);
  order.forEach((one, rank) => {
    ranks[one] = rank;
  });
  return ranks;
}

/** Infinite values are equal. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
