/** Plain data: copied (sharing what is frozen), compared, and written as a string. */

/** In a list of leaves, in place of an item that may change. It equals no item of an array. */
export const unlike: unknown = Symbol('may change');

/**
 * The items that an array held when it was last copied. An item that is still in the same place is
 * a leaf, and need not be checked again, which saves checking the many thousand entries of a log.
 */
const known = new WeakMap<readonly unknown[], unknown[]>();

export function leaves(array: readonly unknown[]): unknown[] | undefined {
  return known.get(array);
}

export function setLeaves(array: readonly unknown[], list: unknown[]): void {
  known.set(array, list);
}

/** Whether a value can never change, and may be shared. */
export function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.isFrozen(value);
}

/** A copy that shares only what can never change. */
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
  // Stops at the first item that is new. The items after it are checked one by one.
  while (i < both && result[i] === seen![i]) i++;
  for (; i < result.length; i++) {
    const part = result[i];
    if (!isLeaf(part)) result[i] = copy(part);
  }
  // Only leaves are in both, and the source never changes again, because a fork shares it. So the
  // source can serve as the list of the copy. The old list is kept while it covers most of the
  // copy; otherwise each copy would keep the one before it alive.
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

/** JSON with sorted keys: equal values, in the sense of `equal`, have equal strings. */
export function canonical(value: unknown): string {
  // JSON cannot express NaN and the infinite numbers.
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

/**
 * A value as a string that is equal for two values only if no code can tell them apart: it keeps
 * the order of keys, and distinguishes undefined, -0, NaN and the infinite numbers.
 */
export function contentText(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(contentText).join(',')}]`;
  let text = '';
  for (const key of Object.keys(value)) {
    const field = contentText((value as Record<string, unknown>)[key]);
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${field}`;
  }
  return `{${text}}`;
}
