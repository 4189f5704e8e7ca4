/** The difference between two values of plain data: the fields that a step changed. */
import { equal } from './plain.ts';

export interface Change {
  /** Field names and array positions from the root: `['log', '3']`. */
  readonly path: readonly string[];
  /** Undefined if the field did not exist. */
  readonly before: unknown;
  readonly after: unknown;
}

/** The deepest fields that differ, at most `most` of them. */
export function changes(before: unknown, after: unknown, most = 200): Change[] {
  const found: Change[] = [];
  compare(before, after, [], found, most);
  return found;
}

function compare(
  before: unknown,
  after: unknown,
  path: string[],
  found: Change[],
  most: number,
): void {
  if (before === after || found.length >= most) return;
  if (!isBranch(before) || !isBranch(after) || Array.isArray(before) !== Array.isArray(after)) {
    if (!equal(before, after)) found.push({ path, before, after });
    return;
  }
  const left = before as Record<string, unknown>;
  const right = after as Record<string, unknown>;
  for (const key in right) compare(left[key], right[key], [...path, key], found, most);
  for (const key in left) {
    if (!(key in right)) found.push({ path: [...path, key], before: left[key], after: undefined });
  }
}

function isBranch(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
