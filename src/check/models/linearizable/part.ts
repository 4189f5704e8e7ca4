/** The operations on one part of an object, as a problem for the search of an order. */
import type { History, Specification } from '../../../protocol/history.ts';
import type { Json } from '../../../protocol/types.ts';
import type { Meter } from '../limits.ts';
import { Machine } from '../order/machine.ts';
import type { Problem } from '../order/problem.ts';
import { findOrder, type SearchResult } from '../order/search.ts';
import { realTimeFollowers, returnOf, returnOrder } from './real-time.ts';

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
  /** Places in `operations`, by their responses: all searches of a witness keep this order. */
  private readonly byReturn: Int32Array;

  constructor(
    private readonly history: History,
    specification: Specification,
    /** In the order of their invocations. */
    readonly operations: readonly number[],
    meter: Meter,
  ) {
    this.machine = new Machine(specification, history, meter);
    this.byReturn = returnOrder(history, operations);
  }

  /** The order consists of indices in the history. */
  search(
    meter: Meter,
    reduction: Reduction = nothingLeftOut,
    newStatesMax = Infinity,
  ): SearchResult {
    this.machine.allowStates(newStatesMax);
    const places = this.chosen(reduction);
    const { found, order } = findOrder(this.problem(places, reduction), meter);
    return { found, order: order.map((one) => this.operations[places[one]]) };
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

  /** Places in `operations`. */
  private chosen({ end, freed }: Reduction): readonly number[] {
    const all = [...this.operations.keys()];
    if (end === Infinity && freed.size === 0) return all;
    return all.filter((place) => {
      const one = this.operations[place];
      return this.history[one].invoked <= end && !freed.has(one);
    });
  }

  /** The order of responses, as positions among the chosen places, and its reverse. */
  private returnsOf(places: readonly number[]): { returns: Int32Array; rank: Int32Array } {
    const position = new Int32Array(this.operations.length).fill(-1);
    for (let i = 0; i < places.length; i++) position[places[i]] = i;
    const returns = this.byReturn.filter((place) => position[place] >= 0);
    const rank = new Int32Array(places.length);
    for (let i = 0; i < returns.length; i++) {
      returns[i] = position[returns[i]];
      rank[returns[i]] = i;
    }
    return { returns, rank };
  }

  private problem(places: readonly number[], { end, freed }: Reduction): Problem {
    const chosen = places.map((place) => this.operations[place]);
    const size = chosen.length;
    const isRequired = (one: number) => this.returnOf(one) <= end && this.returnOf(one) < Infinity;
    const { rank, returns } = this.returnsOf(places);
    const freeKinds = Array.from(freed, (one) => this.machine.kindOf(one, true));
    return {
      size,
      parts: new Int32Array(size),
      machines: [this.machine],
      kinds: Int32Array.from(chosen, (one) => this.kindOf(one, end)),
      required: Uint8Array.from(chosen, (one) => (isRequired(one) ? 1 : 0)),
      rank,
      followers: realTimeFollowers(this.history, chosen, returns),
      ranksDecide: true,
      free: [...new Set(freeKinds)].map((kind) => ({ part: 0, kind })),
    };
  }
}
