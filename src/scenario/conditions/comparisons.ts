/** The values that a condition compares, so that a violated expectation can show them. */
import type { Json } from '../../protocol/types.ts';

export interface Comparison {
  readonly operator: string;
  readonly left: Json;
  readonly right: Json;
  /** The field that a side with a number reads, as in `n1.state.patience`: it may have a unit. */
  readonly field?: string;
}

/** The two sides of a comparison, as positions in the expression. */
export interface Sides {
  readonly operator: string;
  readonly left: Span;
  readonly right: Span;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Syntax extends Span {
  readonly op: string;
  readonly args: unknown;
}

const operators = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);
const connectives = new Set(['&&', '||', '!_']);

/** A message shows few values: these are the first ones. */
const comparisonsMax = 4;

/** The comparisons outside of any macro or call, which have one value at each moment. */
export function comparedSides(root: unknown): readonly Sides[] {
  const found: Sides[] = [];
  const open = [root as Syntax];
  while (open.length > 0 && found.length < comparisonsMax) {
    const { op, args } = open.shift()!;
    const parts = (Array.isArray(args) ? args : [args]) as Syntax[];
    if (operators.has(op)) found.push({ operator: op, left: parts[0], right: parts[1] });
    else if (connectives.has(op)) open.unshift(...parts);
  }
  return found;
}
