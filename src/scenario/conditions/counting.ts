/** `count("EVENT")` in a measure: how often an event was reported in the run. */
import type { Environment } from '@marcbachmann/cel-js';
import type { Syntax } from './guard.ts';
import type { Fault } from '../problem.ts';

/** The functions that only a measure has. */
export const measureFunctions: readonly string[] = ['count', 'sum'];

/** A call of `count`: the pattern of events in its string, and where that begins. */
export interface CountCall {
  readonly pattern: string;
  readonly start: number;
  readonly end: number;
}

// A function of the library receives its arguments only, so the counts are set around it.
let current: ReadonlyMap<string, number> = new Map();

/** Evaluates with these counts, by pattern. */
export function withCounts<Value>(
  counts: ReadonlyMap<string, number>,
  evaluate: () => Value,
): Value {
  const outer = current;
  current = counts;
  try {
    return evaluate();
  } finally {
    current = outer;
  }
}

export function addMeasureFunctions(environment: Environment): void {
  environment.registerFunction('count(string): int', (pattern: string) => {
    return BigInt(current.get(pattern) ?? 0);
  });
  environment.registerFunction('sum(list): double', (list: readonly unknown[]) => {
    return list.reduce((total: number, one) => total + numberOf(one), 0);
  });
}

function numberOf(value: unknown): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  throw new Error('`sum` needs a list of numbers');
}

/** The calls of `count` in an expression, or the fault of one whose argument is not a string. */
export function countCalls(root: Syntax): readonly CountCall[] | Fault {
  const calls: CountCall[] = [];
  const open: unknown[] = [root];
  while (open.length > 0) {
    const part = open.pop();
    if (Array.isArray(part)) open.push(...part);
    if (!isSyntax(part)) continue;
    open.push(part.args);
    if (part.op !== 'call') continue;
    const [name, args] = part.args as [string, Syntax[]];
    if (name !== 'count') continue;
    const [pattern] = args;
    const { start, end } = pattern.range;
    if (pattern.op !== 'value' || typeof pattern.args !== 'string') {
      const message = '`count` needs the name of an event in quotes';
      const hint = 'write `count("EVENT")`, or `count("EVENT at NODE where CONDITION")`';
      return { code: 'expected-event', message, hint, start, end };
    }
    calls.push({ pattern: pattern.args, start, end });
  }
  return calls.sort((a, b) => a.start - b.start);
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
