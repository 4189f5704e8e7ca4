/** The budget of one evaluation: it bounds the work and the memory that an expression can take. */
import { EvaluationMistake } from './errors.ts';

/**
 * About a second of work. An ordinary condition takes fewer than a thousand steps, and one that
 * checks every entry of a log about ten for each entry.
 */
export const stepsMax = 5_000_000;

/** The longest list or string that an expression may build, in elements or characters. */
export const sizeMax = 100_000;

/** Characters that the built-in string functions handle in the time of one step. */
const charactersPerStep = 64;

/** Steps for a key of a map that CEL lists to find the type of the map. */
export const keySteps = 5;

const exceeded = new EvaluationMistake(
  'too-many-steps',
  `the expression takes more than ${stepsMax.toLocaleString('en-US')} steps`,
);

let left = stepsMax;

/** Evaluates with a fresh budget; throws if it is exceeded, even if CEL caught the error. */
export function withBudget<Value>(evaluate: () => Value): Value {
  const outer = left;
  left = stepsMax;
  try {
    const value = evaluate();
    spend(0);
    return value;
  } catch (error) {
    // CEL goes on after an error in `||` and `exists`; what it ends with then means nothing.
    spend(0);
    throw error;
  } finally {
    left = outer;
  }
}

/**
 * Takes steps from the budget. Once it is exceeded, every call throws, so that what CEL does after
 * an error ends at once.
 */
export function spend(steps: number): void {
  left -= steps;
  if (left < 0) throw exceeded;
}

/** Steps for one pass over a string. */
export function spendOnString(length: number): void {
  spend(Math.ceil(length / charactersPerStep));
}

/** Steps for a list or map that is passed to a function: CEL lists the keys to find its type. */
export function spendOnContainer(container: unknown): void {
  spend(1 + (Array.isArray(container) ? 0 : sizeOf(container) * keySteps));
}

/** Steps for a search; a string of repetitions can cost its length times that of the pattern. */
export function spendOnSearch(length: number, patternLength: number): void {
  spend(Math.ceil((length * Math.max(1, patternLength)) / charactersPerStep));
}

/** Refuses a list or a string that would be too long, before it is built. */
export function checkSize(size: number): void {
  if (size <= sizeMax) return;
  const limit = sizeMax.toLocaleString('en-US');
  const what = 'the expression builds a list or a string of more than';
  throw new EvaluationMistake('too-large', `${what} ${limit} elements or characters`);
}

/** Steps for comparing two values by their contents: one for each pair of parts. */
export function spendOnComparison(a: unknown, b: unknown): void {
  spend(1);
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length === b.length) spendOnString(a.length);
    return;
  }
  if (a === b || !isObject(a) || !isObject(b)) return;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return;
    for (let i = 0; i < a.length; i++) spendOnComparison(a[i], b[i]);
  } else {
    for (const key of Object.keys(a)) {
      spendOnComparison(a[key], (b as Record<string, unknown>)[key]);
    }
  }
}

/** Steps for looking for a value among the elements of a list or the keys of a map. */
export function spendOnMembership(value: unknown, list: unknown): void {
  if (!Array.isArray(list)) {
    spendOnContainer(list);
  } else if (typeof value === 'object' && value !== null) {
    for (const element of list) spendOnComparison(value, element);
  } else {
    spend(list.length);
  }
}

/** The number of elements of a list or map, or characters of a string. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (!isObject(value)) return 0;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  return Object.keys(value).length;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
