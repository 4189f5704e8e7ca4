/** Plain data: copied with its frozen parts shared, made immutable, compared, hashed. */

const empty: readonly never[] = Object.freeze([]);

/**
 * For an array that a copy made: the array that it was copied from. An element that both hold is
 * frozen, because any other would have been copied. It saves asking again for each of the many
 * thousand entries of a log.
 */
const origin = new WeakMap<readonly unknown[], readonly unknown[]>();

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
  if (source.length === 0) return Object.isFrozen(source) ? source : [];
  if (Object.isFrozen(source)) return source;
  const result = source.slice();
  const known = origin.get(source);
  const length = result.length;
  let i = 0;
  if (known) {
    const both = Math.min(length, known.length);
    // Ends at the first element that is new; what follows is asked one by one.
    while (i < both && result[i] === known[i]) i++;
    origin.delete(source);
  }
  for (; i < length; i++) {
    const part = result[i];
    if (typeof part === 'object' && part !== null) result[i] = copy(part);
  }
  if (length > 16) origin.set(result, source);
  return result;
}

/** What a message carries: frozen to its leaves, and nobody else's. */
export function seal(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    if (value.length === 0) return empty;
    if (Object.isFrozen(value)) return value;
    return Object.freeze(value.map(seal));
  }
  if (Object.isFrozen(value)) return value;
  const result: Record<string, unknown> = {};
  const source = value as Record<string, unknown>;
  for (const key in source) result[key] = seal(source[key]);
  return Object.freeze(result);
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
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = value as Record<string, unknown>;
  const parts: string[] = [];
  for (const key of Object.keys(fields).sort()) {
    if (fields[key] !== undefined) parts.push(`${JSON.stringify(key)}:${canonical(fields[key])}`);
  }
  return `{${parts.join(',')}}`;
}
