/** Copies plain data, sharing its frozen parts, compares it, and writes it as text. */

/** Takes the place of an item that may change in a list of leaves: no array holds this symbol. */
export const unlike: unknown = Symbol('may change');

/**
 * For an array, a list of the leaves that it held. An item that is still the same
 * is a leaf, so a copy skips the check of each of the many thousand entries of a log.
 */
const known = new WeakMap<readonly unknown[], unknown[]>();

export function leaves(array: readonly unknown[]): unknown[] | undefined {
  return known.get(array);
}

export function setLeaves(array: readonly unknown[], list: unknown[]): void {
  known.set(array, list);
}

/** Whether a value can never change, so that copies may share it. */
export function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.isFrozen(value);
}

/** A copy that shares nothing that can still change. */
export function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return copyArray(value) as T;
  if (Object.isFrozen(value)) return value;
  const source = value as Record<string, unknown>;
  const result: Record<string, unknown> = { ...source };
  for (const key in result) {
    const part = result[key];
    if (typeof part === 'object' && part !== null) result[key] = copy(part);
  }
  return result as T;
}

function copyArray(source: readonly unknown[]): readonly unknown[] {
  if (Object.isFrozen(source)) return source;
  const result = source.slice();
  const seen = result.length > 16 ? known.get(source) : undefined;
  const both = seen ? Math.min(result.length, seen.length) : 0;
  let i = 0;
  // Ends at the first new item; the items after it are checked one by one.
  while (i < both && result[i] === seen![i]) i++;
  for (; i < result.length; i++) {
    const part = result[i];
    if (!isLeaf(part)) result[i] = copy(part);
  }
  // Items that are the same in the copy and in the source are leaves, and the source no longer
  // changes once a fork shares it: it can serve as the list. An older list stays in use while it
  // covers most of the copy; otherwise each copy would keep the one before it alive.
  const covered = seen !== undefined && result.length < seen.length * 1.25 + 256;
  if (result.length > 16) known.set(result, covered ? seen : (source as unknown[]));
  return result;
}

export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Number.isNaN(a) && Number.isNaN(b);
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  return keys.every((key) => key in right && equal(left[key], right[key]));
}

/** A value as a string with its keys in order: equal values have equal strings. */
export function canonical(value: unknown): string {
  // JSON has no NaN and no Infinity.
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = value as Record<string, unknown>;
  const parts: string[] = [];
  for (const key of Object.keys(fields).sort()) {
    if (fields[key] !== undefined) parts.push(`${JSON.stringify(key)}:${canonical(fields[key])}`);
  }
  return `{${parts.join(',')}}`;
}
