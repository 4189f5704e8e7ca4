/** Checks values that clients send: each check returns what is wrong, and where. */
import type { Expected } from './refusal.ts';

/** How the client counts: its first line and its first column. */
export interface Bases {
  readonly line: number;
  readonly column: number;
}

export interface Wrong {
  /** The path to the value: `breakpoints[2].line`. */
  readonly path: string;
  readonly expected: Expected;
  /** Undefined if it is missing. */
  readonly found: unknown;
}

export type Check = (value: unknown, path: string, bases: Bases) => Wrong | undefined;

/** Fields whose names end with `?` may be missing. Fields that are not named may be anything. */
export type Fields = Readonly<Record<string, Check>>;

function checkOf(expected: Expected, fits: (value: unknown, bases: Bases) => boolean): Check {
  return (value, path, bases) =>
    fits(value, bases) ? undefined : { path, expected, found: value };
}

const integer = (value: unknown, least: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least;

export const anyString = checkOf('string', (value) => typeof value === 'string');
export const truthValue = checkOf('truth value', (value) => typeof value === 'boolean');
export const wholeNumber = checkOf('integer', (value) => integer(value, -Infinity));
export const natural = checkOf('non-negative integer', (value) => integer(value, 0));
export const positive = checkOf('positive integer', (value) => integer(value, 1));
export const column = checkOf('column', (value, { column: least }) => integer(value, least));
export const anyObject = checkOf('object', isObject);
/** A line; the error names the first line of a client that counts from 0. */
export const line: Check = (value, path, { line: least }) =>
  integer(value, least)
    ? undefined
    : { path, expected: least === 0 ? 'line from 0' : 'line', found: value };

export function wordOf(expected: Expected, ...words: readonly string[]): Check {
  return checkOf(expected, (value) => words.includes(value as string));
}

export function listOf(check: Check): Check {
  return (value, path, bases) => {
    if (!Array.isArray(value)) return { path, expected: 'list', found: value };
    for (const [index, item] of value.entries()) {
      const wrong = check(item, `${path}[${index}]`, bases);
      if (wrong) return wrong;
    }
    return undefined;
  };
}

export function objectOf(fields: Fields): Check {
  return (value, path, bases) => {
    if (!isObject(value)) return { path, expected: 'object', found: value };
    return wrongField(fields, value, `${path}.`, bases);
  };
}

/** The first field that is wrong. `prefix` is the path to the object. */
export function wrongField(
  fields: Fields,
  given: Readonly<Record<string, unknown>>,
  prefix: string,
  bases: Bases,
): Wrong | undefined {
  for (const [key, check] of Object.entries(fields)) {
    const isOptional = key.endsWith('?');
    const name = isOptional ? key.slice(0, -1) : key;
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (isOptional && value === undefined) continue;
    const wrong = check(value, `${prefix}${name}`, bases);
    if (wrong) return wrong;
  }
  return undefined;
}

/** A copy without fields that are null: some clients write null for a field that they leave out. */
export function withoutNulls(value: unknown, depth: number): unknown {
  if (depth === 0) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depth - 1));
  if (!isObject(value)) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNulls(field, depth - 1)]));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
