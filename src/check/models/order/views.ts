/**
 * The models for any specification that demand an order in which each process keeps its own order,
 * whatever real time says: sequential consistency, coherence and PRAM.
 */
import type { History, Specification } from '../../../protocol/history.ts';
import type { Meter } from '../limits.ts';
import { keyOf, operationsByKey, possibleOperations } from '../operations.ts';
import type { ModelVerdict, NoOrder } from '../verdict.ts';
import { Machine } from './machine.ts';
import type { Problem } from './problem.ts';
import { findOrder, type SearchResult } from './search.ts';
import { type Attempts, fewest, newStatesMax } from './fewest.ts';

/** All processes see all operations in one order (Lamport 1979). */
export function checkSequential(
  history: History,
  specification: Specification,
  meter: Meter,
): ModelVerdict {
  const operations = possibleOperations(history);
  return verdictOf([new View(history, specification, operations, {}, meter)], meter);
}

/** Sequential consistency of each key by itself (Goodman 1989, "cache consistency"). */
export function checkCoherent(
  history: History,
  specification: Specification,
  meter: Meter,
): ModelVerdict {
  const views = Array.from(operationsByKey(history, specification), ([key, operations]) => {
    return new View(history, specification, operations, key === '' ? {} : { key }, meter);
  });
  return verdictOf(views, meter);
}

/**
 * Each process sees its own operations and what those of the others change, in an order that keeps
 * the order of each process (Lipton and Sandberg 1988).
 */
export function checkPramOrders(
  history: History,
  specification: Specification,
  meter: Meter,
): ModelVerdict {
  const operations = possibleOperations(history);
  const processes = [...new Set(operations.map((one) => history[one].process))];
  const views = processes.map((of) => {
    return new View(history, specification, operations, { of }, meter);
  });
  return verdictOf(views, meter);
}

function verdictOf(views: readonly View[], meter: Meter): ModelVerdict {
  for (const view of views) {
    if (!view.search(meter).found) return { type: 'violated', witness: view.witness() };
  }
  return { type: 'holds' };
}

class View {
  /** By operation: the part of the object that it is about, and so its machine. */
  private readonly parts = new Map<number, number>();
  private readonly machines: Machine[] = [];

  constructor(
    private readonly history: History,
    specification: Specification,
    private readonly operations: readonly number[],
    private readonly about: { readonly key?: string; readonly of?: string },
    meter: Meter,
  ) {
    const keys = new Map<string, number>();
    for (const one of operations) {
      const key = keyOf(history[one], specification);
      let part = keys.get(key);
      if (part === undefined) {
        part = this.machines.push(new Machine(specification, history, meter)) - 1;
        keys.set(key, part);
      }
      this.parts.set(one, part);
    }
  }

  /** The order consists of indices in the history. */
  search(meter: Meter, kept: readonly number[] = this.operations): SearchResult {
    const { found, order } = findOrder(this.problem(kept), meter);
    return { found, order: order.map((one) => kept[one]) };
  }

  witness(): NoOrder {
    const search: Attempts = (kept, meter) => {
      for (const machine of this.machines) machine.allowStates(newStatesMax);
      return this.search(meter, kept);
    };
    const { kept, longest } = fewest(this.operations, search);
    const placed = new Set(longest);
    const isFirst = (one: number) => {
      if (placed.has(one) || !this.isCertain(one)) return false;
      return this.before(one, kept).every((other) => placed.has(other));
    };
    const blocked = kept.filter(isFirst);
    const { key, of } = this.about;
    const state = this.stateAfter(longest, blocked[0] ?? kept[0]);
    return {
      code: 'no-order',
      ...(key !== undefined && { key }),
      ...(of !== undefined && { of }),
      operations: kept,
      longest,
      state,
      blocked,
    };
  }

  /** The state of the part that an operation is about. */
  private stateAfter(order: readonly number[], about: number) {
    const part = this.partOf(about);
    let state = 0;
    for (const one of order) {
      if (this.partOf(one) === part) state = this.machines[part].after(state, this.kindOf(one));
    }
    return this.machines[part].stateOf(state);
  }

  private before(one: number, kept: readonly number[]): number[] {
    const { process } = this.history[one];
    return kept.slice(0, kept.indexOf(one)).filter((other) => {
      return this.history[other].process === process && this.isCertain(other);
    });
  }

  private problem(kept: readonly number[]): Problem {
    const chosen = new Set(kept);
    const free = this.operations.filter((one) => !chosen.has(one));
    const followers: number[][] = kept.map(() => []);
    const last = new Map<string, number>();
    kept.forEach((one, i) => {
      const { process } = this.history[one];
      const before = last.get(process);
      if (before !== undefined) followers[before].push(i);
      if (this.isCertain(one)) last.set(process, i);
    });
    return {
      size: kept.length,
      parts: Int32Array.from(kept, (one) => this.partOf(one)),
      machines: this.machines,
      kinds: Int32Array.from(kept, (one) => this.kindOf(one)),
      required: Uint8Array.from(kept, (one) => (this.isCertain(one) ? 1 : 0)),
      rank: Int32Array.from(kept, (_one, i) => i),
      followers,
      ranksDecide: false,
      free: this.freeKinds(free),
    };
  }

  private freeKinds(operations: readonly number[]): { part: number; kind: number }[] {
    const kinds = new Map<string, { part: number; kind: number }>();
    for (const one of operations) {
      const part = this.partOf(one);
      const kind = this.machines[part].kindOf(one, true);
      kinds.set(`${part} ${kind}`, { part, kind });
    }
    return [...kinds.values()];
  }

  private kindOf(one: number): number {
    const { of } = this.about;
    const hidden = of !== undefined && this.history[one].process !== of;
    return this.machines[this.partOf(one)].kindOf(one, hidden);
  }

  private isCertain(one: number): boolean {
    return this.history[one].outcome === 'ok';
  }

  private partOf(one: number): number {
    return this.parts.get(one)!;
  }
}
