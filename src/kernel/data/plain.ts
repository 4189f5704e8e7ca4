/** Plain data: copied with its frozen parts shared, compared, made into text. */

/** Stands in a list of leaves for an item that may change: equal to nothing that an array holds. */
export const unlike: unknown = Symbol('may change');

/**
 * For an array, a list of what it held: an item that is still the same is a leaf, and need not be
 * asked again. It saves asking each of the many thousand entries of a log.
 */
const known = new WeakMap<readonly unknown[], unknown[]>();

export function leaves(array: readonly unknown[]): unknown[] | undefined {
  return known.get(array);
}

export function setLeaves(array: readonly unknown[], list: unknown[]): void {
  known.set(array, list);
}

/** Whether a value can never change: it may be shared. */
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
  // Ends at the first item that is new; what follows is asked one by one.
  while (i < both && result[i] === seen![i]) i++;
  for (; i < result.length; i++) {
    const part = result[i];
    if (!isLeaf(part)) result[i] = copy(part);
  }
  // What both hold are leaves, and the source never changes again: a fork shares it. The old list
  // serves while it covers most of the copy, so that no chain of them is kept alive.
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

/** The text of a value with its keys in order: equal values have equal texts. */
export function canonical(value: unknown): string {
  // NaN and the infinite have no name in JSON.
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
 * The text of a value, equal for two values only if no code can tell them apart: keys in the order
 * in which a loop finds them, and undefined, -0, NaN and the infinite numbers as what they are.
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
